import type { AuditRecord } from '../../src/domain/audit/record.ts';
import type { Change, Step } from '../../src/domain/change/change.ts';
import type { MemoryCluster } from '../doubles/memory-cluster.ts';
import type { MemoryLeases } from '../doubles/memory-leases.ts';
import { authorizationOf } from './authorization-truth.ts';
import type { Caller } from './caller.ts';
import { notDone } from './done-truth.ts';
import { carriedBy, isSettled, livePods, peersUp } from './ground-truth.ts';
import { type KnownChange, keyOfStep, scopeOf } from './known-change.ts';
import type { Evicted, Observer, Written } from './observer.ts';

/** An effect in the cluster at the moment in which it happens. */
export interface EffectNow {
  readonly caller: Caller;
  readonly cluster: MemoryCluster;
  readonly step: Step;
  readonly change: KnownChange;
  readonly evicted?: Evicted;
  readonly written?: Written;
}

export interface RecordNow {
  readonly record: AuditRecord;
  readonly change: KnownChange;
  /** As it was before this record. */
  readonly before: Change;
  readonly caller: Caller | undefined;
  /** The one for which it was planned. */
  readonly cluster: MemoryCluster | undefined;
  readonly nowMs: number;
}

export interface SendNow {
  readonly caller: Caller;
  readonly cluster: MemoryCluster;
  readonly change: KnownChange;
  readonly leases: Pick<MemoryLeases, 'holds'>;
}

/** A name, and a judgement: undefined when all is well, else what is wrong. */
export type Invariant<Now> = readonly [
  name: string,
  judge: (now: Now, observer: Observer) => string | undefined,
];

/** What must hold at every effect. */
export const EFFECT_INVARIANTS: readonly Invariant<EffectNow>[] = [
  [
    'the last carrier stays',
    ({ caller, cluster, change, evicted }) => {
      if (evicted === undefined || change.now.plan.allowOutage || change.now.plan.strategy === 'all at once')
        return undefined;
      const others = livePods(cluster).filter(({ uid }) => uid !== evicted.pod.uid);
      const lost = [...evicted.carried.keys()].filter(
        (family) =>
          !others.some(({ name }) => carriedBy(cluster, name).has(family === 'IPv4' ? 'IPv4' : 'IPv6')) &&
          ![...caller.seen.carriers].some(([uid, seen]) => uid !== evicted.pod.uid && seen.has(family)),
      );
      return lost.length === 0 ? undefined : `nobody else carries ${lost.join(' and ')}`;
    },
  ],
  [
    'no TMM goes while their controller rolls out',
    ({ caller, cluster, evicted }) =>
      evicted === undefined || isSettled(cluster) || caller.seen.settled
        ? undefined
        : `its controller is at work: ${JSON.stringify(cluster.tmms.workloads())}`,
  ],
  [
    'what was replaced before is up',
    ({ caller, cluster, change, evicted }) => {
      const { plan } = change.now;
      if (evicted === undefined || plan.strategy === 'all at once') return undefined;
      const down = plan.restarts.find(({ node, pods }) => {
        const replaced = pods.some(({ uid }) => change.done.has(`check ${uid}`));
        if (!replaced || node === evicted.pod.node) return false;
        const here = livePods(cluster).filter((pod) => pod.node === node);
        const seen = [...caller.seen.peers.keys()].some((key) => key.startsWith(`${node} `));
        return here.length > 0 && !seen && !here.some(({ name }) => peersUp(cluster, name) !== undefined);
      });
      return down === undefined ? undefined : `the sessions of ${down.node} are down`;
    },
  ],
  [
    'one change at a time',
    ({ change }, { changes }) => {
      const scope = scopeOf(change.now);
      const other = [...changes.values()].find(
        (one) => one !== change && one.acted && one.now.state === 'running' && scopeOf(one.now) === scope,
      );
      return other === undefined ? undefined : `${other.id} is at work on the same TMM pods`;
    },
  ],
  [
    'nothing passes a halt',
    ({ change }, { changes }) => {
      const { now } = change;
      const scope = scopeOf(now);
      if (now.breakGlassUse !== undefined) return undefined;
      const halted = [...changes.values()].find(
        (one) =>
          one !== change &&
          one.touched &&
          (one.now.state === 'halted' || one.now.state === 'outcome_unknown') &&
          scopeOf(one.now) === scope &&
          now.plan.rollsBack?.change !== one.id,
      );
      return halted === undefined ? undefined : `${halted.id} is ${halted.now.state}`;
    },
  ],
  [
    'approved, for this plan and this cluster',
    ({ change, cluster }, observer) => {
      const { uid } = change.now.plan.cluster;
      const here = observer.clusterUid(cluster);
      if (here !== uid) return `it was approved for ${uid}, and this is ${here}`;
      return change.unauthorized;
    },
  ],
  [
    'no effect twice',
    ({ change, step }) =>
      change.effects.some(({ key }) => key === keyOfStep(step)) ? 'it was done before' : undefined,
  ],
  [
    'only what was planned',
    ({ change, step, written }) => {
      const { differences, restarts } = change.now.plan;
      if (step.kind !== 'write') {
        const planned = restarts.some(({ pods }) => pods.some(({ uid }) => uid === step.uid));
        return planned ? undefined : 'the plan does not name this pod';
      }
      const planned = differences.some(
        (one) => one.lookup === step.lookup && one.node === step.node && one.after === written?.after,
      );
      return planned ? undefined : 'the plan does not have this value';
    },
  ],
  [
    'other keys stay',
    ({ written }) => {
      if (written === undefined) return undefined;
      const { before, now, node } = written;
      const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
      keys.delete(node);
      const touched = [...keys].filter((key) => before[key] !== now[key]);
      return touched.length === 0 ? undefined : `${touched.join(', ')} changed too`;
    },
  ],
  [
    'a record before',
    ({ change, step }) =>
      change.intended.has(keyOfStep(step)) ? undefined : 'nothing says that it was intended',
  ],
];

/** What must hold when an effect is sent on its way. */
export const SEND_INVARIANTS: readonly Invariant<SendNow>[] = [
  [
    'acts under its lease',
    ({ caller, leases }) =>
      caller.fence !== undefined && leases.holds(caller.fence)
        ? undefined
        : `${caller.name} has no lease any more`,
  ],
  [
    'acts while it runs',
    ({ change }) => (change.now.state === 'running' ? undefined : `it is ${change.now.state}`),
  ],
];

/** What must hold when a change moves. */
export const RECORD_INVARIANTS: readonly Invariant<RecordNow>[] = [
  [
    'break-glass is for whom a rule names',
    (moved, observer) =>
      moved.record.event === 'change.break_glass' ? authorizationOf(moved, observer) : undefined,
  ],
  [
    'a stop is recorded',
    ({ change: { now, stop } }) => {
      if (stop === undefined || now.state === 'running') return undefined;
      // What was under way when it was pressed may end as it ends.
      if (stop.idleMs === 0 || now.state === 'succeeded' || now.state === 'outcome_unknown') return undefined;
      if (now.outcome?.reasonCode !== 'cancelled')
        return `${stop.by} stopped it, and it is ${now.outcome?.reasonCode}`;
      return now.cancelledBy?.userId === stop.by
        ? undefined
        : `${stop.by} stopped it, not ${now.cancelledBy?.userId}`;
    },
  ],
  [
    'done means done',
    (moved) => (moved.record.event === 'change.succeeded' ? notDone(moved, moved.cluster) : undefined),
  ],
];
