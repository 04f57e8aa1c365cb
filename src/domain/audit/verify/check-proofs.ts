import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { type Anchor, sameHash } from '../anchor.ts';
import { checkHead, keyId } from '../signed-head.ts';
import type { Findings } from './findings.ts';
import type { Extent, LineOfRecord } from './follow-chain.ts';

export interface SignatureChecker {
  /** `seq` is the record's place in the file, which a forged record may deny. */
  take(seq: number, line: LineOfRecord): void;
  end(): SignaturesChecked;
}

export interface SignaturesChecked {
  readonly key: string;
  /** The last record covered by a signature of this key; 0 when there is none. */
  readonly upTo: number;
  /** Signatures made with other keys, which were not checked. */
  readonly byOthers: number;
  /** Signatures of records that are not in the file, or too far back to compare. */
  readonly notCompared: number;
}

/**
 * Number of record hashes that are kept for late signatures, 32 bytes each: a signature further behind its record is not
 * compared.
 */
const HASHES_REMEMBERED = 65_536;
const BYTES = 32;

/** Checks every signature of one key, and that the record which it names is the one in the file. */
export function checkSignatures(publicKey: KeyObject, findings: Findings): SignatureChecker {
  const key = keyId(publicKey);
  const hashes = Buffer.alloc(HASHES_REMEMBERED * BYTES);
  const numbers = new Float64Array(HASHES_REMEMBERED);
  let upTo = 0;
  let byOthers = 0;
  let notCompared = 0;

  const remember = (seq: number, hash: string): void => {
    numbers[seq % HASHES_REMEMBERED] = seq;
    hashes.write(hash, (seq % HASHES_REMEMBERED) * BYTES, 'hex');
  };
  const hashOfRecord = (seq: number): string | undefined => {
    const at = seq % HASHES_REMEMBERED;
    return numbers[at] === seq ? hashes.toString('hex', at * BYTES, (at + 1) * BYTES) : undefined;
  };
  const check = (seq: number, data: unknown): void => {
    const signed = signedHeadSchema.safeParse(data).data;
    if (signed !== undefined && signed.key !== key) {
      byOthers += 1;
    } else if (signed === undefined || !checkHead(publicKey, signed)) {
      findings.add(seq, `Record ${seq} has a wrong signature.`);
    } else {
      const actual = hashOfRecord(signed.seq);
      if (actual === undefined) notCompared += 1;
      else if (actual === signed.hash) upTo = Math.max(upTo, signed.seq);
      else
        findings.add(
          signed.seq,
          `Record ${signed.seq} is not the one that was signed, as record ${seq} shows.`,
        );
    }
  };

  let begun = false;
  return {
    take(seq, { record, actual }) {
      if (!begun) remember(seq - 1, record.prev);
      begun = true;
      if (record.event === 'audit.signed') check(seq, record.data);
      remember(seq, actual);
    },
    end: () => ({ key, upTo, byOthers, notCompared }),
  };
}

const signedHeadSchema = z.object({
  seq: z.int().positive(),
  hash: z.string(),
  key: z.string(),
  signature: z.string(),
});

export interface GivenAnchors {
  take(seq: number, actual: string): void;
  /** A selection cannot lack records at its end. */
  end(extent: Extent, file: 'trail' | 'selection'): AnchorsCompared;
}

export interface AnchorsCompared {
  readonly agreed: number;
  /** The last record that an anchor agrees with; 0 when there is none. */
  readonly agreedUpTo: number;
  /** Anchors of records that the file does not have and need not have. */
  readonly notCompared: readonly number[];
  /** Whether an anchor names the record before the first one of the file, and agrees. */
  readonly closes: boolean;
}

/** Compares a trail with anchors from outside, which reveal what a chain alone cannot: a forged or truncated end. */
export function compareGiven(anchors: readonly Anchor[], findings: Findings): GivenAnchors {
  const waiting = new Map<number, Set<string>>();
  for (const { seq, hash } of anchors) waiting.set(seq, (waiting.get(seq) ?? new Set()).add(hash));
  let agreed = 0;
  let agreedUpTo = 0;

  /** Whether there are anchors for this record, and all of them have this hash. */
  const compare = (seq: number, actual: string): boolean => {
    const hashes = waiting.get(seq) ?? new Set();
    waiting.delete(seq);
    const [same, other] = [true, false].map((wanted) =>
      [...hashes].filter((hash) => sameHash(hash, actual) === wanted),
    );
    agreed += same?.length === 0 ? 0 : 1;
    for (const hash of other ?? []) findings.add(seq, differing(seq, actual, hash, agreedUpTo));
    const agrees = same?.length !== 0 && other?.length === 0;
    if (agrees) agreedUpTo = Math.max(agreedUpTo, seq);
    return agrees;
  };

  return {
    take(seq, actual) {
      compare(seq, actual);
    },
    end({ first, last, restores }, file) {
      const before = (first?.seq ?? 0) - 1;
      const prev = first?.prev;
      const closes = prev !== undefined && compare(before, prev);
      const left = [...waiting.keys()].sort((one, other) => one - other);
      const beyond = left.filter((seq) => seq > last);
      const furthest = beyond.at(-1);
      if (furthest !== undefined && file === 'trail') findings.add(last + 1, cutOff(last, furthest));
      const isLost = (seq: number): boolean =>
        restores.some(({ from, through }) => from <= seq && seq <= through);
      const notCompared = file === 'selection' ? left : left.filter((seq) => seq <= before || isLost(seq));
      return { agreed, agreedUpTo, notCompared, closes };
    },
  };
}

function differing(seq: number, actual: string, anchored: string, agreedUpTo: number): string {
  const where =
    agreedUpTo === 0 ? `at record ${seq} or before it` : `after record ${agreedUpTo}, up to record ${seq}`;
  return `Record ${seq} is not the one that was anchored (${anchored.slice(0, 12)}…, here ${actual.slice(0, 12)}…): the trail was rewritten ${where}.`;
}

function cutOff(last: number, anchored: number): string {
  return `Record ${last + 1} is missing: the file ends with record ${last}, and record ${anchored} was anchored.`;
}
