import type { Target } from '../../domain/bgp/target.ts';
import type { Difference, Plan } from '../../domain/change/plan.ts';
import { anotherTmmCarriesTraffic } from '../../domain/checks/another-tmm-carries-traffic.ts';
import { replacementsIn } from '../../domain/checks/baseline.ts';
import { mappingAsPlanned, mappingWritten } from '../../domain/checks/mapping-as-planned.ts';
import { peersAsConfigured } from '../../domain/checks/peers-as-configured.ts';
import { evictedPodsGone, replacementExists, replacementReady } from '../../domain/checks/pod-replaced.ts';
import { prefixesAsBefore } from '../../domain/checks/prefixes-as-before.ts';
import { sessionsEstablished } from '../../domain/checks/sessions-established.ts';
import { deletePod, evictPod, type PlannedPod, writeMapping } from './effects.ts';
import type { Condition } from './look.ts';
import type { GuardedStep } from './perform.ts';

/** Node by node, so that a halt leaves the nodes behind it as they were, in the ConfigMap too. */
export function stepsOf(plan: Plan, target: Target): readonly GuardedStep[] {
  const nodes = [...new Set([...plan.differences, ...plan.restarts].map(({ node }) => node))];
  const rolling = plan.strategy === 'rolling' ? plan.restarts : [];
  const steps = nodes.flatMap((node): readonly GuardedStep[] => [
    ...plan.differences
      .filter((difference) => difference.node === node)
      .map((difference) => mappingStep(difference, target)),
    ...rolling
      .filter((restart) => restart.node === node)
      .flatMap(({ pods }) => pods.map((pod) => rollingStep({ ...pod, node }, plan, target))),
  ]);
  return plan.strategy === 'all at once' ? [...steps, atOnceStep(plan, target)] : steps;
}

/** Writes one node's mapping. */
function mappingStep(difference: Difference, target: Target): GuardedStep {
  const { evictionTimeoutMs } = target.timeouts;
  const bound = { key: 'mapping', timeoutMs: evictionTimeoutMs };
  return {
    preconditions: () => [
      { key: 'mapping as planned', bound, judge: (inspection) => mappingAsPlanned(inspection, difference) },
    ],
    effects: [writeMapping(difference, target)],
    postconditions: () => () => [
      { key: 'mapping written', bound, judge: (inspection) => mappingWritten(inspection, difference) },
    ],
    readTimeoutMs: { before: evictionTimeoutMs, after: evictionTimeoutMs },
  };
}

/** Evicts one TMM pod, and waits until its replacement peers as its own node should. */
function rollingStep(pod: PlannedPod, { allowOutage }: Plan, target: Target): GuardedStep {
  const bound = { key: 'carrying', timeoutMs: target.timeouts.evictionTimeoutMs };
  const carries: Condition = {
    key: 'another TMM carries traffic',
    bound,
    judge: (inspection) => anotherTmmCarriesTraffic(inspection, pod.uid),
  };
  return {
    preconditions: () => (allowOutage ? [] : [carries]),
    effects: [evictPod(pod, target)],
    ...afterEviction([pod.uid], target),
  };
}

/** The doc's `kubectl delete pods -l app=f5-tmm`: all these pods at the same time. */
function atOnceStep({ restarts }: Plan, target: Target): GuardedStep {
  const pods = restarts.flatMap(({ node, pods: here }) => here.map((pod): PlannedPod => ({ ...pod, node })));
  return {
    preconditions: () => [],
    effects: pods.map((pod) => deletePod(pod, target)),
    ...afterEviction(
      pods.map(({ uid }) => uid),
      target,
    ),
  };
}

/** A pod configures its peers when it starts; what is not there after this long was not read. */
const CONFIGURED_WITHIN_MS = 60_000;

/** As many replacements as pods went are Ready, have the right peers, are Established and announce as much as before. */
function afterEviction(
  evicted: readonly string[],
  { timeouts }: Target,
): Pick<GuardedStep, 'postconditions' | 'readTimeoutMs'> {
  const replacement = { key: 'replacement', timeoutMs: timeouts.replacementTimeoutMs };
  const ms = timeouts.sessionTimeoutMs;
  return {
    postconditions: (before) => (state) => [
      { key: 'ready', bound: replacement, judge: (inspection) => replacementReady(inspection, before) },
      { key: 'gone', bound: replacement, judge: (inspection) => evictedPodsGone(inspection, evicted) },
      {
        key: 'exists',
        bound: replacement,
        judge: (inspection) => replacementExists(inspection, evicted.length, before),
      },
      ...replacementsIn(state, before).flatMap((pod): readonly Condition[] => [
        {
          key: `peers ${pod.uid}`,
          bound: { key: `peers ${pod.uid}`, timeoutMs: Math.min(CONFIGURED_WITHIN_MS, ms) },
          judge: (inspection) => peersAsConfigured(inspection, pod),
        },
        {
          key: `sessions ${pod.uid}`,
          bound: { key: `sessions ${pod.uid}`, timeoutMs: ms },
          judge: (inspection) => sessionsEstablished(inspection, pod),
        },
        {
          key: `prefixes ${pod.uid}`,
          bound: { key: `prefixes ${pod.uid}`, timeoutMs: ms },
          judge: (inspection) => prefixesAsBefore(inspection, pod, before),
        },
      ]),
    ],
    readTimeoutMs: { before: timeouts.evictionTimeoutMs, after: timeouts.replacementTimeoutMs },
  };
}
