import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { checkHead, keyId } from '../signed-head.ts';
import type { Faults } from './faults.ts';
import type { LineOfRecord } from './read-line.ts';

export interface SignatureChecker {
  /** `seq` is the place of the record, which a forged one may deny. */
  take(seq: number, line: LineOfRecord): void;
  end(): SignaturesChecked;
}

export interface SignaturesChecked {
  readonly key: string;
  /** Up to where the trail is signed by this key; 0 when it is not. */
  readonly upTo: number;
  /** Signatures of other keys, which were not checked. */
  readonly byOthers: number;
  /** Signatures of records that are not in the file or too far back to compare. */
  readonly notCompared: number;
}

/** How far behind a signature may follow its record: the hashes of so many records are kept, 32 bytes each. */
const HASHES_KEPT = 65_536;
const BYTES = 32;

/** Checks every signature of one key, and that the record it names is the one that stands in the file. */
export function checkSignatures(publicKey: KeyObject, faults: Faults): SignatureChecker {
  const key = keyId(publicKey);
  const hashes = Buffer.alloc(HASHES_KEPT * BYTES);
  const numbers = new Float64Array(HASHES_KEPT);
  let upTo = 0;
  let byOthers = 0;
  let notCompared = 0;

  const remember = (seq: number, hash: string): void => {
    numbers[seq % HASHES_KEPT] = seq;
    hashes.write(hash, (seq % HASHES_KEPT) * BYTES, 'hex');
  };
  const hashOfRecord = (seq: number): string | undefined => {
    const at = seq % HASHES_KEPT;
    return numbers[at] === seq ? hashes.toString('hex', at * BYTES, (at + 1) * BYTES) : undefined;
  };
  const check = (seq: number, data: unknown): void => {
    const signed = signedHeadSchema.safeParse(data).data;
    if (signed !== undefined && signed.key !== key) {
      byOthers += 1;
    } else if (signed === undefined || !checkHead(publicKey, signed)) {
      faults.add(seq, `Record ${seq} holds a signature that is wrong.`);
    } else {
      const actual = hashOfRecord(signed.seq);
      if (actual === undefined) notCompared += 1;
      else if (actual === signed.hash) upTo = Math.max(upTo, signed.seq);
      else
        faults.add(
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
