import type { AuditRecord } from '../../src/domain/audit/record.ts';
import type { Lookup } from '../../src/domain/bgp/snapshot.ts';
import type { Change } from '../../src/domain/change/change.ts';
import type { Difference, Step } from '../../src/domain/change/plan.ts';
import type { EvictOutcome, PodReference, WriteOutcome } from '../../src/ports/cluster.ts';
import type { FakeClock } from '../doubles/fake-clock.ts';
import type { MemoryCluster } from '../doubles/memory-cluster.ts';
import type { MemoryLeases } from '../doubles/memory-leases.ts';
import type { Caller } from './caller.ts';
import { carriedBy, isSettled, livePods, lookupsOf, upFor } from './ground-truth.ts';
import { EFFECT_INVARIANTS, type Invariant, SEND_INVARIANTS } from './invariants.ts';
import {
  type Evicted,
  type KnownChange,
  keyOfStep,
  knownChange,
  mayBeInDoubt,
  noteRecord,
  type Written,
} from './known-change.ts';
import type { PeopleTruth } from './people-truth.ts';
import { RECORD_INVARIANTS } from './record-invariants.ts';
import type { Trace } from './trace.ts';

/** Sees everything as it really is, and compares it with what must never happen. */
export interface Observer {
  readonly violations: readonly Violation[];
  readonly changes: ReadonlyMap<string, KnownChange>;
  readonly people: PeopleTruth;
  readonly holdTimeMs: number;
  /** Whether nobody has to approve this change. */
  mayBeWaived(change: Change): boolean;
  /** The uid of each cluster. */
  clusterUid(cluster: MemoryCluster): string | undefined;
  violate(invariant: string, what: string): void;
  /** A job begins, and ends in whatever way. */
  starts(caller: Caller): void;
  gone(caller: Caller): void;
  /** An effect is sent on its way. */
  sends(caller: Caller, cluster: MemoryCluster, lostForMs: number | undefined): void;
  /** Whether a caller may still have an effect: it has its lease and Redis, and its change runs. */
  mayAct(caller: Caller): boolean;
  /** Somebody else moves a key of a lookup, or all of them. */
  movesKey(lookup: string, node?: string): void;
  /** Whether target names lead to more than one cluster in this run. */
  severalClusters(): boolean;
  readsState(caller: Caller, cluster: MemoryCluster): void;
  readsPod(caller: Caller, cluster: MemoryCluster, pod: PodReference): void;
  /** A key is written, or not. */
  wrote(
    caller: Caller,
    cluster: MemoryCluster,
    difference: Difference,
    came: { readonly outcome: WriteOutcome['kind']; readonly before: Lookup | undefined },
  ): void;
  /** A pod may go now; what came of it is told to what this returns. */
  evicting(
    caller: Caller,
    cluster: MemoryCluster,
    pod: PodReference,
  ): ((outcome: EvictOutcome['kind']) => void) | undefined;
  /** Does an append of this caller. */
  appending<Result>(caller: Caller, append: () => Promise<Result>): Promise<Result>;
  /** A record was appended. */
  records(record: AuditRecord, change: Change | undefined): void;
  /** Time is about to pass, with everything as it is now; how much it was is told to what this returns. */
  timePasses(): (ms: number) => void;
}

export interface Violation {
  readonly invariant: string;
  readonly what: string;
}

export function openObserver(options: {
  readonly clock: FakeClock;
  readonly trace: Trace;
  readonly leases: Pick<MemoryLeases, 'holds'>;
  readonly people: PeopleTruth;
  readonly holdTimeMs: number;
  mayBeWaived(change: Change): boolean;
  readonly uids: ReadonlyMap<MemoryCluster, string>;
}): Observer {
  const { clock, trace, leases, people, uids, holdTimeMs } = options;
  const violations: Violation[] = [];
  const changes = new Map<string, KnownChange>();
  let appender: Caller | undefined;

  const ofCaller = ({ change }: Caller): KnownChange | undefined =>
    change === undefined ? undefined : changes.get(change);
  const violate = (invariant: string, what: string): void => {
    violations.push({ invariant, what });
    trace.note('VIOLATION', () => `${invariant}: ${what}`);
  };
  const judgeAll = <Now>(invariants: readonly Invariant<Now>[], now: Now, about: string): void => {
    for (const [name, judge] of invariants) {
      const wrong = judge(now, observer);
      if (wrong !== undefined) violate(name, `${about}: ${wrong}`);
    }
  };
  const clusterOf = ({ plan }: Change): MemoryCluster | undefined =>
    [...uids].find(([, uid]) => uid === plan.cluster.uid)?.[0];
  /** Judges an effect that just happened, and remembers it. */
  const effected = (
    caller: Caller,
    cluster: MemoryCluster,
    step: Step,
    more: { readonly evicted?: Evicted; readonly written?: Written },
  ): void => {
    const change = ofCaller(caller);
    if (change === undefined) {
      violate('an effect is of a change', `${caller.name}: ${keyOfStep(step)}`);
      return;
    }
    trace.note(caller.name, () => `EFFECT ${keyOfStep(step)}`);
    trace.count('effect', step.kind);
    const effect = { caller, cluster, step, change, ...more };
    judgeAll(EFFECT_INVARIANTS, effect, `${change.id} ${keyOfStep(step)}`);
    change.acted = true;
    change.touched = true;
    change.effects.push({ key: keyOfStep(step), record: step.kind, stands: true });
    if (more.evicted !== undefined) change.evictions.push(more.evicted);
  };

  const observer: Observer = {
    violations,
    changes,
    people,
    holdTimeMs,
    mayBeWaived: options.mayBeWaived,
    clusterUid: (cluster) => uids.get(cluster),
    violate,
    starts: (caller) => void ofCaller(caller)?.callers.add(caller),
    gone: (caller) => void ofCaller(caller)?.callers.delete(caller),
    sends(caller, cluster, lostForMs) {
      const change = ofCaller(caller);
      if (change === undefined) return;
      judgeAll(SEND_INVARIANTS, { caller, cluster, change, leases, lostForMs }, change.id);
    },
    mayAct: (caller) =>
      !caller.host.cutOff &&
      caller.fence !== undefined &&
      leases.holds(caller.fence) &&
      ofCaller(caller)?.now.state === 'running',
    movesKey(lookup, node) {
      const moved = node === undefined ? `write ${lookup} ` : `write ${lookup} ${node}`;
      for (const { effects } of changes.values())
        for (const effect of effects)
          if (node === undefined ? effect.key.startsWith(moved) : effect.key === moved) effect.stands = false;
    },
    severalClusters: () => uids.size > 1,
    readsState(caller, cluster) {
      caller.seen.settled ||= isSettled(cluster);
      if (caller.change === undefined) return;
      caller.seen.lookups.push(lookupsOf(cluster));
      // A pod that has not started, or has ended, has no session: that needs no look at the pod itself.
      for (const { uid, phase } of cluster.tmms.pods())
        if (phase !== 'Running' && phase !== 'Unknown' && !caller.seen.carriers.has(uid))
          caller.seen.carriers.set(uid, new Map());
    },
    readsPod(caller, cluster, { name }) {
      const pod = livePods(cluster).find((one) => one.name === name);
      if (pod === undefined || caller.change === undefined) return;
      // Of its pages one was read before the other; a session may have gone in between.
      const seen = new Map(caller.seen.carriers.get(pod.uid));
      for (const [family, forMs] of carriedBy(cluster, name))
        seen.set(family, Math.max(forMs, seen.get(family) ?? 0));
      caller.seen.carriers.set(pod.uid, seen);
      if (pod.node !== undefined) caller.seen.up.push([pod.node, upFor(cluster, name, holdTimeMs)]);
    },
    wrote(caller, cluster, { lookup, node, after }, { outcome, before }) {
      if (outcome !== 'written') return;
      const now = cluster.lookup(lookup)?.data ?? {};
      effected(
        caller,
        cluster,
        { kind: 'write', lookup, node },
        { written: { uid: before?.uid, before: before?.data ?? {}, now, lookup, node, after } },
      );
    },
    evicting(caller, cluster, { name, uid }) {
      const pod = cluster.tmms.pods().find((one) => one.name === name && one.uid === uid);
      if (pod === undefined || pod.terminating) return undefined;
      const carried = carriedBy(cluster, name);
      const madeBefore = cluster.tmms.made();
      return (outcome) => {
        if (outcome !== 'accepted') return;
        const step: Step = { kind: 'evict', node: pod.node ?? '', pod: name, uid };
        effected(caller, cluster, step, { evicted: { pod, carried, madeBefore } });
      };
    },
    async appending(caller, append) {
      appender = caller;
      // A double appends before it first waits for anything.
      const appended = append();
      appender = undefined;
      return appended;
    },
    records(record, next) {
      const { event, reason_code: reason, change: id } = record;
      trace.note(appender?.name ?? '', () => `RECORD #${record.seq} ${event} ${id ?? ''} ${reason ?? ''}`);
      if (next === undefined) {
        if (event === 'request.refused') trace.count('outcome', `refused ${reason}`);
        return;
      }
      const change = changes.get(next.id) ?? knownChange(next);
      changes.set(next.id, change);
      const before = change.now;
      change.now = next;
      if (next.state !== before.state || event === 'change.proposed')
        trace.count(
          'outcome',
          `${next.state}${next.outcome === undefined ? '' : ` ${next.outcome.reasonCode}`}`,
        );
      const cluster = clusterOf(next);
      const moved = { record, change, before, caller: appender, cluster, nowMs: clock.monotonicMs() };
      judgeAll(RECORD_INVARIANTS, moved, `${next.id} ${event}`);
      noteRecord(moved, observer);
      if (appender?.change === next.id) change.callers.add(appender);
    },
    timePasses() {
      const attended = [...changes.values()].filter(
        ({ stop, callers, now }) =>
          stop !== undefined &&
          now.state === 'running' &&
          !mayBeInDoubt(now, clusterOf(now)) &&
          [...callers].some(isIdle),
      );
      return (ms) => {
        for (const change of attended) {
          const { stop, now } = change;
          if (stop === undefined || now.state !== 'running') continue;
          stop.idleMs += ms;
          if (stop.idleMs <= STOP_WITHIN_MS) continue;
          violate(
            'a stop is obeyed',
            `${change.id} goes on ${stop.idleMs} ms after ${[...change.stoppers].join()} stopped it`,
          );
          change.stop = undefined;
        }
      };
    },
  };
  return observer;
}

/** Whether it runs, and waits for nobody's answer. */
function isIdle({ host, inFlight }: Caller): boolean {
  return !host.dead && host.paused === undefined && !host.cutOff && inFlight === 0;
}

/** How long a stop may take, beside the answers that are waited for. */
const STOP_WITHIN_MS = 2_000;
