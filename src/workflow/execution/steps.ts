import type { Inspection } from '../../domain/bgp/inspection.ts';
import type { Target } from '../../domain/bgp/target.ts';
import type { Change } from '../../domain/change/change.ts';
import { type Difference, nodesOf, type Plan } from '../../domain/change/plan.ts';
import { anotherTmmCarries } from '../../domain/checks/another-tmm-carries.ts';
import type { Judgement } from '../../domain/checks/check.ts';
import { controllerSettled } from '../../domain/checks/controller-settled.ts';
import { lookupWritable, mappedForReplacement } from '../../domain/checks/mapping.ts';
import { nodeTakesReplacement } from '../../domain/checks/node-takes-replacement.ts';
import { prefixesAsBefore } from '../../domain/checks/prefixes-as-before.ts';
import {
  evictedPodsGone,
  nodeHasTmm,
  replacementsExist,
  replacementsOf,
  replacementsReady,
} from '../../domain/checks/replacements.ts';
import {
  knownWithoutTmm,
  mayBeUnmapped,
  mayEndWithoutTmm,
  peeringConditions,
  planHoldsFor,
  replacedUpFor,
} from './conditions.ts';
import { deleteEffect, evictEffect, type PlannedPod, writeEffect } from './effects.ts';
import type { GuardedStep } from './guarded-step.ts';
import type { Condition } from './look.ts';

/** Node by node, so that a halt leaves the later nodes unchanged, in the ConfigMap too. */
export function stepsOf(plan: Plan, target: Target): readonly GuardedStep[] {
  const rolling = plan.strategy === 'rolling' ? plan.restarts : [];
  const steps = nodesOf(plan).flatMap((node): readonly GuardedStep[] => [
    ...plan.differences
      .filter((difference) => difference.node === node)
      .map((difference) => mappingStep(difference, plan, target)),
    ...rolling
      .filter((restart) => restart.node === node)
      .flatMap(({ pods }) => pods.map((pod) => rollingStep({ ...pod, node }, plan, target))),
  ]);
  return plan.strategy === 'all at once' ? [...steps, atOnceStep(plan, target)] : steps;
}

/** Writes one node's mapping. */
function mappingStep(difference: Difference, plan: Plan, target: Target): GuardedStep {
  const { evictionTimeoutMs } = target.timeouts;
  const bound = { key: 'mapping', timeoutMs: evictionTimeoutMs };
  return {
    preconditions: (change) => () => [
      planHoldsFor(change, bound),
      { key: 'writable', bound, judge: (inspection) => lookupWritable(inspection, difference) },
    ],
    effects: [writeEffect(difference, plan, target)],
    readTimeoutMs: { before: evictionTimeoutMs, after: evictionTimeoutMs },
  };
}

/** Evicts one TMM pod, and waits until its replacement peers as the replacement's node should. */
function rollingStep(pod: PlannedPod, { allowOutage, restarts }: Plan, target: Target): GuardedStep {
  const { evictionTimeoutMs, replacementTimeoutMs, holdTimeMs } = target.timeouts;
  const planned = new Set(restarts.flatMap(({ pods }) => pods.map(({ uid }) => uid)));
  return {
    preconditions: (change, atMs) => () => [
      planHoldsFor(change, { key: 'mapping', timeoutMs: evictionTimeoutMs }),
      mappedFor(pod, change, evictionTimeoutMs),
      ...(knownWithoutTmm(change, pod.node) || mayBeUnmapped(change, pod.node)
        ? []
        : [
            {
              key: 'node',
              bound: { key: 'node', timeoutMs: evictionTimeoutMs },
              judge: (inspection: Inspection) => nodeTakesReplacement(inspection, pod, planned),
            },
          ]),
      {
        key: 'controller settled',
        bound: { key: 'rollout', timeoutMs: replacementTimeoutMs },
        judge: (inspection) => controllerSettled(inspection, planned, atMs),
      },
      replacedUpFor(change, target),
      ...(allowOutage
        ? []
        : [
            {
              key: 'another TMM carries traffic',
              bound: { key: 'carrying', timeoutMs: evictionTimeoutMs + holdTimeMs },
              judge: (inspection: Inspection): Judgement =>
                anotherTmmCarries(inspection, pod.uid, holdTimeMs),
            },
          ]),
    ],
    nodes: [pod.node],
    effects: [evictEffect(pod, target)],
    ...afterEviction([pod], target),
  };
}

/** F5's documented `kubectl delete pods -l app=f5-tmm`: all these pods at the same time. */
function atOnceStep({ restarts }: Plan, target: Target): GuardedStep {
  const { evictionTimeoutMs, replacementTimeoutMs } = target.timeouts;
  const pods = restarts.flatMap(({ node, pods: here }) => here.map((pod): PlannedPod => ({ ...pod, node })));
  const planned = new Set(pods.map(({ uid }) => uid));
  return {
    preconditions: (change, atMs) => () => [
      planHoldsFor(change, { key: 'mapping', timeoutMs: evictionTimeoutMs }),
      ...pods.map((pod) => mappedFor(pod, change, evictionTimeoutMs)),
      {
        key: 'controller settled',
        bound: { key: 'rollout', timeoutMs: replacementTimeoutMs },
        judge: (inspection) => controllerSettled(inspection, planned, atMs),
      },
    ],
    effects: pods.map((pod) => deleteEffect(pod, target)),
    ...afterEviction(pods, target),
  };
}

function mappedFor(pod: PlannedPod, change: Change, timeoutMs: number): Condition {
  return {
    key: `mapped ${pod.uid}`,
    bound: { key: 'mapping', timeoutMs },
    judge: (inspection) => mappedForReplacement(inspection, pod, mayBeUnmapped(change, pod.node)),
  };
}

/** The controller has the desired pods, replacements are Ready, have the peers of their nodes, and announce as before. */
function afterEviction(
  evicted: readonly PlannedPod[],
  target: Target,
): Pick<GuardedStep, 'postconditions' | 'readTimeoutMs'> {
  const { timeouts } = target;
  const bound = { key: 'replacement', timeoutMs: timeouts.replacementTimeoutMs };
  const nodes = [...new Set(evicted.map(({ node }) => node))];
  return {
    postconditions: (before, change) => (state) => [
      planHoldsFor(change, bound),
      { key: 'ready', bound, judge: (inspection) => replacementsReady(inspection, evicted, before) },
      { key: 'gone', bound, judge: (inspection) => evictedPodsGone(inspection, evicted) },
      { key: 'exists', bound, judge: (inspection) => replacementsExist(inspection, evicted, before) },
      ...nodes
        .filter((node) => !mayEndWithoutTmm(change, node))
        .map((node) => ({
          key: `node ${node}`,
          bound,
          judge: (inspection: Inspection) => nodeHasTmm(inspection, node),
        })),
      ...replacementsOf(state, evicted, before).flatMap((pod) => [
        ...peeringConditions(pod, change, target),
        {
          key: `prefixes ${pod.uid}`,
          bound: { key: `prefixes ${pod.uid}`, timeoutMs: timeouts.sessionTimeoutMs },
          judge: (inspection: Inspection): Judgement => prefixesAsBefore(inspection, pod, before),
        },
      ]),
    ],
    readTimeoutMs: { before: timeouts.evictionTimeoutMs, after: timeouts.replacementTimeoutMs },
  };
}
