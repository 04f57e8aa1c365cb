import type { AuditRecord } from '../../src/domain/audit/record.ts';
import type { Change } from '../../src/domain/change/change.ts';
import type { Step } from '../../src/domain/change/plan.ts';
import type { MemoryCluster } from '../doubles/memory-cluster.ts';
import type { MemoryLeases } from '../doubles/memory-leases.ts';
import { authorizationOf } from './authorization-truth.ts';
import type { Caller } from './caller.ts';
import { lacksSessions, notDone } from './done-truth.ts';
import { carriedBy, isSettled, livePods } from './ground-truth.ts';
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
      return replaced
        .map(({ node }) => lacksSessions(node, { cluster, caller, change: change.now, holdTimeMs }))
        .find((lacks) => lacks !== undefined);
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
    ({ change: { now, stop, stoppers } }) => {
      if (stop === undefined || now.state === 'running') return undefined;
      // What was under way when it was pressed may end as it ends.
      if (stop.idleMs === 0 || now.state === 'succeeded' || now.state === 'outcome_unknown') return undefined;
      const by = [...stoppers].join(' and ');
      if (now.outcome?.reasonCode !== 'cancelled')
        return `${by} stopped it, and it is ${now.outcome?.reasonCode}`;
      return stoppers.has(now.cancelledBy?.userId ?? '')
        ? undefined
        : `${by} stopped it, not ${now.cancelledBy?.userId}`;
    },
  ],
  [
    'a stop is undone by who stopped it, or an approver',
    ({ record, change: { stoppers }, before, caller, nowMs }, { people }) => {
      const { requiredApprovals, requester } = before;
      if (record.event !== 'change.resumed' || record.actor === 'bot') return undefined;
      const { user } = record.actor;
      if (user !== requester.userId) return undefined;
      const [another] = [...stoppers].filter((stopper) => stopper !== user);
      if (another === undefined) return undefined;
      const groups = requiredApprovals.flatMap((one) => one.groups);
      const approver = groups.some((group) => people.held(user, group, caller?.chainSinceMs ?? nowMs, nowMs));
      return approver ? undefined : `${user} undid what ${another} stopped`;
    },
  ],
  [
    'an old halt needs new approvals',
    ({ record, before, change, caller, nowMs }) => {
      const { outcome, executeByMs = 0, executeWithinMs, requiredApprovals } = before;
      if (record.event !== 'change.resumed' || outcome === undefined || requiredApprovals.length === 0)
        return undefined;
      const askedAtMs = Date.parse(record.at) - (nowMs - (caller?.chainSinceMs ?? nowMs));
      if (askedAtMs < Math.max(outcome.atMs + executeWithinMs, executeByMs)) return undefined;
      const renewed = change.now.decisions.some(({ atMs }) => atMs >= outcome.atMs);
      return renewed || before.breakGlassUse !== undefined ? undefined : 'nobody approved it again';
    },
  ],
  [
    'done means done',
    (moved, observer) =>
      moved.record.event === 'change.succeeded' ? notDone(moved, moved.cluster, observer) : undefined,
  ],
];
