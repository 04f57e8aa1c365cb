/** What is wrong with a trail at one place, in one sentence. */
export interface TrailFinding {
  /** Number of the record that is wrong, or that is expected at this place. */
  readonly seq: number;
  readonly sentence: string;
}

export interface Findings {
  add(seq: number, sentence: string): void;
  readonly count: number;
  /** The first findings, in the order of the trail. */
  readonly first: readonly TrailFinding[];
}

/** More than this nobody reads; the others are only counted. */
const FINDINGS_SHOWN = 20;

/** Collects findings in constant memory: the first ones and a count. */
export function collectFindings(...others: readonly Findings[]): Findings {
  const first = others
    .flatMap((other) => other.first)
    .sort(bySeq)
    .slice(0, FINDINGS_SHOWN);
  let count = others.reduce((sum, other) => sum + other.count, 0);
  return {
    add(seq, sentence) {
      count += 1;
      first.push({ seq, sentence });
      // Sorting is stable: findings at one place keep their order.
      first.sort(bySeq).splice(FINDINGS_SHOWN);
    },
    get count() {
      return count;
    },
    get first() {
      return [...first];
    },
  };
}

function bySeq(one: TrailFinding, other: TrailFinding): number {
  return one.seq - other.seq;
}
