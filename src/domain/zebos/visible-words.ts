/** A word as a person would read it, and where it stands in the line: `start` inclusive, `end` exclusive. */
export interface VisibleWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The words of a line. Blanks of any alphabet, quotes, `=`, commas and semicolons divide words; terminal escapes, NULs
 * and zero-width characters do not, and are left out.
 */
export function visibleWords(line: string): VisibleWord[] {
  const words: VisibleWord[] = [];
  for (const match of line.matchAll(SOLID)) {
    const text = match[0].replace(ESCAPES, '').replace(UNSEEN, '');
    if (text !== '' && text !== ':')
      words.push({ text, start: match.index, end: match.index + match[0].length });
  }
  return words;
}

/** Everything but blanks and the marks that stand between a key and its value. */
const SOLID = /(?:\u001b\[[0-9;:?]{0,32}[@-~]|[^\s"'`=,;\u0085\u115f\u1160\u180e\u2800\u3164\uffa0])+/g;

const ESCAPES = /\u001b\[[0-9;:?]{0,32}[@-~]/g;

const UNSEEN = /[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g;
