const NAMES = new Intl.Collator('en', { numeric: true });

/** Natural order: `worker2` before `worker10`. */
export function compareNames(one: string, other: string): number {
  const byNumber = NAMES.compare(one, other);
  if (byNumber !== 0) return byNumber;
  return one < other ? -1 : Number(one > other);
}

/** The first `count` names in natural order; for many names it costs about one comparison each. */
export function firstNames(names: readonly string[], count: number): readonly string[] {
  const first: string[] = [];
  for (const name of names) {
    const last = first.at(-1);
    if (first.length === count && last !== undefined && compareNames(name, last) >= 0) continue;
    first.splice(placeIn(first, name), 0, name);
    if (first.length > count) first.pop();
  }
  return first;
}

function placeIn(sorted: readonly string[], name: string): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (compareNames(sorted[middle] ?? '', name) <= 0) from = middle + 1;
    else to = middle;
  }
  return from;
}
