import { type Change, isUnfinished } from '../change/change.ts';
import { awaitsReview } from '../change/describe-state.ts';
import type { Anchor } from './anchor.ts';
import type { AuditRecord } from './record.ts';

/** Which records are kept. One is removed only when neither rule keeps it; without any rule none is removed. */
export interface Retention {
  /** Records younger than this many milliseconds are kept. */
  readonly keepForMs?: number;
  /** This many of the newest records are kept. */
  readonly keepRecords?: number;
}

export function keepsAll({ keepForMs, keepRecords }: Retention): boolean {
  return keepForMs === undefined && keepRecords === undefined;
}

/** Up to which record a consumer of the trail has handled every record. */
export interface Handled {
  readonly group: string;
  readonly through: number;
}

/** The records to remove, all from the oldest on, as a checkpoint states them. */
export interface Removal {
  readonly first: number;
  readonly through: number;
  /** Hash of record `through`: the first kept record follows from it. */
  readonly hash: string;
  readonly removed: number;
  /** When the oldest removed record was written. */
  readonly oldest: string;
}

/** Whether a record is the checkpoint of a removal up to `last`: only then does the hash before the first kept record count. */
export function closesUpTo(
  { event, data }: { readonly event?: string | undefined; readonly data: AuditRecord['data'] },
  last: Anchor,
): boolean {
  return event === 'audit.checkpoint' && data.through === last.seq && data.hash === last.hash;
}

/** What still needs a record that could otherwise be removed. */
export type Blocker =
  | { readonly kind: 'group'; readonly group: string; readonly seq: number }
  | { readonly kind: 'change'; readonly change: string; readonly seq: number }
  /** The checkpoint in record `seq` is not yet published outside Redis. */
  | { readonly kind: 'checkpoint'; readonly group: string; readonly seq: number };

/** The part of a change that shows whether it has ended. */
export type ChangeProgress = Pick<Change, 'state' | 'breakGlassUse'>;

export interface TrailState {
  readonly nowMs: number;
  /** Sequence number of the newest record. */
  readonly head: number;
  readonly handled: readonly Handled[];
}

export interface RemovalPlan {
  /**
   * Whether the record may be removed. Call it for each record from the oldest on, with its change, until the first one that must
   * stay.
   */
  take(record: AuditRecord, change: ChangeProgress | undefined): boolean;
  end(): { readonly removal?: Removal; readonly blocker?: Blocker };
}

/** With fewer records than this, removal waits for more, or until they are a day overdue: each checkpoint is a record too. */
const WORTH_A_CHECKPOINT = 100;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** Decides up to which record the trail may be removed. */
export function planRemoval(
  retention: Retention,
  trail: TrailState,
  worth: number = WORTH_A_CHECKPOINT,
): RemovalPlan {
  let removal: Removal | undefined;
  let blocker: Blocker | undefined;
  // Checkpoints alone do not justify another one, which would later be removed the same way, without end.
  let others = 0;
  let overdue = false;
  return {
    take(record, change) {
      if (isKept(record, retention, trail)) return false;
      blocker = blockerOf(record, change, trail.handled);
      if (blocker !== undefined) return false;
      const { seq, hash, at } = record;
      removal = {
        first: removal?.first ?? seq,
        through: seq,
        hash,
        removed: (removal?.removed ?? 0) + 1,
        oldest: removal?.oldest ?? at,
      };
      if (record.event !== 'audit.checkpoint') {
        others += 1;
        overdue ||= isOverdue(record, retention, trail);
      }
      return true;
    },
    end: () => ({
      ...(removal !== undefined && (others >= worth || overdue) ? { removal } : {}),
      ...(blocker === undefined ? {} : { blocker }),
    }),
  };
}

function isKept({ seq, at }: AuditRecord, retention: Retention, trail: TrailState): boolean {
  if (keepsAll(retention)) return true;
  const { keepForMs, keepRecords } = retention;
  const old = keepForMs === undefined || Date.parse(at) < trail.nowMs - keepForMs;
  const beyond = keepRecords === undefined || seq <= trail.head - keepRecords;
  return !(old && beyond);
}

/** By age alone: by count, each checkpoint would make one more record overdue, without end. */
function isOverdue(
  { at }: AuditRecord,
  { keepForMs, keepRecords }: Retention,
  { nowMs }: TrailState,
): boolean {
  return keepForMs !== undefined && keepRecords === undefined && Date.parse(at) < nowMs - keepForMs - DAY_MS;
}

function blockerOf(
  { seq, change: id }: AuditRecord,
  change: ChangeProgress | undefined,
  handled: readonly Handled[],
): Blocker | undefined {
  const late = handled.find(({ through }) => through < seq);
  if (late !== undefined) return { kind: 'group', group: late.group, seq };
  if (id !== null && change !== undefined && mustBeKept(change)) return { kind: 'change', change: id, seq };
  return undefined;
}

/** Unfinished, or its break-glass still to be reviewed. */
function mustBeKept(change: ChangeProgress): boolean {
  return isUnfinished(change) || awaitsReview(change);
}
