import { isTrue } from '../kinds/condition.ts';
import type { Node, Taint } from '../kinds/node.ts';
import type { Pod } from '../kinds/pod.ts';
import type { NodeSelectorTerm, PodSpec, Toleration } from '../kinds/pod-spec.ts';
import { matchesRequirement, matchesSelector } from '../label-selector.ts';

/** Why a pod may not run on a node, in the scheduler's words; undefined when it may. */
export function whyNot(
  spec: PodSpec,
  namespace: string,
  node: Node,
  podsThere: readonly Pod[],
): string | undefined {
  if (!isTrue(node.status.conditions, 'Ready'))
    return 'node(s) had untolerated taint {node.kubernetes.io/not-ready: }';
  if (node.spec.unschedulable === true && !tolerates(spec, UNSCHEDULABLE))
    return 'node(s) were unschedulable';
  const taint = node.spec.taints?.find((one) => one.effect !== 'PreferNoSchedule' && !tolerates(spec, one));
  if (taint !== undefined) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
  if (!wants(spec, node)) return "node(s) didn't match Pod's node affinity/selector";
  return repelled(spec, namespace, podsThere) ? "node(s) didn't match pod anti-affinity rules" : undefined;
}

/** Whether a DaemonSet leaves its pod on a node that takes no new one: only a taint that drives out ends it. */
export function mayStay(spec: PodSpec, node: Node): boolean {
  const drivesOut = node.spec.taints?.some((one) => one.effect === 'NoExecute' && !tolerates(spec, one));
  return wants(spec, node) && drivesOut !== true;
}

const UNSCHEDULABLE: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

function tolerates({ tolerations = [] }: PodSpec, taint: Taint): boolean {
  return tolerations.some(
    ({ key, operator = 'Equal', value = '', effect }: Toleration) =>
      (effect === undefined || effect === '' || effect === taint.effect) &&
      ((key ?? '') === '' ? operator === 'Exists' : key === taint.key) &&
      (operator === 'Exists' || value === (taint.value ?? '')),
  );
}

/** Whether node selector and required node affinity name this node. */
function wants({ nodeSelector = {}, affinity }: PodSpec, { metadata }: Node): boolean {
  const labels = metadata.labels ?? {};
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const fits = ({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm): boolean =>
    matchExpressions.every((one) => matchesRequirement(one, labels)) &&
    matchFields.every((one) => matchesRequirement(one, { 'metadata.name': metadata.name }));
  return (
    Object.entries(nodeSelector).every(([key, value]) => labels[key] === value) && (terms?.some(fits) ?? true)
  );
}

/** Whether a pod on the node is one that this pod must not stand beside. Only the topology of hosts is known here. */
function repelled({ affinity }: PodSpec, namespace: string, podsThere: readonly Pod[]): boolean {
  const terms = affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms.some(({ labelSelector, namespaces = [namespace], topologyKey }) =>
    podsThere.some(
      ({ metadata }) =>
        topologyKey === 'kubernetes.io/hostname' &&
        namespaces.includes(metadata.namespace ?? '') &&
        matchesSelector(labelSelector, metadata.labels ?? {}),
    ),
  );
}
