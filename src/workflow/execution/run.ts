import type { Anchor } from '../../domain/audit/anchor.ts';
import type { Target } from '../../domain/bgp/target.ts';
import { activeBreakGlass } from '../../domain/change/approvals.ts';
import type { Change, Outcome } from '../../domain/change/change.ts';
import type { ChangeEvent, TerminalState } from '../../domain/change/events.ts';
import { stepCounts } from '../../domain/change/journal.ts';
import type { Complaint } from '../../domain/checks/check.ts';
import { declaredFor, describeFrozen } from '../../domain/policy/freeze.ts';
import { isRefusal, type ReasonCode } from '../../domain/refusal.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { Lease, Store } from '../../ports/store.ts';
import { LeaseLost, type Ledger } from '../ledger.ts';

/** A change being carried out by this worker, under its lease. */
export interface Run {
  readonly change: () => Change;
  readonly target: Target;
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** Aborts when the lease is lost or the worker stops. */
  readonly signal: AbortSignal;
  /** Throws `LeaseLost` when another worker may have the lease: this one must not act any more. */
  assertLease(): void;
  /** Whether this run may still act, by its own clock. */
  holdsLease(): boolean;
  /** Appends what happened, under the lease. Throws `LeaseLost` when the lease is gone. */
  commit(event: ChangeEvent): Promise<void>;
  /** The newest record that this run appended; the newest of the trail when it appended none yet. */
  anchor(): Promise<Anchor>;
  /** Says on the card what is waited for: at once when `about` is new, then every few seconds. */
  sayProgress(about: string, progress: string): Promise<void>;
  /** Reads the change and the declared freezes anew: why nothing more may be done, when somebody said so. */
  stoppedByPeople(): Promise<Halt | undefined>;
  /** What `work` comes to, unless somebody says stop before or meanwhile: then that, within a second or so. */
  unlessStopped<Value extends object>(work: () => Promise<Value>): Promise<Value | Halt>;
  /**
   * Waits for `work` to its end. Calls `onStop` when somebody says stop meanwhile, or when the lease or the store is lost; what still
   * runs after a stop is said on the card.
   */
  whenStopped(work: Promise<unknown>, onStop: () => string): Promise<void>;
  /** Waits, unless somebody says stop. */
  rest(ms: number): Promise<Halt | undefined>;
}

/** Why a change stops before it is done, and in which state that leaves it. */
export interface Halt {
  readonly kind: 'halt';
  readonly state: Exclude<TerminalState, 'succeeded'>;
  readonly reasonCode: ReasonCode;
  readonly sentence: string;
  readonly traffic?: string;
  readonly next?: string;
  readonly hint?: string;
  readonly node?: string;
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
  const holdsLease = (): boolean => !signal.aborted && lease.held() && !suspended();
  const assertLease = (): void => {
    if (signal.aborted || !lease.held())
      throw new LeaseLost(`carrying out ${current.id}: the lease was lost`);
    if (suspended())
      throw new LeaseLost(`carrying out ${current.id}: the machine was suspended, and its lease may be over`);
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
    // A window of the calendar does not interrupt what began before it: half done is worse than done.
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
  /** Resolves when somebody says stop; to undefined once `signal` aborts. */
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
    holdsLease,
    assertLease,
    commit,
    async anchor() {
      if (appendedLast !== undefined) return appendedLast;
      for await (const newest of store.latestRecords()) return newest;
      throw new Error(`carrying out ${current.id}: the audit trail has no record`);
    },
    sayProgress,
    stoppedByPeople,
    async unlessStopped(work) {
      const stopped = await stoppedByPeople();
      if (stopped !== undefined) return stopped;
      const done = new AbortController();
      const working = work().finally(() => done.abort());
      // Where a stop comes first, what becomes of the work is of no interest any more.
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
      // The work comes first; what went wrong meanwhile is thrown after it.
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
 * Whether, since it was asked last, more time passed on the wall than the process noticed, as when its machine was suspended or
 * moved: then a lease and a look are older than they seem. A clock that is set forward looks the same, and costs no more than taking the
 * lease again.
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

/** Less than a lease holds for, and more than a clock is corrected by at once. */
const SUSPENDED_FOR_MS = 2_000;
const PROGRESS_EVERY_MS = 5_000;
/** How long what was not sent yet has to come back, once somebody said stop. */
const ENDS_WITHIN_MS = 100;
/** A stop ends a wait within two seconds, what is told of traffic included. */
const STOP_ASKED_EVERY_MS = 500;

function soFar(change: Change): string {
  const { done, all } = stepCounts(change);
  if (done === 0) return ', before anything was done.';
  return done === all ? `, after all ${all} steps.` : ` after ${done} of ${all} steps.`;
}

export function halt(
  reasonCode: ReasonCode,
  sentence: string,
  more: Pick<Halt, 'traffic' | 'next' | 'hint' | 'node'> = {},
): Halt {
  return { kind: 'halt', state: 'halted', reasonCode, sentence, ...more };
}

/** The halt of a check that does not hold; a check that waited says for how long. */
export function haltOn(complaint: Complaint, waitedForMs?: number): Halt {
  const { reasonCode, traffic, next, hint, node } = complaint;
  return halt(reasonCode, describeWaited(complaint, waitedForMs), {
    ...(traffic === undefined ? {} : { traffic }),
    ...(next === undefined ? {} : { next }),
    ...(hint === undefined ? {} : { hint }),
    ...(node === undefined ? {} : { node }),
  });
}

/** `worker1 → 10.20.1.9 did not come up in 3 min (Connect: no answer on TCP 179).` */
function describeWaited({ sentence, overdue }: Complaint, forMs: number | undefined): string {
  if (forMs === undefined) return sentence;
  if (overdue === undefined) return `${sentence} after ${duration(forMs)}.`;
  return overdue.map(({ what, why }) => `${what} did not come up in ${duration(forMs)} (${why}).`).join(' ');
}

export function isHalt(value: object): value is Halt {
  return 'kind' in value && value.kind === 'halt';
}

export function outcomeOf(stopped: Halt, atMs: number): Outcome {
  const { kind: _, state: __, ...outcome } = stopped;
  return { ...outcome, atMs };
}

/** `48 s`, `3 min`. */
export function duration(forMs: number): string {
  return forMs < 120_000 ? `${Math.round(forMs / 1_000)} s` : `${Math.round(forMs / 60_000)} min`;
}
