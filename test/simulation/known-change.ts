import type { Change } from '../../src/domain/change/change.ts';
import type { Step } from '../../src/domain/change/plan.ts';
import type { MemoryCluster } from '../doubles/memory-cluster.ts';
import { authorizationOf } from './authorization-truth.ts';
import type { Caller } from './caller.ts';
import type { livePods } from './ground-truth.ts';
import type { Observer } from './observer.ts';
import type { RecordNow } from './record-invariants.ts';

/** What the observer knows of a change from its records and from what was done for it, never from the bot's checks. */
export interface KnownChange {
  readonly id: string;
  /** As the newest append left it. */
  now: Change;
  /** Why it must not act: whoever started or resumed it last had no right to. Undefined when all is well. */
  unauthorized: string | undefined;
  /** Since when it runs, if it does. */
  runsSinceMs: number;
  /** Whether it had an effect since it was started or resumed last. */
  acted: boolean;
  /** Whether it did anything at all. */
  touched: boolean;
  /** Who stopped it since it was started or resumed last. */
  readonly stoppers: Set<string>;
  /** While a person waits for it to stop. */
  stop: Stop | undefined;
  readonly effects: Effect[];
  /** The pods that it took, in order. */
  readonly evictions: Evicted[];
  readonly done: Set<string>;
  readonly callers: Set<Caller>;
}

export interface Stop {
  /** How long somebody carried the change out since then without waiting for an answer. */
  idleMs: number;
}

export interface Effect {
  readonly key: string;
  readonly record: Step['kind'];
  /** Whether nobody else moved since what it wrote. */
  stands: boolean;
}

export interface Evicted {
  readonly pod: ReturnType<typeof livePods>[number];
  /** What it carried, and since when. */
  readonly carried: ReadonlyMap<string, number>;
  /** How many pods there had been before. */
  readonly madeBefore: number;
}

export interface Written {
  /** Of the ConfigMap in which the key stood; undefined when there was none. */
  readonly uid: string | undefined;
  readonly lookup: string;
  readonly node: string;
  readonly after: string | null;
  readonly before: Readonly<Record<string, string>>;
  readonly now: Readonly<Record<string, string>>;
}

export function knownChange(now: Change): KnownChange {
  return {
    id: now.id,
    now,
    unauthorized: 'it was not started',
    runsSinceMs: Number.POSITIVE_INFINITY,
    acted: false,
    touched: false,
    stoppers: new Set(),
    stop: undefined,
    effects: [],
    evictions: [],
    done: new Set(),
    callers: new Set(),
  };
}

/** Remembers what a record says of a change, after it was judged. */
export function noteRecord(moved: RecordNow, observer: Observer): void {
  const { record, change } = moved;
  const { step } = record.data;
  if (change.now.state === 'running' && moved.before.state !== 'running') change.runsSinceMs = moved.nowMs;
  switch (record.event) {
    case 'change.started':
    case 'change.resumed':
    case 'change.break_glass':
      change.acted = false;
      change.stoppers.clear();
      change.unauthorized = authorizationOf(moved, observer);
      break;
    case 'change.stop_requested':
      change.stoppers.add(record.actor === 'bot' ? 'the bot' : record.actor.user);
      change.stop ??= { idleMs: 0 };
      break;
    case 'step.intended':
      moved.caller?.intended.add(keyIn(step));
      break;
    case 'step.done':
      change.done.add(keyIn(step));
      break;
    default:
      break;
  }
  if (change.now.state === 'running') return;
  change.stop = undefined;
  if (change.now.outcome?.reasonCode !== 'cancelled') change.stoppers.clear();
}

function keyIn(step: unknown): string {
  if (typeof step !== 'object' || step === null) return '';
  const { kind, lookup, node, uid }: { kind?: unknown; lookup?: unknown; node?: unknown; uid?: unknown } =
    step;
  return kind === 'write' ? `write ${lookup} ${node}` : `${kind} ${uid}`;
}

/** Names the step as an observer sees its effect. */
export function keyOfStep(step: Step): string {
  return step.kind === 'write' ? `write ${step.lookup} ${step.node}` : `${step.kind} ${step.uid}`;
}

export function scopeOf({ plan }: Change): string {
  const { uid, tmm } = plan.cluster;
  return JSON.stringify([uid, tmm.namespace, tmm.selector]);
}

/** Whether a stop has to wait until the cluster can be read: something was begun, and nobody knows what became of it. */
export function mayBeInDoubt({ journal }: Change, cluster: MemoryCluster | undefined): boolean {
  if (cluster?.unreachable === undefined) return false;
  const found = new Set(journal.flatMap(({ phase, step }) => (phase === 'found' ? [keyOfStep(step)] : [])));
  return journal.some(({ phase, step }) => phase === 'intended' && !found.has(keyOfStep(step)));
}
