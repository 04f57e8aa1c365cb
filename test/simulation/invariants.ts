import type { Step } from '../../src/domain/change/plan.ts';
import type { MemoryCluster } from '../doubles/memory-cluster.ts';
import type { MemoryLeases } from '../doubles/memory-leases.ts';
import type { Caller } from './caller.ts';
import { lacksElsewhere, lacksSessions } from './done-truth.ts';
import { carriedBy, isSettled, livePods } from './ground-truth.ts';
import { type Evicted, type KnownChange, keyOfStep, scopeOf, type Written } from './known-change.ts';
import type { Observer } from './observer.ts';

/** An effect in the cluster at the moment in which it happens. */
export interface EffectNow {
  readonly caller: Caller;
  readonly cluster: MemoryCluster;
  readonly step: Step;
  readonly change: KnownChange;
  readonly evicted?: Evicted;
  readonly written?: Written;
}

export interface SendNow {
  readonly caller: Caller;
  readonly cluster: MemoryCluster;
  readonly change: KnownChange;
  readonly leases: Pick<MemoryLeases, 'holds'>;
  /** See `Sending`. */
  readonly lostForMs: number | undefined;
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
    ({ caller, cluster, change, evicted }, { holdTimeMs }) => {
      if (evicted === undefined || change.now.plan.allowOutage || change.now.plan.strategy === 'all at once')
        return undefined;
      const { uid } = evicted.pod;
      const others = [
        ...livePods(cluster).flatMap((pod) => (pod.uid === uid ? [] : [carriedBy(cluster, pod.name)])),
        ...[...caller.seen.carriers].flatMap(([seen, carried]) => (seen === uid ? [] : [carried])),
      ];
      // A session that came up after the look at this pod cannot have been known.
      const own = caller.seen.carriers.get(uid) ?? evicted.carried;
      const lost = [...evicted.carried.keys()].filter(
        (family) => own.has(family) && !others.some((carried) => (carried.get(family) ?? -1) >= holdTimeMs),
      );
      return lost.length === 0
        ? undefined
        : `nobody else has carried ${lost.join(' and ')} for ${holdTimeMs} ms`;
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
    ({ caller, cluster, change, evicted }, { holdTimeMs }) => {
      const { plan } = change.now;
      if (evicted === undefined || plan.strategy === 'all at once') return undefined;
      const replaced = plan.restarts.filter(
        ({ node, pods }) =>
          node !== evicted.pod.node && pods.some(({ uid }) => change.done.has(`check ${uid}`)),
      );
      const world = { cluster, caller, change, holdTimeMs };
      return (
        replaced.map(({ node }) => lacksSessions(node, world)).find((lacks) => lacks !== undefined) ??
        lacksElsewhere(({ pod }) => change.done.has(`check ${pod.uid}`), world)
      );
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
    'a write meets the ConfigMap that was approved',
    ({ change, written }) => {
      if (written === undefined) return undefined;
      const approved = change.now.plan.cluster.lookups[written.lookup];
      return approved === written.uid ? undefined : `${written.lookup} is ${written.uid}, not ${approved}`;
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
    ({ caller, step }) =>
      caller.intended.has(keyOfStep(step)) ? undefined : `${caller.name} did not say that it was about to`,
  ],
];

/** What must hold when an effect is sent on its way. */
export const SEND_INVARIANTS: readonly Invariant<SendNow>[] = [
  [
    'acts under its lease',
    ({ caller, leases, lostForMs }) => {
      if (lostForMs !== undefined)
        return lostForMs <= NOTICED_WITHIN_MS
          ? undefined
          : `${caller.name} was not to act any more since ${lostForMs} ms`;
      return caller.fence !== undefined && leases.holds(caller.fence)
        ? undefined
        : `${caller.name} has no lease any more`;
    },
  ],
  [
    'acts while it runs',
    ({ change, lostForMs }) =>
      lostForMs !== undefined || change.now.state === 'running' ? undefined : `it is ${change.now.state}`,
  ],
];

/** How long it may take a worker to notice that its lease or Redis is lost, while it waits for nobody's answer. */
const NOTICED_WITHIN_MS = 1_000;
