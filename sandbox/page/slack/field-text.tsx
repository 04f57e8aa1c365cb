import { useRef } from 'preact/hooks';
import type { FieldOf, RichText } from './block-types.ts';
import { plainString } from './emoji.tsx';
import type { FieldProps } from './field-props.ts';

/** So long after the last character the app hears of what was typed. */
const TYPING_PAUSE_MS = 300;

type TextElement = FieldOf<'plain_text_input' | 'email_text_input' | 'url_text_input' | 'number_input'>;

export function TextField({ element, entry, edit, dispatch, control }: FieldProps<TextElement>) {
  const waiting = useRef(0);
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed'];
  const isMultiline = element.type === 'plain_text_input' && element.multiline === true;
  const shared = {
    ...control,
    class: 'field',
    placeholder: element.placeholder && plainString(element.placeholder.text),
    value: String(entry.value.value ?? ''),
    autocomplete: 'off',
    onInput({
      currentTarget: { value },
    }: {
      readonly currentTarget: HTMLInputElement | HTMLTextAreaElement;
    }) {
      edit({ value: value === '' ? null : value });
      if (!triggers.includes('on_character_entered')) return;
      clearTimeout(waiting.current);
      waiting.current = window.setTimeout(dispatch, TYPING_PAUSE_MS);
    },
  };
  if (isMultiline) return <textarea {...shared} rows={4} />;
  return (
    <input
      {...shared}
      type="text"
      inputMode={KEYBOARDS[element.type]}
      onKeyDown={(event) => {
        // The dialog's form is sent by Enter in Slack too, but the app hears of the value first.
        if (event.key !== 'Enter' || !triggers.includes('on_enter_pressed')) return;
        clearTimeout(waiting.current);
        dispatch();
      }}
    />
  );
}

/** Which keys a phone shows; what may be entered the sandbox checks as Slack does. */
const KEYBOARDS = {
  plain_text_input: 'text',
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'decimal',
} as const;

/** Text without its styles: this page has no editor for them. */
export function RichTextField({ element, entry, edit, control }: FieldProps<FieldOf<'rich_text_input'>>) {
  const { rich_text_value: value } = entry.value;
  return (
    <textarea
      {...control}
      class="field"
      rows={element.min_lines ?? 4}
      placeholder={element.placeholder && plainString(element.placeholder.text)}
      value={isRichText(value) ? textIn(value) : ''}
      onInput={({ currentTarget: { value: text } }) =>
        edit({ rich_text_value: text === '' ? null : richTextOf(text) })
      }
    />
  );
}

function isRichText(value: unknown): value is RichText {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'rich_text';
}

function richTextOf(text: string): RichText {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }] };
}

function textIn({ elements }: RichText): string {
  return elements
    .flatMap((part) =>
      part.type === 'rich_text_list' ? part.elements.flatMap((item) => item.elements) : part.elements,
    )
    .map((leaf) => ('text' in leaf ? (leaf.text ?? '') : ''))
    .join('');
}
