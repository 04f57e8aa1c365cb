import type { Inspection } from '../../domain/bgp/inspection.ts';
import { answersShow, type TmmPod } from '../../domain/bgp/snapshot.ts';
import type { Target } from '../../domain/bgp/target.ts';
import type { Change } from '../../domain/change/change.ts';
import { journalled } from '../../domain/change/journal.ts';
import { foresawNoTmm } from '../../domain/change/plan.ts';
import { nodeMapped, planHolds } from '../../domain/checks/mapping.ts';
import { peersAsConfigured } from '../../domain/checks/peers-as-configured.ts';
import { replacedStillUp } from '../../domain/checks/replaced-still-up.ts';
import { nodeHasTmm, podsOn, replacementsOf } from '../../domain/checks/replacements.ts';
import { sessionsEstablished } from '../../domain/checks/sessions-established.ts';
import type { Bound, Condition, Conditions } from './look.ts';

// Conditions that have to hold at more than one moment of a change.

/** At each attempt: nobody else changed what was approved or what this change wrote. */
export function planHoldsFor(change: Change, bound: Bound): Condition {
  return {
    key: 'plan holds',
    bound,
    judge: (inspection) =>
      planHolds(
        inspection,
        change.plan,
        ({ lookup, node }) => journalled(change, { kind: 'write', lookup, node }, 'found') !== undefined,
      ),
  };
}

/** At each attempt: earlier replacements of this change are still up. */
export function replacedUpFor(change: Change, { timeouts }: Target): Condition {
  const replaced = evictedBy(change).filter(
    ({ step }) => journalled(change, { ...step, kind: 'check' }, 'found') !== undefined,
  );
  const pods = replaced.map(({ evicted, before }) => ({
    evicted,
    before,
    mayBeElsewhere: mayEndWithoutTmm(change, evicted.node),
  }));
  return {
    key: 'replaced before',
    bound: { key: 'replaced before', timeoutMs: timeouts.sessionTimeoutMs },
    judge: (inspection) =>
      replacedStillUp(inspection, pods, timeouts.holdTimeMs, (node) => mayBeUnmapped(change, node)),
  };
}

/**
 * Before a change is done: every key has the approved value, and the replacements of evicted pods, on their node or another one,
 * peer as they should.
 */
export function allDone(change: Change, target: Target): Conditions {
  const { plan } = change;
  const bound = { key: 'end', timeoutMs: target.timeouts.sessionTimeoutMs };
  return (state) => {
    const bare = plan.restarts.map(({ node }) => node).filter((node) => podsOn(state, node).length === 0);
    const newcomers = newcomersIn(change, state);
    const pods = new Set([
      ...plan.restarts.flatMap(({ node }) => podsOn(state, node)),
      ...replacementsBy(change, state),
    ]);
    for (const pod of newcomers) pods.delete(pod);
    return [
      planHoldsFor(change, bound),
      ...bare
        .filter((node) => !mayEndWithoutTmm(change, node))
        .map((node): Condition => {
          return { key: `node ${node}`, bound, judge: (inspection) => nodeHasTmm(inspection, node) };
        }),
      ...[...pods].flatMap((pod): readonly Condition[] => [
        {
          key: `mapped ${pod.uid}`,
          bound,
          judge: (inspection) => nodeMapped(inspection, pod, mayBeUnmapped(change, pod.node)),
        },
        ...sessionConditions(pod, target),
      ]),
      ...newcomers.flatMap((pod) =>
        peeringConditions(pod, change, target).map((condition) => ofNewcomer(pod, condition)),
      ),
    ];
  };
}

/**
 * Running pods that came to nodes with a new mapping while the change ran, other than replacements: they may have read the old
 * mapping, and the plan does not restart them. When a rotation starts, its plan has every pod there is on these nodes.
 */
function newcomersIn(change: Change, state: Inspection): readonly TmmPod[] {
  const { plan, startedAtMs = 0 } = change;
  if (plan.strategy !== 'rolling') return [];
  const known = new Set([
    ...plan.restarts.flatMap(({ pods }) => pods.map(({ uid }) => uid)),
    ...replacementsBy(change, state).map(({ uid }) => uid),
  ]);
  const nodes = plan.differences.flatMap(({ node, after }) => (after === null ? [] : [node]));
  return [...new Set(nodes)]
    .flatMap((node) => podsOn(state, node))
    .filter(
      ({ uid, createdAtMs }) =>
        !known.has(uid) && (plan.rollsBack === undefined || createdAtMs >= wholeSecond(startedAtMs)),
    )
    .filter(answersShow);
}

/** Kubernetes reports the start of a pod in whole seconds. */
function wholeSecond(atMs: number): number {
  return Math.floor(atMs / 1_000) * 1_000;
}

function ofNewcomer(pod: TmmPod, { key, bound, judge }: Condition): Condition {
  return {
    key: `newcomer ${key}`,
    bound: { ...bound, key: `newcomer ${bound.key}` },
    judge: (inspection) => {
      const judged = judge(inspection);
      if (judged.kind === 'pass' || judged.kind === 'unread') return judged;
      // It does not come up late: it is configured for something else.
      const { overdue: _, ...complaint } = judged;
      return {
        ...complaint,
        sentence: `${pod.name} came to ${pod.node} while this change ran, and may have read the old mapping: ${judged.sentence}`,
        next: `Restart it, then check again: kubectl delete pod ${pod.name} -n ${pod.namespace}`,
      };
    },
  };
}

/** The replacements of the pods that this change evicted. */
export function replacementsBy(change: Change, state: Inspection): readonly TmmPod[] {
  const pods = evictedBy(change).flatMap(({ evicted, before }) => replacementsOf(state, [evicted], before));
  return [...new Set(pods)];
}

/** The pods that this change evicted or intended to evict, with the baseline. */
function evictedBy(change: Change) {
  return change.plan.restarts.flatMap(({ node, pods }) =>
    pods.flatMap(({ name: pod, uid }) => {
      const step = { kind: 'evict', node, pod, uid } as const;
      const before = journalled(change, step, 'intended')?.before;
      return before === undefined ? [] : [{ step, evicted: { uid, node }, before }];
    }),
  );
}

/** A pod configures its peers when it starts; if they are not there after this time, it did not read them. */
const CONFIGURED_WITHIN_MS = 60_000;

/** A pod has exactly the peers of its node, Established for the hold time. */
export function peeringConditions(
  pod: TmmPod,
  change: Change,
  { timeouts }: Pick<Target, 'timeouts'>,
): readonly Condition[] {
  const { sessionTimeoutMs } = timeouts;
  return [
    {
      key: `peers ${pod.uid}`,
      bound: { key: `peers ${pod.uid}`, timeoutMs: Math.min(CONFIGURED_WITHIN_MS, sessionTimeoutMs) },
      judge: (inspection) => peersAsConfigured(inspection, pod, mayBeUnmapped(change, pod.node)),
    },
    ...sessionConditions(pod, { timeouts }),
  ];
}

function sessionConditions(pod: TmmPod, { timeouts }: Pick<Target, 'timeouts'>): readonly Condition[] {
  const { sessionTimeoutMs, holdTimeMs } = timeouts;
  return [
    {
      key: `sessions ${pod.uid}`,
      bound: { key: `sessions ${pod.uid}`, timeoutMs: sessionTimeoutMs },
      judge: (inspection) => sessionsEstablished(inspection, pod, 0),
    },
    // A session may come up at the last moment and then has to last: that has its own timeout.
    {
      key: `sessions of ${pod.uid} last`,
      bound: { key: `sessions of ${pod.uid} last`, timeoutMs: sessionTimeoutMs + holdTimeMs },
      judge: (inspection) => sessionsEstablished(inspection, pod, holdTimeMs),
    },
  ];
}

/**
 * Whether a node may end without a TMM: a restart promises none, the plan foresaw it, or an approver accepted it. An approved new
 * mapping needs a TMM that uses it.
 */
export function mayEndWithoutTmm(change: Change, node: string): boolean {
  if (knownWithoutTmm(change, node)) return true;
  return !change.plan.differences.some((difference) => difference.node === node && difference.after !== null);
}

/** Whether the approvers know that the node will have no TMM: by a warning of the plan, or because they went on without it. */
export function knownWithoutTmm({ plan, acceptedWithout = [] }: Change, node: string): boolean {
  return acceptedWithout.includes(node) || foresawNoTmm(plan, node);
}

/** Whether it was approved that a node is no longer mapped, as in the rollback of `add`. */
export function mayBeUnmapped({ plan }: Change, node: string | undefined): boolean {
  return plan.differences.some((difference) => difference.node === node && difference.after === null);
}
