/** Text of people, clusters and routers, made harmless for Slack's markup: no mention, no link, no channel call. */
export function escapeMrkdwn(text: string): string {
  return visible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Shows what would otherwise deceive the eye: control bytes, writing-direction marks, characters without width. */
export function visible(text: string): string {
  return text.replace(DECEIVING, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`);
}

// Controls, formats (zero-width, writing direction, tags), separators, and letters that show nothing. Tab and newline stay.
const DECEIVING = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f/gu;

/** Cut to `limit` characters, and visibly so. */
export function clip(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
