import { type Change, type ChangeState, OPEN_STATES } from '../change/change.ts';
import type { AuditRecord } from './record.ts';

/** Which records are kept. One is removed only when neither rule keeps it; without any rule none is. */
export interface Retention {
  /** Records younger than this many milliseconds are kept. */
  readonly keepForMs?: number;
  /** So many of the newest records are kept. */
  readonly keepRecords?: number;
}

export function keepsAll({ keepForMs, keepRecords }: Retention): boolean {
  return keepForMs === undefined && keepRecords === undefined;
}

/** How far a follower of the trail has handled every record. */
export interface Handled {
  readonly group: string;
  readonly through: number;
}

/** The records to remove, all from the oldest on: what a checkpoint says of them. */
export interface Removal {
  readonly first: number;
  readonly through: number;
  /** Of record `through`: what the first one kept follows from. */
  readonly hash: string;
  readonly removed: number;
  /** When the first removed one was written. */
  readonly oldest: string;
}

/** What still needs a record that could be removed otherwise. */
export type Blocker =
  | { readonly kind: 'group'; readonly group: string; readonly seq: number }
  | { readonly kind: 'change'; readonly change: string; readonly seq: number }
  /** The checkpoint in record `seq` was not told outside Redis yet. */
  | { readonly kind: 'checkpoint'; readonly group: string; readonly seq: number };

/** As much of a change as shows whether it has ended. */
export type ChangeProgress = Pick<Change, 'state' | 'breakGlassUse'>;

export interface TrailState {
  readonly nowMs: number;
  /** Sequence number of the newest record. */
  readonly head: number;
  readonly handled: readonly Handled[];
}

export interface RemovalPlan {
  /**
   * Whether the record may be removed; to be called for each from the oldest on, with its change, until the first one
   * that stays.
   */
  take(record: AuditRecord, change: ChangeProgress | undefined): boolean;
  end(): { readonly removal?: Removal; readonly blocker?: Blocker };
}

/** Fewer records than this wait for more, or until they are a day overdue: each checkpoint is a record too. */
const WORTH_A_CHECKPOINT = 100;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** Decides through which record the trail may be removed. */
export function planRemoval(
  retention: Retention,
  trail: TrailState,
  worth: number = WORTH_A_CHECKPOINT,
): RemovalPlan {
  let removal: Removal | undefined;
  let blocker: Blocker | undefined;
  // Checkpoints alone are not worth another one, which would be removed in its turn, for ever.
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

/** Only by age: by count, each checkpoint would make one more record overdue, without end. */
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
  if (id !== null && change !== undefined && isUnfinished(change)) return { kind: 'change', change: id, seq };
  return undefined;
}

function isUnfinished({ state, breakGlassUse }: ChangeProgress): boolean {
  return UNFINISHED.includes(state) || (breakGlassUse !== undefined && breakGlassUse.review === undefined);
}

/** Open, or waiting until somebody decides what becomes of it. */
const UNFINISHED: readonly ChangeState[] = [...OPEN_STATES, 'halted', 'outcome_unknown'];
