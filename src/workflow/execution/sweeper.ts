import { deadlineOf } from '../../domain/change/approvals.ts';
import { type Change, isUnfinished } from '../../domain/change/change.ts';
import { tmmScope } from '../../domain/change/plan.ts';
import { notOpen } from '../../domain/change/transitions.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Clock } from '../../ports/clock.ts';
import type { JobKind, Jobs } from '../../ports/jobs.ts';
import { type Store, Unreadable } from '../../ports/store.ts';
import type { Dependencies } from '../dependencies.ts';
import { changeOfJob, isReminder } from './job-handlers.ts';
import { givenUp } from './unrecoverable-halts.ts';

export interface SweeperDependencies extends Pick<Dependencies, 'ledger' | 'leases'> {
  readonly store: Pick<Store, 'change' | 'changeIds'>;
  readonly jobs: Jobs;
  readonly clock: Clock;
}

export interface Sweeper {
  /** Resolves when the current round is done. */
  stop(): Promise<void>;
}

const EVERY_MS = 30_000;
/** After the first round, which only notes changes without a job: the dispatcher may be about to add one. */
const FIRST_PAUSE_MS = 5_000;

/**
 * Finds changes in a state that needs work and that have neither job nor lease, at start and every `everyMs`, in one replica at a
 * time, and requeues them. A requeued change that makes no progress is halted. `onError` receives the error of a failed round.
 */
export function startSweeper(
  bot: SweeperDependencies,
  onError: (error: unknown, what: string) => void,
  everyMs: number = EVERY_MS,
): Sweeper {
  const stopping = new AbortController();
  const rounds = repeat(bot, onError, everyMs, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await rounds;
    },
  };
}

async function repeat(
  bot: SweeperDependencies,
  onError: (error: unknown, what: string) => void,
  everyMs: number,
  stopped: AbortSignal,
): Promise<void> {
  let known: Known = { left: new Map(), ended: new Set() };
  for (let pauseMs = Math.min(FIRST_PAUSE_MS, everyMs); !stopped.aborted; pauseMs = everyMs) {
    try {
      known = await oneRound(known, bot, onError);
    } catch (error) {
      onError(error, 'looking for changes that nobody works on');
    }
    await bot.clock.sleep(pauseMs, stopped);
  }
}

/** What this process remembers of the previous round. */
interface Known {
  readonly left: ReadonlyMap<string, Left>;
  /** Changes in a final state: they are not read again. */
  readonly ended: ReadonlySet<string>;
}

async function oneRound(
  known: Known,
  bot: SweeperDependencies,
  onError: (error: unknown, what: string) => void,
): Promise<Known> {
  const { leases, jobs, clock } = bot;
  const lease = await leases.acquire('sweeper', 'sweeper');
  if (lease === undefined) return known;
  try {
    const { changes, ended } = await readOpen(known.ended, bot);
    const { actions, left } = planSweep(changes, known.left, {
      nowMs: clock.now(),
      changeJobs: await idsWithJobs('change', jobs),
      expiryJobs: await idsWithJobs('expiry', jobs),
    });
    const kept = new Map(left);
    for (const action of actions) {
      const { id } = action.change;
      const done = await act(action, bot).catch((error: unknown) =>
        onError(error, `${action.kind} ${id}, which nobody works on`),
      );
      if (done !== true) kept.delete(id);
    }
    return { left: kept, ended };
  } finally {
    await lease.release();
  }
}

async function readOpen(
  ended: ReadonlySet<string>,
  { store }: Pick<SweeperDependencies, 'store'>,
): Promise<{ readonly changes: readonly Change[]; readonly ended: ReadonlySet<string> }> {
  const changes: Change[] = [];
  const over = new Set<string>();
  for (const id of await store.changeIds()) {
    if (ended.has(id)) over.add(id);
    else {
      const change = await store.change(id).catch(passUnreadable);
      if (change !== undefined && isUnfinished(change)) changes.push(change);
      else if (change !== undefined) over.add(id);
    }
  }
  return { changes, ended: over };
}

/** The store has counted and reported it; a later release finds it. */
function passUnreadable(error: unknown): undefined {
  if (!(error instanceof Unreadable)) throw error;
}

async function idsWithJobs(kind: JobKind, jobs: Jobs): Promise<ReadonlySet<string>> {
  const ids = await jobs.unfinished(kind);
  return new Set(ids.filter((id) => !isReminder(id)).map(changeOfJob));
}

/** A change without a job, as found in a round. */
export interface Left {
  /** Its progress: its state and its steps. */
  readonly at: string;
  readonly takenUp: boolean;
}

export interface SweepAction {
  /** `expire`: its deadline has passed, and no job is left that ends it. */
  readonly kind: 'take up' | 'give up' | 'expire';
  readonly change: Change;
}

/** How late the job of a deadline may run. */
const OVERDUE_MS = 30_000;

/**
 * What to do about changes that need work and have no job. Only those that the previous round found in the same place, because a
 * job is added a moment after the change was moved; one that was requeued before and has not moved is given up.
 */
export function planSweep(
  changes: readonly Change[],
  before: ReadonlyMap<string, Left>,
  {
    nowMs,
    changeJobs,
    expiryJobs,
  }: {
    readonly nowMs: number;
    /** Ids of changes that have a job. */
    readonly changeJobs: ReadonlySet<string>;
    readonly expiryJobs: ReadonlySet<string>;
  },
): { readonly actions: readonly SweepAction[]; readonly left: ReadonlyMap<string, Left> } {
  const actions: SweepAction[] = [];
  const left = new Map<string, Left>();
  for (const change of changes) {
    const at = `${change.state} ${change.journal.length} ${change.resumedAtMs ?? ''}`;
    const earlier = before.get(change.id);
    const known = earlier?.at === at ? earlier : undefined;
    const works = change.state === 'approved' || change.state === 'running';
    const overdue = (deadlineOf(change) ?? Number.POSITIVE_INFINITY) + OVERDUE_MS <= nowMs;
    const alone = works ? !changeJobs.has(change.id) : overdue && !expiryJobs.has(change.id);
    if (change.laterRelease === true || !(alone || known?.takenUp === true)) continue;
    left.set(change.id, { at, takenUp: known !== undefined && works });
    if (!alone || known === undefined) continue;
    if (!works) actions.push({ kind: 'expire', change });
    else if (known.takenUp && change.state === 'running') actions.push({ kind: 'give up', change });
    else actions.push({ kind: 'take up', change });
  }
  return { actions, left };
}

/** Returns false where a worker has it after all. */
async function act({ kind, change }: SweepAction, bot: SweeperDependencies): Promise<boolean> {
  const { leases, ledger, jobs, clock } = bot;
  const atMs = clock.now();
  // A new job id each time: the previous job is kept for a day after its end.
  if (kind === 'expire') {
    await jobs.add({ kind: 'expiry', id: `${change.id}.execute-by.${atMs}` });
    return true;
  }
  const lease = await leases.acquire(tmmScope(change.plan), `sweep ${change.id}`);
  // A worker has it, or another change on these TMM pods.
  if (lease === undefined) return false;
  try {
    const event =
      kind === 'give up' ? givenUp(change, atMs) : ({ kind: 'wait', progress: TAKEN_UP } as const);
    // If it has moved since it was read, somebody is working on it.
    const unmoved = async (current: Change) =>
      current.version === change.version ? event : notOpen(current);
    if (isRefusal(await ledger.commit(change, unmoved, 'bot', lease.fence))) return false;
  } finally {
    await lease.release();
  }
  if (kind === 'take up') await jobs.add({ kind: 'change', id: `${change.id}.${atMs}` });
  return true;
}

const TAKEN_UP = 'No worker was working on it: it continues now.';
