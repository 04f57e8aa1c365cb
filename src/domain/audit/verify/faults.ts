/** What is wrong with a trail at one place, in one sentence. */
export interface TrailFault {
  /** Of the record that is wrong, or that should stand where something else does. */
  readonly seq: number;
  readonly sentence: string;
}

export interface Faults {
  add(seq: number, sentence: string): void;
  readonly count: number;
  /** The first ones in the order of the trail. */
  readonly first: readonly TrailFault[];
}

/** As many as a person reads; the rest is counted. */
const FAULTS_SHOWN = 20;

/** Gathers faults in memory that does not grow with them. */
export function gatherFaults(...others: readonly Faults[]): Faults {
  const first = others.flatMap((other) => other.first).sort(bySeq);
  let count = others.reduce((sum, other) => sum + other.count, 0);
  return {
    add(seq, sentence) {
      count += 1;
      first.push({ seq, sentence });
      // Sorting is stable: what was found first at one place stays first.
      if (first.length > 2 * FAULTS_SHOWN) first.sort(bySeq).splice(FAULTS_SHOWN);
    },
    get count() {
      return count;
    },
    get first() {
      return [...first].sort(bySeq).slice(0, FAULTS_SHOWN);
    },
  };
}

function bySeq(one: TrailFault, other: TrailFault): number {
  return one.seq - other.seq;
}
