/** At most `limit` UTF-16 units of a text, never half a surrogate pair: canonical JSON accepts only well-formed text. */
export function clipWellFormed(text: string, limit: number): string {
  return wellFormed(text.slice(0, limit));
}

/** The same, with `…` where something was cut: the rest of an address would look like another one. */
export function shortened(text: string, limit: number): string {
  return text.length <= limit ? text : `${clipWellFormed(text, limit - 1)}…`;
}

/** The same text with every lone surrogate shown as U+FFFD. */
export function wellFormed(text: string): string {
  return text.replace(LONE, '\u{fffd}');
}

const LONE = /\p{Surrogate}/gu;

/** Longest reason that is kept, in UTF-16 units, however it is entered; the rest is cut. */
export const MAX_REASON_LENGTH = 500;
