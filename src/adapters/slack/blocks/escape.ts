import { oneLine } from '../../../domain/segments.ts';

/** Escapes text of people, clusters and routers for Slack's markup: no mention, no link, no channel notification. */
export function escapeMrkdwn(text: string): string {
  return escapeInvisible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Makes deceptive characters visible: control characters, bidirectional marks, zero-width characters. */
export function escapeInvisible(text: string): string {
  return text.replace(DECEIVING, escaped);
}

/** Text of others for use inside our markup: one line, at most `limit` characters, without formatting or links. */
export function escapeInline(text: string, limit: number): string {
  return escapeMrkdwn(clip(escapeInvisible(oneLine(text)).replace(FORMATTING, escaped), limit));
}

/** Typed text as code, so that it is distinct from our own words; empty when nothing was typed. */
export function quoted(text: string, limit: number): string {
  const shown = clip(escapeInvisible(oneLine(text)).replaceAll('`', escaped), limit);
  return shown.trim() === '' ? '' : `\`${escapeMrkdwn(shown)}\``;
}

/**
 * The `text` of a message with blocks, for notifications and screen readers. Slack interprets control sequences in it, so that
 * nothing in angle brackets may remain, but shows it without formatting; links are spelled so that they stay text. Each line may
 * quote others: their line breaks are shown, only ours begin a line. At most `limit` characters.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export function fallbackText(lines: readonly string[], limit: number): string {
  const shown = lines.map((line) =>
    escapeInvisible(oneLine(line)).replaceAll('`', "'").replaceAll('://', '[:]//'),
  );
  return escapeMrkdwn(clip(shown.join('\n'), limit)).trim() || '–';
}

/** Cuts to `limit` characters as Slack counts them, and shows the cut. */
export function clip(text: string, limit: number): string {
  return slackLength(text) <= limit ? text : `${prefixWithin(text, limit - 1)}…`;
}

/** The longest beginning of at most `limit` characters as Slack counts them; never half a character. */
export function prefixWithin(text: string, limit: number): string {
  let length = 0;
  let end = 0;
  for (const character of text) {
    length += lengthOf(character);
    if (length > limit) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** Length as Slack counts it: `&`, `<` and `>` are sent as `&amp;`, `&lt;` and `&gt;`. */
export function slackLength(text: string): number {
  let length = 0;
  for (const character of text) length += lengthOf(character);
  return length;
}

function lengthOf(character: string): number {
  if (character === '&') return '&amp;'.length;
  return character === '<' || character === '>' ? '&lt;'.length : 1;
}

// Controls, formats (zero-width, bidirectional, tags), separators, lone surrogates, variation selectors that no emoji needs, and
// letters without a glyph. Tab and newline stay.
const DECEIVING =
  /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]|\u034f|[\u180b-\u180d]|[\u{e0100}-\u{e01ef}]/gu;

// Characters that begin bold, italic, strikethrough or code; and the slash that makes an address a link.
const FORMATTING = /(?<![\p{L}\p{N}])[*_~](?=\S)|`|(?<=:)\/(?=\/)/gu;

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`;
}
