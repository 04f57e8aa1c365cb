import { z } from 'zod';
import type { Anchor } from './anchor.ts';

/** A store that went back in time, as a backup or a failover makes it: it ends before a record that was told elsewhere. */
export interface LostRecords {
  /** The newest record that the store has. */
  readonly found: Anchor;
  /** The newest one that it had, as anybody outside it knows. */
  readonly known: Anchor;
  /** Number of the record by which an operator accepted it, while approvals of before are taken back and nobody else goes on. */
  readonly acceptedBy?: number | undefined;
}

/** `The audit trail ends with #20, and #50 was told: records are lost.` */
export function describeLost({ found, known }: LostRecords): string {
  const end = found.seq === 0 ? 'is empty' : `ends with #${found.seq}`;
  return found.seq < known.seq
    ? `The audit trail ${end}, but #${known.seq} was published earlier: the store was rolled back.`
    : `The audit trail has another #${known.seq} than the one published earlier: the store was rolled back.`;
}

/** The data of an `audit.restore_accepted` record, which goes on with the number after the last one that was lost. */
export interface AcceptedRestore {
  /** The last record before the ones that were lost. */
  readonly after: number;
  /** The last one that was lost, and its hash. */
  readonly through: number;
  readonly hash: string;
  readonly reason: string;
}

export function acceptanceOf({ found, known }: LostRecords, reason: string): AcceptedRestore {
  return { after: found.seq, through: Math.max(known.seq, found.seq), hash: known.hash, reason };
}

/** Which records a record says were lost: those between `after` and itself. Undefined where it says nothing of the kind. */
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
