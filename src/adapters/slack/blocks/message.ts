import type { ContextBlock, HeaderBlock, KnownBlock, RichTextBlock, SectionBlock } from '@slack/types';
import { withoutLineBreaks } from '../../../domain/segments.ts';
import { clip, escapeInvisible } from './escape.ts';

/** The content of a Slack message; `text` is for notifications and screen readers. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

/** Slack's limits are 150, 3,000 and 2,000; https://docs.slack.dev/reference/block-kit/blocks */
const MAX_HEADER_CHARS = 150;
const MAX_SECTION_CHARS = 2_900;
const MAX_CONTEXT_CHARS = 1_900;

/** A heading of plain text. */
export function header(text: string): HeaderBlock {
  const line = withoutLineBreaks(escapeInvisible(text), ' ');
  return {
    type: 'header',
    text: { type: 'plain_text', text: nonEmpty(clip(line, MAX_HEADER_CHARS)), emoji: false },
  };
}

/** Plain text: nothing in it is markup. */
export function plain(text: string, limit = MAX_SECTION_CHARS): SectionBlock {
  return {
    type: 'section',
    text: { type: 'plain_text', text: nonEmpty(clip(escapeInvisible(text), limit)), emoji: false },
  };
}

/** Our own short markup; text of others in it must have gone through `escapeInline` or `quoted`. */
export function markup(mrkdwn: string): SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: nonEmpty(mrkdwn), verbatim: true } };
}

/** Small plain text. */
export function smallPlain(text: string, limit = MAX_CONTEXT_CHARS): ContextBlock {
  return {
    type: 'context',
    elements: [{ type: 'plain_text', text: nonEmpty(clip(escapeInvisible(text), limit)), emoji: false }],
  };
}

/** Our own short markup, in small type; text of others in it must have gone through `escapeInline` or `quoted`. */
export function smallMarkup(mrkdwn: string): ContextBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text: nonEmpty(mrkdwn), verbatim: true }] };
}

/** Monospace text, unchanged. */
export function preformatted(text: string): RichTextBlock {
  return {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_preformatted',
        elements: [{ type: 'text', text: nonEmpty(clip(escapeInvisible(text), MAX_SECTION_CHARS)) }],
      },
    ],
  };
}

/** Total length of all texts, with plain ones counted as Slack escapes them. */
export function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + textLength(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  const isMarkup = 'type' in value && value.type === 'mrkdwn';
  return Object.entries(value).reduce((sum, [key, item]) => {
    if (key !== 'text' || typeof item !== 'string') return sum + textLength(item);
    return sum + item.length + (isMarkup ? 0 : extraWhenEscaped(item));
  }, 0);
}

/** `&` becomes `&amp;`, `<` and `>` become `&lt;` and `&gt;`. */
function extraWhenEscaped(text: string): number {
  return (text.match(/&/g)?.length ?? 0) * 4 + (text.match(/[<>]/g)?.length ?? 0) * 3;
}

/** Slack refuses empty text. */
function nonEmpty(text: string): string {
  return text.trim() === '' ? '–' : text;
}
