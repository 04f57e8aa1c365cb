import { closest, distance } from 'fastest-levenshtein';

const LONGEST = 300;

/** The name that was probably meant, or undefined when none is near enough to offer. */
export function suggest(parsed: string, among: readonly string[]): string | undefined {
  const wanted = parsed.slice(0, LONGEST).toLowerCase();
  if (wanted === '' || among.length === 0) return undefined;
  const starting = among.filter((name) => wanted.length >= 2 && name.toLowerCase().startsWith(wanted));
  if (starting.length === 1) return starting[0];
  const folded = among.map((name) => name.slice(0, LONGEST).toLowerCase());
  const best = closest(wanted, folded);
  const near = distance(wanted, best) <= Math.max(1, Math.floor(Math.max(wanted.length, best.length) / 3));
  return near ? among[folded.indexOf(best)] : undefined;
}
