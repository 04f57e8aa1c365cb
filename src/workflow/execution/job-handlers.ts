import type { AuditRecord, EventName } from '../../domain/audit/record.ts';
import { lapseOf } from '../../domain/change/approval-transitions.ts';
import { deadlineOf } from '../../domain/change/approvals.ts';
import type { Change } from '../../domain/change/change.ts';
import type { JobHandlers, JobOutcome, Jobs } from '../../ports/jobs.ts';
import { Unreadable } from '../../ports/store.ts';
import type { Dependencies, WorkerDependencies } from '../dependencies.ts';
import { answerQuery, slotsByKey } from './answer-query.ts';
import { carryOut, LATER_RELEASE } from './carry-out.ts';

/** The handler of each kind of job. */
export function jobHandlers(bot: WorkerDependencies): JobHandlers {
  const slots = slotsByKey(QUERIES_PER_TARGET);
  return {
    change: (id, signal) => carryOut(changeOfJob(id), bot, signal).catch(leaveUnreadable),
    query: (id) => answerQuery(id, bot, slots),
    expiry: (id) => (isReminder(id) ? remind : expire)(changeOfJob(id), bot).catch(leaveUnreadable),
  };
}

/** The store has reported it. The job stays for a replica of the release that wrote it. */
function leaveUnreadable(error: unknown): JobOutcome {
  if (error instanceof Unreadable) return LATER_RELEASE;
  throw error;
}

/**
 * A target that does not answer leaves the other slots of this process to queries of other targets; its changes are serialized by
 * their lease.
 */
const QUERIES_PER_TARGET = 4;

/**
 * Ends a change that was not approved, or could not start, in time; one that halted too long ago has to be approved again.
 * Ignores any other.
 */
async function expire(
  changeId: string,
  { store, ledger, clock }: Pick<Dependencies, 'store' | 'ledger' | 'clock'>,
): Promise<JobOutcome> {
  const change = await store.change(changeId);
  if (change === undefined) return { kind: 'done' };
  if (change.laterRelease === true) return LATER_RELEASE;
  const dueAtMs = deadlineOf(change);
  if (dueAtMs === undefined) return { kind: 'done' };
  const atMs = clock.now();
  if (atMs < dueAtMs) return { kind: 'later', afterMs: dueAtMs - atMs };
  // A refusal means a concurrent decision; each of its deadlines has its own job.
  await ledger.commit(
    change,
    async (current) => {
      const lapse = lapseOf(current, atMs);
      return lapse === undefined ? { kind: 'expire', atMs } : { kind: 'void approvals', ...lapse };
    },
    'bot',
  );
  return { kind: 'done' };
}

/** Reminds the approvers of a change that still waits for them; does nothing if it does not, or if they were reminded. */
async function remind(
  changeId: string,
  { store, ledger }: Pick<Dependencies, 'store' | 'ledger'>,
): Promise<JobOutcome> {
  const change = await store.change(changeId);
  if (change?.laterRelease === true) return LATER_RELEASE;
  if (change !== undefined) await ledger.commit(change, { kind: 'remind' }, 'bot');
  return { kind: 'done' };
}

/** A projection of the records: a requested query or approved change becomes a job, each deadline a delayed one. */
export async function dispatch(
  record: AuditRecord,
  dependencies: Pick<Dependencies, 'store' | 'ledger' | 'clock'> & { readonly jobs: Jobs },
): Promise<void> {
  const { jobs, store, clock } = dependencies;
  const { event, data, change: id, seq } = record;
  if (event === 'query.requested' && typeof data.query === 'string')
    await jobs.add({ kind: 'query', id: data.query });
  if (id === null) return;
  if (event === 'change.succeeded') await markRolledBack(id, dependencies);
  const approved = APPROVES.includes(event) || isApprovedAtOnce(record);
  if (approved || event === 'change.resumed') await jobs.add({ kind: 'change', id: `${id}.${seq}` });
  const deadline = approved ? 'execute-by' : DEADLINES.get(event);
  const change = deadline === undefined ? undefined : await store.change(id);
  if (change === undefined || deadline === undefined) return;
  const dueAtMs = dueAt(deadline, change);
  if (dueAtMs === undefined) return;
  const delayMs = Math.max(0, dueAtMs - clock.now());
  await jobs.add({ kind: 'expiry', id: `${id}.${deadline}.${seq}`, delayMs });
  // At half the time, unless that is too soon to be useful.
  if (deadline === 'approve-by' && change.state === 'proposed' && delayMs >= 2 * REMINDED_AFTER_MS)
    await jobs.add({ kind: 'expiry', id: `${id}.${REMINDER}.${seq}`, delayMs: delayMs / 2 });
}

const REMINDED_AFTER_MS = 60_000;
const REMINDER = 'remind-by';

/** Whether a job of this id only reminds approvers. */
export function isReminder(jobId: string): boolean {
  return jobId.includes(`.${REMINDER}.`);
}

type Deadline = 'approve-by' | 'execute-by' | 'resume-by';

/** The deadline that an event starts; the approval of a change starts that of its execution. */
const DEADLINES: ReadonlyMap<string, Deadline> = new Map<EventName, Deadline>([
  ['change.proposed', 'approve-by'],
  ['change.approval_void', 'approve-by'],
  ['change.halted', 'resume-by'],
  ['change.outcome_unknown', 'resume-by'],
]);

function dueAt(deadline: Deadline, change: Change): number | undefined {
  return deadline === 'approve-by' ? change.approveByMs : deadlineOf(change);
}

const APPROVES: readonly string[] = ['change.approved', 'change.break_glass'] satisfies readonly EventName[];

/** A proposal has a reason code only when it needs no further approval. */
function isApprovedAtOnce({ event, reason_code: reason }: AuditRecord): boolean {
  return event === 'change.proposed' && reason !== null;
}

/** The change of a job. */
export function changeOfJob(jobId: string): string {
  return jobId.replace(/(?:\.[a-z]+-by)?(?:\.\d+)?$/, '');
}

/** Once a rollback succeeded, its change is marked as rolled back, unless it is already or has moved on. */
async function markRolledBack(
  changeId: string,
  { store, ledger, clock }: Pick<Dependencies, 'store' | 'ledger' | 'clock'>,
): Promise<void> {
  const undoing = await store.change(changeId);
  const undone = undoing?.plan.rollsBack?.change;
  const change = undone === undefined ? undefined : await store.change(undone);
  if (change === undefined) return;
  await ledger.commit(change, { kind: 'mark rolled back', by: changeId, atMs: clock.now() }, 'bot');
}
