import type { AnnouncedPrefixes } from '../bgp/inspection.ts';
import type { Person } from '../person.ts';
import type { RequiredApproval } from '../policy/required-approvals.ts';
import { type ReasonCode, type Refusal, refuse } from '../refusal.ts';
import { clipWellFormed } from '../well-formed.ts';
import type { Impact } from './impact.ts';
import type { Plan, Step } from './plan.ts';

/** A plan with an id, a requester, a state and a journal. Times are milliseconds since 1970. */
export interface Change {
  readonly id: string;
  /** Grows by one with each append; an append that expected another version is refused. */
  readonly version: number;
  readonly state: ChangeState;
  readonly plan: Plan;
  readonly digest: string;
  /** What was live when it was proposed; absent where nothing restarts. */
  readonly impact?: Impact;
  readonly parsed: ParsedCommand;
  readonly requester: Person;
  /** Everybody who contributed to this plan, including the requester: none of them may approve it. */
  readonly authors: readonly Person[];
  readonly channel: string;
  readonly reason?: string;
  /** Approvals that it requires; empty when the policy waives them. */
  readonly requiredApprovals: readonly RequiredApproval[];
  /** Groups whose members may run it without approval, which is announced loudly. */
  readonly breakGlass: readonly string[];
  readonly decisions: readonly Decision[];
  readonly createdAtMs: number;
  readonly approveByMs: number;
  /** The `approveByMs` about which its approvers were already reminded. */
  readonly remindedApproveByMs?: number;
  /** How long after the last approval it may start. */
  readonly executeWithinMs: number;
  /** Set with the last approval. */
  readonly executeByMs?: number;
  /** When it first started. */
  readonly startedAtMs?: number;
  /** Who asked a running change to stop before its next effect. */
  readonly cancelledBy?: Person;
  readonly journal: readonly JournalEntry[];
  readonly breakGlassUse?: BreakGlassUse;
  /** When it was last resumed after a halt: anything read before that moment is read again. */
  readonly resumedAtMs?: number;
  /** Nodes whose TMM did not come back, and without which an approver let the change continue. */
  readonly acceptedWithout?: readonly string[];
  /** What it is waiting for now, shown on the card. */
  readonly progress?: string;
  /** The change that has to end before this one starts; empty where it waits for something else. */
  readonly waitsFor?: string;
  readonly outcome?: Outcome;
  /** Set when it became stale: the plan for the present state of the cluster. */
  readonly freshPlan?: Plan;
  /** A later release wrote more than this one understands: it is shown, and only a later release moves it. Never stored. */
  readonly laterRelease?: true;
}

/** Reason text of a rejection without a reason. */
export const NO_REASON_GIVEN = 'No reason was given.';
const OPEN_STATES = ['proposed', 'approved', 'running'] as const;
export const CHANGE_STATES = [
  ...OPEN_STATES,
  'succeeded',
  'failed',
  'halted',
  'outcome_unknown',
  'rejected',
  'withdrawn',
  'expired',
  'stale',
  'rolled_back',
  'closed',
] as const;
export type ChangeState = (typeof CHANGE_STATES)[number];

/** The audit records that a change causes; see the table in events.ts. */
export const CHANGE_RECORDS = [
  'change.proposed',
  'change.approval',
  'change.approved',
  'change.approval_void',
  'change.reminded',
  'change.break_glass',
  'change.reviewed',
  'change.rejected',
  'change.withdrawn',
  'change.expired',
  'change.stale',
  'change.started',
  'change.stop_requested',
  'step.intended',
  'step.done',
  'change.progress',
  'change.succeeded',
  'change.failed',
  'change.halted',
  'change.outcome_unknown',
  'change.resumed',
  'change.closed',
  'change.rolled_back',
] as const;
export type ChangeRecordEvent = (typeof CHANGE_RECORDS)[number];

/** A parsed command: its words are data, never parsed again as text. */
export interface ParsedCommand {
  readonly verb: string;
  readonly args: readonly string[];
  readonly flags: Readonly<Record<string, string | true>>;
}

/** An approval or a refusal by one human for one digest. */
export interface Decision {
  readonly kind: 'approval' | 'rejection';
  readonly by: Person;
  readonly digest: string;
  readonly atMs: number;
  readonly reason?: string;
  /** The policy's groups that they were in at that moment, as far as the required approvals name them. */
  readonly groups: readonly string[];
  /** The earlier change with the identical plan for which it was given. */
  readonly carriedOverFrom?: string;
  /** Why this approval no longer counts. */
  readonly void?: ReasonCode;
}

/** A run without approval; it stays marked until somebody else reviewed it. */
export interface BreakGlassUse {
  readonly by: Person;
  readonly reason: string;
  readonly atMs: number;
  readonly review?: { readonly by: Person; readonly atMs: number; readonly note?: string };
  /** Why it no longer replaces approvals. */
  readonly void?: ReasonCode;
}

/** What was intended before an effect, or found after it. */
export interface JournalEntry {
  readonly step: Step;
  readonly phase: 'intended' | 'found';
  readonly atMs: number;
  readonly before?: Baseline;
  readonly found?: string;
}

/** Found in place of a step that somebody else had done before this change acted on it. */
export const WRITTEN_BY_OTHERS = 'already so';
export const EVICTED_BY_OTHERS = 'gone already';

/** The state before TMM pods were evicted, to compare with afterwards. */
export interface Baseline {
  /** Announced prefixes by the node of each evicted pod; `null` when they could not be read. */
  readonly announced: Readonly<Record<string, AnnouncedPrefixes | null>>;
  /** The counts are no longer required: it matters only where something was announced. */
  readonly beforeResume?: boolean;
  /** Uids of the TMM pods that cannot be its replacement, because they existed before. */
  readonly pods: readonly string[];
  /** Uids of the workloads of the evicted pods, else of their owners. Absent: they had none. */
  readonly controllers?: readonly string[];
}

/** Why and where a change stopped or ended. */
export interface Outcome {
  readonly reasonCode: ReasonCode | 'done';
  readonly sentence: string;
  /** The state of traffic at that moment; a sentence. */
  readonly traffic?: string;
  readonly next?: string;
  readonly hint?: string;
  /** The node concerned, where a person may decide about that node. */
  readonly node?: string;
  readonly atMs: number;
}

/** Whether it may be changing its set of TMM pods, or stopped half way: no other change starts on them. */
export function holdsScope(change: Pick<Change, 'state' | 'plan'>): boolean {
  return touchesPods(change) && (change.state === 'running' || isHalted(change));
}

/** False for a query that needed approval. */
export function touchesPods({ plan }: Pick<Change, 'plan'>): boolean {
  return plan.differences.length > 0 || plan.restarts.length > 0;
}

/** Stopped at a known step: a person decides whether it continues, is rolled back or is closed. */
export function isHalted({ state }: Pick<Change, 'state'>): boolean {
  return state === 'halted' || state === 'outcome_unknown';
}

/** Whether a person or the bot still has to act on it. */
export function isUnfinished(change: Pick<Change, 'state'>): boolean {
  return OPEN_STATES.some((state) => state === change.state) || isHalted(change);
}

/** Whether a step was started whose result is not yet known. */
export function isUnderWay({ state, journal }: Pick<Change, 'state' | 'journal'>): boolean {
  return state === 'running' && journal.at(-1)?.phase === 'intended';
}

/** `142`, `bgp-142`, `BGP142`, `#142` and `BGP-142,` all mean `BGP-142`; any other text is returned unchanged, but shortened. */
export function readChangeId(typed: string): string {
  const number = ID.exec(typed.trim())?.[1];
  return number === undefined ? clipWellFormed(typed.toUpperCase(), 40) : `BGP-${Number(number)}`;
}

/** Whether a word can be the id of a change. */
export function isChangeId(typed: string): boolean {
  return ID.test(typed.trim());
}

const ID = /^#?(?:bgp-?)?(\d{1,12})[.,;:!?]*$/i;

/** Refuses the id of a change that does not exist, or another word in its place. */
export function unknownChange(typed: string): Refusal {
  if (isChangeId(typed))
    return refuse(
      'unknown_change',
      `There is no change ${readChangeId(typed)}.`,
      'Type changes to see the last ones.',
    );
  const shown = clipWellFormed(typed, 40);
  return refuse(
    'unknown_change',
    `There is no change "${shown}": an id is like BGP-142.`,
    'Type changes to see the last ones, or history NODE for those of a node.',
  );
}
