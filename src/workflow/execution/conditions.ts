import type { TmmPod } from '../../domain/bgp/snapshot.ts';
import type { Target } from '../../domain/bgp/target.ts';
import type { Change } from '../../domain/change/change.ts';
import { foresawNoTmm } from '../../domain/change/plan.ts';
import { planHolds } from '../../domain/checks/mapping.ts';
import { peersAsConfigured } from '../../domain/checks/peers-as-configured.ts';
import { replacedStillUp } from '../../domain/checks/replaced-still-up.ts';
import { nodeHasTmm, podsOn } from '../../domain/checks/replacements.ts';
import { sessionsEstablished } from '../../domain/checks/sessions-established.ts';
import type { Bound, Condition, Conditions } from './look.ts';
import { journalled } from './run.ts';

// What has to hold at more than one moment of a change.

/** At each attempt: nobody else moved what was approved or what this change wrote. */
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

/** At each attempt: what this change replaced before is still up. */
export function replacedUpFor(change: Change, { timeouts }: Target): Condition {
  const checked = change.journal.filter(({ step, phase }) => step.kind === 'check' && phase === 'found');
  const nodes = [...new Set(checked.map(({ step }) => step.node))];
  return {
    key: 'replaced before',
    bound: { key: 'replaced before', timeoutMs: timeouts.sessionTimeoutMs },
    judge: (inspection) => replacedStillUp(inspection, nodes, timeouts.holdTimeMs),
  };
}

/** Before a change is done: every key holds what was approved, and every node whose pods were replaced peers as it should. */
export function allDone(change: Change, target: Target): Conditions {
  const { plan } = change;
  const bound = { key: 'end', timeoutMs: target.timeouts.sessionTimeoutMs };
  return (state) => [
    planHoldsFor(change, bound),
    ...plan.restarts.flatMap(({ node }): readonly Condition[] => {
      const pods = podsOn(state, node);
      if (pods.length > 0) return pods.flatMap((pod) => sessionConditions(pod, target));
      if (mayEndWithoutTmm(change, node)) return [];
      return [{ key: `node ${node}`, bound, judge: (inspection) => nodeHasTmm(inspection, node) }];
    }),
  ];
}

/** A pod configures its peers when it starts; what is not there after this long was not read. */
const CONFIGURED_WITHIN_MS = 60_000;

/** A pod peers with exactly the peers of its node, and has done so for the hold time. */
export function peeringConditions(pod: TmmPod, { timeouts }: Target): readonly Condition[] {
  const { sessionTimeoutMs } = timeouts;
  return [
    {
      key: `peers ${pod.uid}`,
      bound: { key: `peers ${pod.uid}`, timeoutMs: Math.min(CONFIGURED_WITHIN_MS, sessionTimeoutMs) },
      judge: (inspection) => peersAsConfigured(inspection, pod),
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
    // It comes up at the last moment and then has to last: that has a bound of its own.
    {
      key: `sessions of ${pod.uid} last`,
      bound: { key: `sessions of ${pod.uid} last`, timeoutMs: sessionTimeoutMs + holdTimeMs },
      judge: (inspection) => sessionsEstablished(inspection, pod, holdTimeMs),
    },
  ];
}

/**
 * Whether it is all right that no TMM came back to a node: a restart promises none, the plan foresaw it, or an approver
 * said so. Where a new mapping was approved, somebody has to use it.
 */
export function mayEndWithoutTmm({ plan, acceptedWithout = [] }: Change, node: string): boolean {
  if (acceptedWithout.includes(node) || foresawNoTmm(plan, node)) return true;
  return !plan.differences.some((difference) => difference.node === node && difference.after !== null);
}
