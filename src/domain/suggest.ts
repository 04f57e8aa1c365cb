const LONGEST = 300;
/** More edits than this are no typing error; it also bounds the work for ten thousand long node names. */
const MAX_EDITS = 12;

/** The name that was probably meant, or undefined when none is near enough to offer. */
export function suggest(typed: string, among: readonly string[]): string | undefined {
  const wanted = typed.slice(0, LONGEST).toLowerCase();
  if (wanted === '') return undefined;
  const starting = among.filter((name) => wanted.length >= 2 && name.toLowerCase().startsWith(wanted));
  if (starting.length === 1) return starting[0];
  let best: { readonly name: string; readonly edits: number } | undefined;
  for (const name of among) {
    const folded = name.slice(0, LONGEST).toLowerCase();
    const near = Math.max(1, Math.floor(Math.max(wanted.length, folded.length) / 3));
    const limit = Math.min(near, MAX_EDITS);
    const edits = editsBetween(wanted, folded, Math.min(limit, (best?.edits ?? Infinity) - 1));
    if (edits !== undefined) best = { name, edits };
  }
  return best?.name;
}

/**
 * Number of letters to add, leave out, replace or swap with the next one to get from one text to the other (optimal string
 * alignment); undefined when it is more than `limit`.
 */
function editsBetween(one: string, other: string, limit: number): number | undefined {
  if (Math.abs(one.length - other.length) > limit) return undefined;
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let at = 1; at <= other.length; at += 1) {
      const same = one[row - 1] === other[at - 1];
      const swapped = one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1];
      const replaced = cell(last, at - 1) + (same ? 0 : 1);
      const added = Math.min(cell(last, at), cell(current, at - 1)) + 1;
      current.push(Math.min(replaced, added, swapped ? cell(beforeLast, at - 2) + 1 : Infinity));
    }
    // Every later row is beyond the limit too, even by a swap: the row that a swap reaches back to has at most one edit less.
    if (Math.min(...current) > limit) return undefined;
    [beforeLast, last] = [last, current];
  }
  const edits = cell(last, other.length);
  return edits > limit ? undefined : edits;
}

function cell(row: readonly number[], at: number): number {
  return row[at] ?? Infinity;
}
