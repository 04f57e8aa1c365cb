import { signal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { BlockOf, Place } from './block-types.ts';
import { plainString } from './emoji.tsx';
import { FieldView } from './field.tsx';
import { TextOf } from './text-of.tsx';

/** Of the form that was sent last: block_id → what is wrong with it. */
export const fieldErrors = signal<Readonly<Record<string, string>>>({});

/** A labelled field; what is wrong with it stands below it. */
export function InputBlock({ block, place }: { readonly block: BlockOf<'input'>; readonly place: Place }) {
  const id = useId();
  const blockId = block.block_id ?? '';
  const error = fieldErrors.value[blockId];
  const isGroup = block.element.type === 'checkboxes' || block.element.type === 'radio_buttons';
  const described = [error && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean).join(' ');
  const label = (
    <>
      <TextOf text={block.label} />
      {block.optional && <small> (optional)</small>}
    </>
  );
  return (
    <div class="input" data-block={block.block_id}>
      {isGroup ? (
        <span class="label">{label}</span>
      ) : (
        <label class="label" for={id}>
          {label}
        </label>
      )}
      <FieldView
        element={block.element}
        place={place}
        blockId={blockId}
        id={id}
        {...(isGroup && { label: plainString(block.label.text) })}
        describedBy={described === '' ? undefined : described}
        isInvalid={error !== undefined}
        isDispatching={block.dispatch_action === true}
        onEdit={() => {
          const { [blockId]: _, ...others } = fieldErrors.value;
          fieldErrors.value = others;
        }}
      />
      {error && (
        <p class="error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
      {block.hint && (
        <p class="hint" id={`${id}-hint`}>
          <TextOf text={block.hint} />
        </p>
      )}
    </div>
  );
}
