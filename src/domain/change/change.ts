import type { AnnouncedPrefixes } from '../bgp/inspection.ts';
import type { Person } from '../person.ts';
import type { RequiredApproval } from '../policy/required-approvals.ts';
import type { ReasonCode } from '../refusal.ts';
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
  /** What was live when it was proposed; absent where it restarts nothing. */
  readonly impact?: Impact;
  readonly parsed: ParsedCommand;
  readonly requester: Person;
  /** Everybody who worded this plan, the requester among them: they never approve it. */
  readonly authors: readonly Person[];
  readonly channel: string;
  readonly reason?: string;
  /** Whose approvals it takes; empty when the policy waives them. */
  readonly requiredApprovals: readonly RequiredApproval[];
  /** Groups whose people may have it run without approval, loudly. */
  readonly breakGlass: readonly string[];
  readonly decisions: readonly Decision[];
  readonly createdAtMs: number;
  readonly approveByMs: number;
  /** The `approveByMs` for which its approvers were reminded. */
  readonly remindedForMs?: number;
  /** How long after the last approval it may still start. */
  readonly executeWithinMs: number;
  /** Set with the last approval. */
  readonly executeByMs?: number;
  /** Set when it started, the first time. */
  readonly startedAtMs?: number;
  /** Set when somebody asked a running change to stop before its next effect. */
  readonly cancelledBy?: Person;
  readonly journal: readonly JournalEntry[];
  readonly breakGlassUse?: BreakGlassUse;
  /** When it last went on after a halt: what was read before that moment is read anew. */
  readonly resumedAtMs?: number;
  /** Nodes whose TMM did not come back to them, and without which an approver let it go on. */
  readonly acceptedWithout?: readonly string[];
  /** What is being waited for right now, for the card. */
  readonly progress?: string;
  /** The change that has to end before this one starts; empty where it waits for something else. */
  readonly waitsFor?: string;
  readonly outcome?: Outcome;
  /** When it became stale: the plan as the cluster would have it now. */
  readonly freshPlan?: Plan;
  /** A later release wrote more than this one understands: it is shown, and only a later one moves it. Never stored. */
  readonly laterRelease?: true;
}

/** The sentence of a rejection for which nobody gave a reason. */
export const NO_REASON_GIVEN = 'No reason was given.';
export const OPEN_STATES = ['proposed', 'approved', 'running'] as const;
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

/** A command as it was understood: words are data, never parsed again as text. */
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
  /** The policy's groups that they were in at that moment, as far as the quorum speaks of them. */
  readonly groups: readonly string[];
  /** The earlier change, with the identical plan, that it was given for. */
  readonly carriedOverFrom?: string;
  /** Why this approval does not count any more. */
  readonly void?: ReasonCode;
}

/** Somebody had it run without approval; it stays marked until somebody else looked at it. */
export interface BreakGlassUse {
  readonly by: Person;
  readonly reason: string;
  readonly atMs: number;
  readonly review?: { readonly by: Person; readonly atMs: number; readonly note?: string };
  /** Why it stands for an approval no more. */
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

/** What the journal found of a step that somebody else had done before this change did anything about it. */
export const WRITTEN_BY_OTHERS = 'already so';
export const TAKEN_BY_OTHERS = 'gone already';

/** What it was like before TMM pods were evicted, to compare with afterwards. */
export interface Baseline {
  /** By the node of each pod that goes, what it announces; `null` when that could not be read. */
  readonly announced: Readonly<Record<string, AnnouncedPrefixes | null>>;
  /** Nobody is held to these counts any more: it matters only where something was announced. */
  readonly beforeResume?: boolean;
  /** Uids of the TMM pods that cannot be its replacement, because they were there. */
  readonly pods: readonly string[];
}

/** Why and where a change came to rest. */
export interface Outcome {
  readonly reasonCode: ReasonCode | 'done';
  readonly sentence: string;
  /** What traffic did at that moment; a sentence. */
  readonly traffic?: string;
  readonly next?: string;
  readonly hint?: string;
  /** The node that it is about, where a person may decide about that node. */
  readonly node?: string;
  readonly atMs: number;
}

/** Whether it may be changing its set of TMM pods, or stopped half way: nothing else starts there. */
export function holdsScope(change: Pick<Change, 'state' | 'plan'>): boolean {
  return touchesPods(change) && (change.state === 'running' || isHalted(change));
}

/** Not so a query that needed approval. */
export function touchesPods({ plan }: Pick<Change, 'plan'>): boolean {
  return plan.differences.length > 0 || plan.restarts.length > 0;
}

/** Stopped at a known step: a person decides whether it goes on, is rolled back or is closed. */
export function isHalted({ state }: Pick<Change, 'state'>): boolean {
  return state === 'halted' || state === 'outcome_unknown';
}

/** Whether a step was begun of which nobody knows yet what became of it. */
export function isUnderWay({ state, journal }: Pick<Change, 'state' | 'journal'>): boolean {
  return state === 'running' && journal.at(-1)?.phase === 'intended';
}

/** `142`, `bgp-142`, `BGP142` and `#142` all mean `BGP-142`; anything else is given back as it was, cut short. */
export function readChangeId(parsed: string): string {
  const number = /^#?(?:bgp-?)?(\d{1,12})$/i.exec(parsed.trim())?.[1];
  return number === undefined ? clipWellFormed(parsed.toUpperCase(), 40) : `BGP-${Number(number)}`;
}
