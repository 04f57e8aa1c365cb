import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('captures/', import.meta.url);

/** The text of one file in `captures/`. */
export function capture(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}

/** Name and text of every capture that holds a secret. All of them begin with `hunter2`. */
export function capturesWithSecrets(): [name: string, text: string][] {
  return captures('').filter(([, text]) => text.includes('hunter2'));
}

/** Name and text of every capture of this kind, such as `summary`; all of them for ''. */
export function captures(kind: string): [name: string, text: string][] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(`${kind}.txt`));
  return names.map((name) => [name, capture(name)]);
}

/**
 * The beginnings of a text, every other one with the newline that a shell may add. It is cut at each end of a line and of a
 * word, in each place of an address or a time, and in a few of the others; where lines are like one before, at the ends
 * of words alone. A cut among blanks is that of the word before them.
 */
export function cutsOf(text: string): readonly string[] {
  return placesOf(text).map((at, index) => text.slice(0, at) + (index % 2 === 0 ? '' : '\n'));
}

/** The places at which `cutsOf` cuts. */
export function placesOf(text: string): readonly number[] {
  const places = new Set([0]);
  const known = new Set<string>();
  let from = 0;
  for (const line of text.split(/(?<=\n)/)) {
    const shape = line.replace(/[0-9a-f.:]+/g, '0');
    for (const { index, 0: word } of line.matchAll(/\S+/g))
      for (const at of known.has(shape) ? [word.length] : placesInWord(word)) places.add(from + index + at);
    known.add(shape);
    from += line.length;
    places.add(from);
  }
  return [...places];
}

/** A word of letters may have a shorter one before a hyphen: `exit-address-family`. */
function placesInWord(word: string): readonly number[] {
  const { length } = word;
  if (/\d[.:ywdhm]/.test(word)) return Array.from({ length }, (_, before) => before + 1);
  const parts = [...word.matchAll(/-/g)].map(({ index }) => index);
  return [...parts, Math.ceil(length / 2), Math.max(1, length - 1), length];
}
