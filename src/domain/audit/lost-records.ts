import { z } from 'zod';
import type { Anchor } from './anchor.ts';

/** A store that was rolled back, as by a backup or a failover: it ends before a record that was published elsewhere. */
export interface LostRecords {
  /** The newest record that the store has. */
  readonly found: Anchor;
  /** The newest record that it had, as known outside the store. */
  readonly known: Anchor;
  /**
   * Number of the record by which an operator accepted the loss, while earlier approvals are voided and no other replica
   * continues.
   */
  readonly acceptedBy?: number | undefined;
}

/** One sentence: the store ends before the published record, or has another record in its place. */
export function describeLost({ found, known }: LostRecords): string {
  const end = found.seq === 0 ? 'is empty' : `ends with #${found.seq}`;
  return found.seq < known.seq
    ? `The audit trail ${end}, but #${known.seq} was published earlier: the store was rolled back.`
    : `The audit trail has another #${known.seq} than the one published earlier: the store was rolled back.`;
}

/** The data of an `audit.restore_accepted` record, whose number follows the last one that was lost. */
export interface AcceptedRestore {
  /** The last record before the lost ones. */
  readonly after: number;
  /** The last lost record, and its hash. */
  readonly through: number;
  readonly hash: string;
  readonly reason: string;
}

export function acceptanceOf({ found, known }: LostRecords, reason: string): AcceptedRestore {
  return { after: found.seq, through: Math.max(known.seq, found.seq), hash: known.hash, reason };
}

/** The records that this record says were lost: those between `after` and itself. Undefined for any other record. */
export function restoreIn(record: {
  readonly seq: number;
  readonly event?: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}): AcceptedRestore | undefined {
  if (record.event !== 'audit.restore_accepted') return undefined;
  const restore = acceptedRestoreSchema.safeParse(record.data).data;
  return restore !== undefined && restore.through === record.seq - 1 && restore.after < restore.through
    ? restore
    : undefined;
}

const acceptedRestoreSchema = z.object({
  after: z.int().nonnegative(),
  through: z.int().positive(),
  hash: z.string(),
  reason: z.string(),
});
