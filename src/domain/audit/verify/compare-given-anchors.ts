import type { Anchor } from '../anchor.ts';
import type { Faults } from './faults.ts';
import type { Extent } from './follow-chain.ts';

export interface GivenAnchors {
  take(seq: number, actual: string): void;
  /** Of a selection nothing can be missing at the end. */
  end(extent: Extent, file: 'trail' | 'selection'): AnchorsCompared;
}

export interface AnchorsCompared {
  readonly agreed: number;
  /** The last record that one agrees with; 0 when none does. */
  readonly agreedUpTo: number;
  /** Those of records that the file does not have and need not have. */
  readonly notCompared: readonly number[];
  /** Whether one of them is of the record before the first one of the file, and agrees. */
  readonly closes: boolean;
}

/** Compares a trail with anchors that were kept elsewhere: what a chain alone cannot show, a forged or cut-off end. */
export function compareGiven(anchors: readonly Anchor[], faults: Faults): GivenAnchors {
  const waiting = new Map<number, Set<string>>();
  for (const { seq, hash } of anchors) waiting.set(seq, (waiting.get(seq) ?? new Set()).add(hash));
  let agreed = 0;
  let agreedUpTo = 0;

  /** Whether every anchor of this record has this hash. */
  const compare = (seq: number, actual: string): boolean => {
    const hashes = waiting.get(seq) ?? new Set();
    waiting.delete(seq);
    agreed += hashes.has(actual) ? 1 : 0;
    for (const hash of hashes) {
      if (hash !== actual) faults.add(seq, differing(seq, actual, hash, agreedUpTo));
    }
    const agrees = hashes.has(actual) && hashes.size === 1;
    if (agrees) agreedUpTo = Math.max(agreedUpTo, seq);
    return agrees;
  };

  return {
    take(seq, actual) {
      if (waiting.has(seq)) compare(seq, actual);
    },
    end({ first, last }, file) {
      const before = (first?.seq ?? 0) - 1;
      const prev = first?.prev;
      const closes = before > 0 && prev !== undefined && waiting.has(before) && compare(before, prev);
      const left = [...waiting.keys()].sort((one, other) => one - other);
      const beyond = left.filter((seq) => seq > last);
      const furthest = beyond.at(-1);
      if (furthest !== undefined && file === 'trail') faults.add(last + 1, cutOff(last, furthest));
      const notCompared = file === 'selection' ? left : left.filter((seq) => seq <= before);
      return { agreed, agreedUpTo, notCompared, closes };
    },
  };
}

function differing(seq: number, actual: string, anchored: string, agreedUpTo: number): string {
  const where =
    agreedUpTo === 0 ? `at record ${seq} or before it` : `after record ${agreedUpTo}, up to record ${seq}`;
  return `Record ${seq} is not the one that was anchored (${anchored.slice(0, 12)}…, here ${actual.slice(0, 12)}…): the trail was written anew ${where}.`;
}

function cutOff(last: number, anchored: number): string {
  return `Record ${last + 1} is missing: the file ends with record ${last}, and record ${anchored} was anchored.`;
}
