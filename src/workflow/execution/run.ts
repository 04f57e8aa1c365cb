import type { Anchor } from '../../domain/audit/anchor.ts';
import type { Target } from '../../domain/bgp/target.ts';
import { activeBreakGlass } from '../../domain/change/approvals.ts';
import type { Change } from '../../domain/change/change.ts';
import type { ChangeEvent } from '../../domain/change/events.ts';
import { stepCounts } from '../../domain/change/journal.ts';
import type { Step } from '../../domain/change/plan.ts';
import { declaredFor, describeFrozen } from '../../domain/policy/freeze.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { Lease, Store } from '../../ports/store.ts';
import { LeaseLost, type Ledger, recordsSince } from '../ledger.ts';
import { type Halt, halt } from './halt.ts';

/** The execution of a change by this worker, under its lease. */
export interface Run {
  readonly change: () => Change;
  readonly target: Target;
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** Aborts when the lease is lost or the worker stops. */
  readonly signal: AbortSignal;
  /** Throws `LeaseLost` when another worker may have the lease: this one must not act any more. */
  assertLease(): void;
  /** Whether this worker still holds the lease, by its own clock. */
  holdsLease(): boolean;
  /** Appends an event, under the lease. Throws `LeaseLost` when the lease is lost. */
  commit(event: ChangeEvent): Promise<void>;
  /** The newest record that this run appended; before its first, the newest of the trail. */
  anchor(): Promise<Anchor>;
  /** The records of this change from its last intent to do this step on, that one included; the newest first. */
  recordsSince(step: Step): Promise<readonly Anchor[]>;
  /** Shows on the card what is waited for: at once when `about` is new, then every few seconds. */
  sayProgress(about: string, progress: string): Promise<void>;
  /** Reads the change and the declared freezes again; returns the halt if a person stopped it. */
  stoppedByPeople(): Promise<Halt | undefined>;
  /** The result of `work`, unless somebody requests a stop before it or while it runs: then the halt, within about a second. */
  unlessStopped<Value extends object>(work: () => Promise<Value>): Promise<Value | Halt>;
  /**
   * Waits for `work` to end. Calls `onStop` when somebody requests a stop in the meantime, or when the lease or the store is
   * lost; the card shows what still runs after a stop.
   */
  whenStopped(work: Promise<unknown>, onStop: () => string): Promise<void>;
  /** Sleeps, unless somebody requests a stop. */
  rest(ms: number): Promise<Halt | undefined>;
}

export function openRun(
  change: Change,
  world: {
    readonly target: Target;
    readonly cluster: Cluster;
    readonly clock: Clock;
    readonly store: Pick<Store, 'change' | 'freezes' | 'latestRecords'>;
    readonly ledger: Ledger;
    readonly lease: Lease;
    readonly signal: AbortSignal;
  },
): Run {
  const { target, cluster, clock, store, ledger, lease } = world;
  const signal = AbortSignal.any([lease.lost, world.signal]);
  let current = change;
  let appendedLast: Anchor | undefined;
  let said = { about: '', atMs: 0 };
  const suspended = suspensionNoticed(clock);
  const whyLost = (): string | undefined => {
    if (signal.aborted || !lease.held()) return 'the lease was lost';
    return suspended() ? 'the machine was suspended, and its lease may be over' : undefined;
  };
  const assertLease = (): void => {
    const why = whyLost();
    if (why !== undefined) throw new LeaseLost(`carrying out ${current.id}: ${why}`);
  };
  const commit = async (event: ChangeEvent): Promise<void> => {
    assertLease();
    const committed = await ledger.commit(current, event, 'bot', lease.fence);
    // Somebody else moved it on under a newer lease, or an earlier attempt of ours did, whose answer was lost.
    if (isRefusal(committed))
      throw new LeaseLost(`carrying out ${current.id}: ${event.kind}: ${committed.sentence}`);
    current = committed.change;
    appendedLast = committed.record;
  };
  const stoppedByPeople = async (): Promise<Halt | undefined> => {
    assertLease();
    const found = await store.change(current.id);
    if (found === undefined) throw new Error(`carrying out ${current.id}: its state is gone from the store`);
    if (found.state !== 'running' || found.laterRelease === true)
      throw new LeaseLost(`carrying out ${current.id}: somebody else moved it on`);
    current = found;
    if (found.cancelledBy !== undefined) return halt('cancelled', `Stopped on request${soFar(found)}`);
    // A calendar window does not interrupt what started before it: a half-done change is worse than a completed one.
    const frozen =
      activeBreakGlass(found) === undefined ? declaredFor(await store.freezes(), target.name) : undefined;
    if (frozen === undefined) return undefined;
    return halt(
      'frozen',
      `Somebody froze ${target.name}: ${describeFrozen(frozen)}. Stopped${soFar(found)}`,
      {
        next: `After unfreeze, Check again continues from here: resume ${found.id}`,
      },
    );
  };
  /** Resolves when somebody requests a stop; to undefined once `signal` aborts. */
  const stopSaid = async (wait: AbortSignal): Promise<Halt | undefined> => {
    for (;;) {
      await clock.sleep(STOP_ASKED_EVERY_MS, wait);
      if (wait.aborted) return undefined;
      const stopped = await stoppedByPeople();
      if (stopped !== undefined) return stopped;
    }
  };
  const sayProgress = async (about: string, progress: string): Promise<void> => {
    const atMs = clock.monotonicMs();
    if (said.about === about && atMs - said.atMs < PROGRESS_EVERY_MS) return;
    said = { about, atMs };
    await commit({ kind: 'wait', progress });
  };
  return {
    change: () => current,
    target,
    cluster,
    clock,
    signal,
    holdsLease: () => whyLost() === undefined,
    assertLease,
    commit,
    async anchor() {
      if (appendedLast !== undefined) return appendedLast;
      for await (const newest of store.latestRecords()) return newest;
      throw new Error(`carrying out ${current.id}: the audit trail has no record`);
    },
    recordsSince: (step) => recordsSince(step, current.id, store),
    sayProgress,
    stoppedByPeople,
    async unlessStopped(work) {
      const stopped = await stoppedByPeople();
      if (stopped !== undefined) return stopped;
      const done = new AbortController();
      const working = work().finally(() => done.abort());
      // After a stop, the result of the work no longer matters.
      working.catch(() => undefined);
      return (await Promise.race([working, stopSaid(done.signal)])) ?? working;
    },
    async whenStopped(work, onStop) {
      const done = new AbortController();
      const asking = stopSaid(done.signal).catch((error: unknown) => {
        onStop();
        throw error;
      });
      const saying = asking.then(async (stopped) => {
        if (stopped === undefined) return;
        const progress = onStop();
        await clock.sleep(ENDS_WITHIN_MS, done.signal);
        if (!done.signal.aborted) await sayProgress('stopping', progress);
      });
      // The work comes first; an error from saying what still runs is thrown after it.
      saying.catch(() => undefined);
      await work.finally(() => done.abort());
      await saying;
    },
    async rest(ms) {
      for (let leftMs = ms; leftMs > 0; leftMs -= STOP_ASKED_EVERY_MS) {
        await clock.sleep(Math.min(leftMs, STOP_ASKED_EVERY_MS), signal);
        const stopped = leftMs > STOP_ASKED_EVERY_MS ? await stoppedByPeople() : undefined;
        if (stopped !== undefined) return stopped;
      }
      return undefined;
    },
  };
}

/**
 * Whether, since the last call, more wall-clock time passed than the process noticed, as when its machine was suspended or moved:
 * then a lease and a read are older than they seem. Setting the clock forward looks the same, and costs only acquiring the lease
 * again.
 */
function suspensionNoticed(clock: Clock): () => boolean {
  const aheadMs = (): number => clock.now() - clock.monotonicMs();
  let lastMs = aheadMs();
  let noticed = false;
  return () => {
    const nowMs = aheadMs();
    noticed ||= nowMs - lastMs > SUSPENDED_FOR_MS;
    lastMs = nowMs;
    return noticed;
  };
}

/** Less than the lifetime of a lease, and more than a usual clock correction. */
const SUSPENDED_FOR_MS = 2_000;
const PROGRESS_EVERY_MS = 5_000;
/** How long an unsent request has to return after a stop. */
const ENDS_WITHIN_MS = 100;
/** A stop ends a wait within two seconds, including the report on traffic. */
const STOP_ASKED_EVERY_MS = 500;

function soFar(change: Change): string {
  const { done, all } = stepCounts(change);
  if (done === 0) return ', before anything was done.';
  return done === all ? `, after all ${all} steps.` : ` after ${done} of ${all} steps.`;
}
