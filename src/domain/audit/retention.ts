import { type Change, type ChangeState, OPEN_STATES } from '../change/change.ts';
import type { AuditRecord } from './record.ts';

/** What is promised to be kept. A record goes only when neither promise keeps it; without any promise none goes. */
export interface Retention {
  /** Records younger than this many milliseconds are kept. */
  readonly keepMs?: number;
  /** So many of the newest records are kept. */
  readonly keepRecords?: number;
}

/** How far a follower of the trail has handled every record. */
export interface Handled {
  readonly group: string;
  readonly through: number;
}

/** The records that may go, all from the oldest on: what a checkpoint says of them. */
export interface Removal {
  readonly first: number;
  readonly through: number;
  /** Of record `through`: what the first one kept follows from. */
  readonly hash: string;
  readonly removed: number;
  /** When the first removed one was written. */
  readonly oldest: string;
}

/** Who still needs a record that would go. */
export type Holder =
  | { readonly kind: 'group'; readonly group: string; readonly seq: number }
  | { readonly kind: 'change'; readonly change: string; readonly seq: number };

/** As much of a change as tells whether anything is still to come. */
export type ChangeProgress = Pick<Change, 'state' | 'breakGlassUse'>;

export interface TrailState {
  readonly nowMs: number;
  /** Sequence number of the newest record. */
  readonly head: number;
  readonly handled: readonly Handled[];
}

export interface RemovalPlan {
  /**
   * Whether the record may go; to be asked of each from the oldest on, with its change, and no more after the first one
   * that stays.
   */
  take(record: AuditRecord, change: ChangeProgress | undefined): boolean;
  end(): { readonly removal?: Removal; readonly holder?: Holder };
}

/** As few records as this wait for more, or for their age to be passed by a day: each checkpoint is a record too. */
const WORTH_A_CHECKPOINT = 100;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** Decides through which record the trail may be cut. */
export function planRemoval(
  retention: Retention,
  trail: TrailState,
  worth: number = WORTH_A_CHECKPOINT,
): RemovalPlan {
  let removal: Removal | undefined;
  let holder: Holder | undefined;
  // Checkpoints alone are not worth another one, which would be removed in its turn, for ever.
  let others = 0;
  let overdue = false;
  return {
    take(record, change) {
      if (isKept(record, retention, trail)) return false;
      holder = holderOf(record, change, trail.handled);
      if (holder !== undefined) return false;
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
      ...(holder === undefined ? {} : { holder }),
    }),
  };
}

function isKept({ seq, at }: AuditRecord, { keepMs, keepRecords }: Retention, trail: TrailState): boolean {
  if (keepMs === undefined && keepRecords === undefined) return true;
  const old = keepMs === undefined || Date.parse(at) < trail.nowMs - keepMs;
  const beyond = keepRecords === undefined || seq <= trail.head - keepRecords;
  return !(old && beyond);
}

/** Only by age: each checkpoint pushes another record beyond a count, and would never come to an end. */
function isOverdue({ at }: AuditRecord, { keepMs, keepRecords }: Retention, { nowMs }: TrailState): boolean {
  return keepMs !== undefined && keepRecords === undefined && Date.parse(at) < nowMs - keepMs - DAY_MS;
}

function holderOf(
  { seq, change: id }: AuditRecord,
  change: ChangeProgress | undefined,
  handled: readonly Handled[],
): Holder | undefined {
  const late = handled.find(({ through }) => through < seq);
  if (late !== undefined) return { kind: 'group', group: late.group, seq };
  if (id !== null && change !== undefined && isUnfinished(change)) return { kind: 'change', change: id, seq };
  return undefined;
}

function isUnfinished({ state, breakGlassUse }: ChangeProgress): boolean {
  return UNFINISHED.includes(state) || (breakGlassUse !== undefined && breakGlassUse.review === undefined);
}

/** Open, or at rest until somebody decides what becomes of it. */
const UNFINISHED: readonly ChangeState[] = [...OPEN_STATES, 'halted', 'outcome_unknown'];
