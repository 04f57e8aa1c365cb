import { type AuditRecord, GENESIS, hashOf } from './record.ts';

/** What is wrong with a trail at one record. */
export interface ChainFault {
  readonly seq: number;
  readonly problem: string;
}

export interface ChainCheck {
  readonly records: number;
  /** Where the trail ends, to compare with what the audit channel says. */
  readonly head: { readonly seq: number; readonly hash: string } | undefined;
  readonly faults: readonly ChainFault[];
}

/** Takes records one after the other, in memory that does not grow with them. */
export function verifyChain(): { take(record: AuditRecord): void; end(): ChainCheck } {
  let records = 0;
  let last: { seq: number; hash: string } | undefined;
  const faults: ChainFault[] = [];
  return {
    take(record) {
      records += 1;
      const { seq, prev, hash } = record;
      const expected = last === undefined ? 1 : last.seq + 1;
      if (hashOf(record) !== hash)
        faults.push({ seq, problem: 'its content was changed: the hash does not fit' });
      if (seq !== expected) faults.push({ seq, problem: `expected record ${expected} here` });
      else if (prev !== (last?.hash ?? GENESIS))
        faults.push({ seq, problem: 'it does not follow from the record before it' });
      last = { seq, hash };
    },
    end: () => ({ records, head: last, faults }),
  };
}
