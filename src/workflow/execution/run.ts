import type { Anchor } from '../../domain/audit/anchor.ts';
import type { Target } from '../../domain/bgp/target.ts';
import type { Change, JournalEntry, Outcome, Step } from '../../domain/change/change.ts';
import type { ChangeEvent, TerminalState } from '../../domain/change/events.ts';
import { declaredFor, type Frozen } from '../../domain/policy/freeze.ts';
import { isRefusal, type ReasonCode } from '../../domain/refusal.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { Lease, Store } from '../../ports/store.ts';
import { LeaseLost, type Ledger } from '../ledger.ts';

/** A change being carried out by this worker, under its lease. */
export interface Run {
  readonly change: () => Change;
  readonly target: Target;
  readonly cluster: Cluster;
  readonly now: () => number;
  /** Milliseconds that only ever grow: for how long something takes, whatever happens to the wall clock. */
  readonly elapsedMs: () => number;
  /** Appends what happened, under the lease. Throws `LeaseLost` when the lease is gone. */
  commit(event: ChangeEvent): Promise<void>;
  /** The newest record that this run appended; the newest of the trail when it appended none yet. */
  anchor(): Promise<Anchor>;
  /** Says on the card what is waited for: at once when `about` is new, then every few seconds. */
  waitFor(about: string, progress: string): Promise<void>;
  /** To be asked before each effect: the change as the store has it now. Throws `LeaseLost`. */
  refresh(): Promise<Change>;
  /** A freeze that somebody declared for this target or for all. */
  declaredFreeze(): Promise<Frozen | undefined>;
}

/** A gate did not hold, or an effect could not be had: where the change comes to rest, and why. */
export interface Halt {
  readonly kind: 'halt';
  readonly state: Exclude<TerminalState, 'succeeded'>;
  readonly reasonCode: ReasonCode;
  readonly sentence: string;
  readonly next?: string;
  readonly hint?: string;
}

export function openRun(
  change: Change,
  world: {
    readonly target: Target;
    readonly cluster: Cluster;
    readonly store: Pick<Store, 'change' | 'freezes' | 'latestRecords'>;
    readonly ledger: Ledger;
    readonly lease: Lease;
    readonly signal: AbortSignal;
    readonly now: () => number;
  },
): Run {
  const { target, cluster, store, ledger, lease, signal, now } = world;
  let current = change;
  let appendedLast: Anchor | undefined;
  const elapsedMs = (): number => performance.now();
  let waiting = { about: '', saidAtMs: 0 };
  const assertLease = (): void => {
    if (lease.lost.aborted || signal.aborted)
      throw new LeaseLost(`carrying out ${current.id}: the lease was lost`);
  };
  const refresh = async (): Promise<Change> => {
    assertLease();
    const found = await store.change(current.id);
    if (found === undefined) throw new Error(`carrying out ${current.id}: its state is gone from the store`);
    current = found;
    return found;
  };
  const commit = async (event: ChangeEvent): Promise<void> => {
    assertLease();
    const committed = await ledger.commit(current, event, 'bot', lease.fence);
    if (isRefusal(committed))
      throw new Error(`carrying out ${current.id}: ${event.kind}: ${committed.sentence}`);
    current = committed.change;
    appendedLast = committed.record;
  };
  const waitFor = async (about: string, progress: string): Promise<void> => {
    if (waiting.about === about && elapsedMs() - waiting.saidAtMs < PROGRESS_EVERY_MS) return;
    waiting = { about, saidAtMs: elapsedMs() };
    await commit({ kind: 'wait', progress });
  };
  const declaredFreeze = async (): Promise<Frozen | undefined> =>
    declaredFor(await store.freezes(), target.name);
  const anchor = async (): Promise<Anchor> => {
    if (appendedLast !== undefined) return appendedLast;
    for await (const newest of store.latestRecords()) return newest;
    throw new Error(`carrying out ${current.id}: the audit trail has no record`);
  };
  return {
    change: () => current,
    target,
    cluster,
    now,
    elapsedMs,
    commit,
    anchor,
    waitFor,
    refresh,
    declaredFreeze,
  };
}

const PROGRESS_EVERY_MS = 5_000;

/** The journal's entry of a step, if it got as far as that. */
export function journalled(
  change: Change,
  step: Step,
  phase: JournalEntry['phase'],
): JournalEntry | undefined {
  return change.journal.find((entry) => entry.phase === phase && sameStep(entry.step, step));
}

export function halt(reasonCode: ReasonCode, sentence: string, more: Pick<Halt, 'next' | 'hint'> = {}): Halt {
  return { kind: 'halt', state: 'halted', reasonCode, sentence, ...more };
}

export function outcomeOf(stopped: Halt, atMs: number): Outcome {
  const { reasonCode, sentence, next, hint } = stopped;
  return {
    reasonCode,
    sentence,
    atMs,
    ...(next === undefined ? {} : { next }),
    ...(hint === undefined ? {} : { hint }),
  };
}

function sameStep(one: Step, other: Step): boolean {
  if (one.kind === 'write' || other.kind === 'write') {
    return one.kind === other.kind && one.node === other.node && lookupOf(one) === lookupOf(other);
  }
  return one.kind === other.kind && one.uid === other.uid;
}

function lookupOf(step: Step): string | undefined {
  return step.kind === 'write' ? step.lookup : undefined;
}
