/** At most `limit` UTF-16 units of a text, never half a character: canonical JSON takes only well-formed text. */
export function clipWellFormed(text: string, limit: number): string {
  return wellFormed(text.slice(0, limit));
}

/** The same with every half of a surrogate pair shown as U+FFFD. */
export function wellFormed(text: string): string {
  return text.replace(LONE, '\u{fffd}');
}

const LONE = /\p{Surrogate}/gu;

/** Of a reason that somebody gives, in UTF-16 units, wherever it is typed; the rest is cut. */
export const MAX_REASON_LENGTH = 500;
