import { useState } from 'preact/hooks';
import { act } from './act.ts';
import type { Actionable, ElementOf, Place } from './block-types.ts';
import { plainString } from './emoji.tsx';
import { FieldView } from './field.tsx';
import { ImageView } from './image.tsx';
import { Menu } from './menu.tsx';
import { TextOf } from './text-of.tsx';

interface ElementProps<Shown extends Actionable> {
  readonly element: Shown;
  readonly place: Place;
  readonly blockId: string;
}

/** An element that acts at once. */
export function ElementView({ element, place, blockId }: ElementProps<Actionable>) {
  switch (element.type) {
    case 'button':
      return <Button element={element} place={place} blockId={blockId} />;
    case 'workflow_button':
      return (
        <button type="button" class="button" disabled title="The sandbox has no workflows.">
          <TextOf text={element.text} />
        </button>
      );
    case 'overflow':
      return <Overflow element={element} place={place} blockId={blockId} />;
    case 'image':
      return <ImageView image={element} />;
    default:
      return (
        <FieldView element={element} place={place} blockId={blockId} label={labelOf(element)} isDispatching />
      );
  }
}

function labelOf(
  element: Exclude<Actionable, { readonly type: 'button' | 'workflow_button' | 'overflow' | 'image' }>,
): string {
  const written = 'placeholder' in element ? element.placeholder?.text : undefined;
  return plainString(written ?? element.type.replaceAll('_', ' '));
}

export function Button({ element, place, blockId }: ElementProps<ElementOf<'button'>>) {
  const [isBusy, setBusy] = useState(false);
  const { url, style = '' } = element;
  async function press(): Promise<void> {
    if (isBusy) return;
    if (url !== undefined && /^https?:/.test(url)) window.open(url, '_blank', 'noopener,noreferrer');
    setBusy(true);
    try {
      await act(place, blockId, element, element.value === undefined ? {} : { value: element.value });
    } finally {
      setBusy(false);
    }
  }
  return (
    <button
      type="button"
      class={`button ${style}`}
      data-action={element.action_id}
      aria-label={element.accessibility_label}
      aria-busy={isBusy}
      onClick={press}
    >
      <TextOf text={element.text} />
    </button>
  );
}

function Overflow({ element, place, blockId }: ElementProps<ElementOf<'overflow'>>) {
  const items = element.options.map((option) => ({
    key: option.value,
    label: <TextOf text={option.text} />,
    hint: option.description && <TextOf text={option.description} />,
    choose() {
      if (option.url !== undefined && /^https?:/.test(option.url))
        window.open(option.url, '_blank', 'noopener,noreferrer');
      return act(place, blockId, element, { selected_option: option });
    },
  }));
  return (
    <Menu class="button overflow" label="More actions" items={items}>
      ⋯
    </Menu>
  );
}
