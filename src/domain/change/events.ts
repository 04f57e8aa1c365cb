import type { Person } from '../person.ts';
import { isRefusal, type ReasonCode, type Refusal } from '../refusal.ts';
import {
  approve,
  describeVoid,
  missingIn,
  type Resumption,
  remind,
  resume,
  start,
  type VoidApprovals,
  voidApprovals,
} from './approval-transitions.ts';
import { isApproved } from './approvals.ts';
import {
  CHANGE_STATES,
  type Change,
  type ChangeRecordEvent,
  type ChangeState,
  type Decision,
  type Outcome,
} from './change.ts';
import { type Completion, complete, type Intention, intend } from './journal.ts';
import type { Plan } from './plan.ts';
import {
  type BreakGlassRequest,
  breakGlass,
  type ChangeUpdate,
  close,
  endData,
  expire,
  forget,
  markRolledBack,
  markStale,
  notOpen,
  type Review,
  reject,
  requestStop,
  review,
  withdraw,
  writtenLater,
} from './transitions.ts';

/** What can happen to a change, with the data of each event. */
interface EventFields {
  approve: { readonly decision: Decision };
  reject: { readonly decision: Decision };
  withdraw: { readonly by: Person; readonly atMs: number };
  'request stop': { readonly by: Person };
  resume: Resumption;
  /** `workerGone`: the lease of a running change was free, and the process that closes the change holds it. */
  close: { readonly by: Person; readonly atMs: number; readonly workerGone?: true };
  'break-glass': BreakGlassRequest;
  review: Review;
  'void approvals': VoidApprovals;
  remind: object;
  expire: { readonly atMs: number };
  'mark stale': { readonly atMs: number; readonly fresh: Plan | Refusal };
  start: { readonly atMs: number };
  wait: { readonly progress: string; readonly waitsFor?: string };
  intend: Intention;
  complete: Completion;
  end: { readonly state: TerminalState; readonly outcome: Outcome };
  'mark rolled back': { readonly by: string; readonly atMs: number };
}

type Kind = keyof EventFields;
export type ChangeEvent<Chosen extends Kind = Kind> = {
  [One in Chosen]: { readonly kind: One } & EventFields[One];
}[Chosen];

/** The states in which execution ends; a halted change can be resumed. */
export type TerminalState = 'succeeded' | 'failed' | 'halted' | 'outcome_unknown';

/** The audit record of an event, without time, actor and change. */
export interface EventRecord {
  readonly event: ChangeRecordEvent;
  readonly reasonCode?: ReasonCode | 'done';
  readonly data?: Readonly<Record<string, unknown>>;
}

/** One row of the table: from which states, by whom, the resulting change, and its record. */
interface EventRow<One extends Kind> {
  readonly from: readonly ChangeState[];
  /** `bot`: only the bot's own processes; `anyone`: people too. `authorize` decides which people. */
  readonly by: 'bot' | 'anyone';
  apply(change: Change, event: ChangeEvent<One>): ChangeUpdate | Refusal;
  record(next: Change, event: ChangeEvent<One>, before: Change): EventRecord;
}

const NOT_STARTED = ['proposed', 'approved'] as const;
const HALTED = ['halted', 'outcome_unknown'] as const;

/** The life of a change, event by event; `move` below applies it. */
const CHANGE_EVENTS: { readonly [One in Kind]: EventRow<One> } = {
  approve: {
    from: ['proposed', ...HALTED],
    by: 'anyone',
    apply: (change, { decision }) => approve(change, decision),
    record: (next) => ({ event: isApproved(next) ? 'change.approved' : 'change.approval' }),
  },
  reject: {
    from: ['proposed'],
    by: 'anyone',
    apply: (change, { decision }) => reject(change, decision),
    record: (_, { decision: { reason } }) => ({
      event: 'change.rejected',
      reasonCode: 'rejected',
      data: reason === undefined ? {} : { reason },
    }),
  },
  withdraw: {
    from: NOT_STARTED,
    by: 'anyone',
    apply: (change, { by, atMs }) => withdraw(change, by, atMs),
    record: () => ({ event: 'change.withdrawn', reasonCode: 'withdrawn' }),
  },
  'request stop': {
    from: ['running'],
    by: 'anyone',
    apply: (change, { by }) => requestStop(change, by),
    record: () => ({ event: 'change.stop_requested', reasonCode: 'cancelled' }),
  },
  resume: {
    from: HALTED,
    by: 'anyone',
    apply: (change, event) => resume(change, event),
    record: (_, { without }) => ({
      event: 'change.resumed',
      ...(without === undefined ? {} : { data: { without } }),
    }),
  },
  close: {
    from: [...HALTED, 'running'],
    by: 'anyone',
    apply: (change, event) => close(change, event),
    record: (_, __, { state: from }) => ({
      event: 'change.closed',
      reasonCode: 'closed',
      ...(from === 'running' ? { data: { from } } : {}),
    }),
  },
  'break-glass': {
    from: [...NOT_STARTED, ...HALTED],
    by: 'anyone',
    apply: (change, event) => breakGlass(change, event),
    record: ({ channel }, { reason }, { state: from }) => ({
      event: 'change.break_glass',
      reasonCode: 'break_glass',
      data: { reason, from, channel },
    }),
  },
  review: {
    from: CHANGE_STATES,
    by: 'anyone',
    apply: (change, event) => review(change, event),
    record: (_, { note }) => ({ event: 'change.reviewed', data: { reason: note ?? null } }),
  },
  'void approvals': {
    from: [...NOT_STARTED, ...HALTED],
    by: 'anyone',
    apply: (change, event) => voidApprovals(change, event),
    record: (next, { reasonCode }, before) => ({
      event: 'change.approval_void',
      reasonCode,
      data: describeVoid(before, next),
    }),
  },
  remind: {
    from: ['proposed'],
    by: 'bot',
    apply: remind,
    record: (next) => ({ event: 'change.reminded', data: missingIn(next) }),
  },
  expire: {
    from: NOT_STARTED,
    by: 'bot',
    apply: (change, { atMs }) => expire(change, atMs),
    record: ({ outcome }) => ({ event: 'change.expired', reasonCode: outcome?.reasonCode ?? 'expired' }),
  },
  'mark stale': {
    from: NOT_STARTED,
    by: 'anyone',
    apply: (_, event) => markStale(event),
    record: ({ outcome }) => ({ event: 'change.stale', reasonCode: outcome?.reasonCode ?? 'stale_plan' }),
  },
  start: {
    from: ['approved'],
    by: 'bot',
    apply: (change, { atMs }) => start(change, atMs),
    record: () => ({ event: 'change.started' }),
  },
  wait: {
    from: ['approved', 'running'],
    by: 'bot',
    apply: (_, { progress, waitsFor = '' }) => ({ progress, waitsFor }),
    record: (_, { progress }) => ({ event: 'change.progress', data: { progress } }),
  },
  intend: {
    from: ['running'],
    by: 'bot',
    apply: intend,
    record: (_, { step, details = {} }) => ({ event: 'step.intended', data: { step, ...details } }),
  },
  complete: {
    from: ['running'],
    by: 'bot',
    apply: complete,
    record: (_, { step, found }) => ({ event: 'step.done', data: { step, found } }),
  },
  end: {
    from: ['running', 'approved'],
    by: 'bot',
    apply: (change, { state, outcome }) =>
      change.state === 'approved' && state !== 'failed' ? notOpen(change) : { state, outcome, progress: '' },
    record: (next, { state, outcome }) => ({
      event: `change.${state}`,
      reasonCode: outcome.reasonCode,
      ...(state === 'succeeded' ? {} : { data: endData(next, outcome) }),
    }),
  },
  'mark rolled back': {
    from: [...HALTED, 'succeeded', 'closed'],
    by: 'bot',
    apply: (_, event) => markRolledBack(event),
    record: (_, { by }) => ({ event: 'change.rolled_back', reasonCode: 'rolled_back', data: { by } }),
  },
};

/**
 * Applies an event: returns the change after it and its record, or why the event cannot happen now. Throws when a person causes
 * an event of the bot: that is a bug, not a request.
 */
export function move<One extends Kind>(
  change: Change,
  event: ChangeEvent<One>,
  actor: Person | 'bot',
): { readonly next: Change; readonly record: EventRecord } | Refusal {
  const row: EventRow<One> = CHANGE_EVENTS[event.kind];
  if (row.by === 'bot' && actor !== 'bot')
    throw new Error(`${event.kind} of ${change.id} is for the bot alone`);
  if (change.laterRelease === true) return writtenLater(change);
  if (!row.from.includes(change.state)) return notOpen(change);
  const update = row.apply(change, event);
  if (isRefusal(update)) return update;
  const next = forget(change, { ...change, ...update, version: change.version + 1 });
  return { next, record: row.record(next, event, change) };
}
