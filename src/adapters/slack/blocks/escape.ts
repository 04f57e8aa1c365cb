import { oneLine } from '../../../domain/segments.ts';

/** Text of people, clusters and routers, made harmless for Slack's markup: no mention, no link, no channel call. */
export function escapeMrkdwn(text: string): string {
  return escapeInvisible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Shows what would otherwise deceive the eye: control bytes, writing-direction marks, characters without width. */
export function escapeInvisible(text: string): string {
  return text.replace(DECEIVING, escaped);
}

/** Words of others inside markup of ours: one line, at most `limit` characters, and nothing in it formats or links. */
export function escapeInline(text: string, limit: number): string {
  return escapeMrkdwn(clip(escapeInvisible(oneLine(text)).replace(FORMATTING, escaped), limit));
}

/** What somebody typed, as code, so that it stands apart from our own words; empty when they typed nothing. */
export function quoted(text: string, limit: number): string {
  const shown = clip(escapeInvisible(oneLine(text)).replaceAll('`', escaped), limit);
  return shown.trim() === '' ? '' : `\`${escapeMrkdwn(shown)}\``;
}

/**
 * The `text` of a message that has blocks: what notifications and screen readers say. Slack reads control sequences in it,
 * so that nothing in angle brackets may be left, but shows it without formatting; a link is spelled so that it is none.
 * Each line may quote others: their line breaks are shown, only ours begin a line. At most `limit` characters.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export function fallbackText(lines: readonly string[], limit: number): string {
  const shown = lines.map((line) =>
    escapeInvisible(oneLine(line)).replaceAll('`', "'").replaceAll('://', '[:]//'),
  );
  return escapeMrkdwn(clip(shown.join('\n'), limit)).trim() || '–';
}

/** Cut to `limit` characters as Slack counts them, and visibly so. */
export function clip(text: string, limit: number): string {
  return slackLength(text) <= limit ? text : `${headOf(text, limit - 1)}…`;
}

/** As much of the beginning as Slack counts at most `limit` characters for; never half a character. */
export function headOf(text: string, limit: number): string {
  let length = 0;
  let end = 0;
  for (const character of text) {
    length += lengthOf(character);
    if (length > limit) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** How many characters Slack counts: `&`, `<` and `>` travel as `&amp;`, `&lt;` and `&gt;`. */
export function slackLength(text: string): number {
  let length = 0;
  for (const character of text) length += lengthOf(character);
  return length;
}

function lengthOf(character: string): number {
  if (character === '&') return '&amp;'.length;
  return character === '<' || character === '>' ? '&lt;'.length : 1;
}

// Controls, formats (zero-width, writing direction, tags), separators, halves of characters, variation selectors that no
// emoji needs, and letters that show nothing. Tab and newline stay.
const DECEIVING =
  /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]|\u034f|[\u180b-\u180d]|[\u{e0100}-\u{e01ef}]/gu;

// What begins bold, italic, struck or code; and the slash that makes an address a link.
const FORMATTING = /(?<![\p{L}\p{N}])[*_~](?=\S)|`|(?<=:)\/(?=\/)/gu;

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`;
}
