import type { Node, NodeExpression, NodeTerm, Taint, TmmPod, Toleration } from './snapshot.ts';

/** What happens to the replacement of a pod that cannot run on the same node. */
export interface Displacement {
  /** It runs on another node, is unscheduled until a node accepts it (`pending`), or is not created (`none`). */
  readonly replacement: 'elsewhere' | 'pending' | 'none';
  /** What keeps it off the node, such as `cordoned`; shown to people. */
  readonly why: string;
}

/**
 * Whether the pod that replaces this one cannot run on its node, as scheduler and DaemonSet controller decide it; undefined where
 * nothing is known to keep it away. Criteria beyond node, taints and node affinity (resources, pod affinity) are not read, so
 * undefined promises nothing.
 * @param nodes all nodes of the cluster; called only where the pod's own node does not accept it
 */
export function displacementOf(
  pod: SchedulablePod,
  node: Node,
  nodes: () => readonly Node[],
): Displacement | undefined {
  if (pod.owner === undefined) return { replacement: 'none', why: 'it has no controller' };
  const why = keepsAway(pod, node);
  if (why === undefined) return undefined;
  // A DaemonSet keeps one pod for each node that accepts it, and none for the others.
  if (pod.owner.kind === 'DaemonSet') return { replacement: 'none', why };
  const taken = nodes().some((other) => other.name !== node.name && keepsAway(pod, other) === undefined);
  return { replacement: taken ? 'elsewhere' : 'pending', why };
}

export type SchedulablePod = Pick<TmmPod, 'owner' | 'placement'>;

/** The first thing that keeps this controller's next pod off a node. */
function keepsAway({ owner, placement }: SchedulablePod, node: Node): string | undefined {
  const tolerations = [
    ...(placement?.tolerations ?? []),
    ...(owner?.kind === 'DaemonSet' ? DAEMON_TOLERATIONS : []),
  ];
  const refusing = taintsOf(node).find(
    (taint) =>
      (placement !== undefined || SPOKEN_FOR.has(taint.key)) &&
      !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
  if (refusing !== undefined) return describeTaint(refusing);
  if (placement === undefined) return undefined;
  const missing = Object.entries(placement.nodeSelector).find(
    ([label, value]) => labelOf(node, label) !== value,
  );
  if (missing !== undefined)
    return `its node selector requires the label ${missing[0]}=${missing[1]}, which the node does not have`;
  const { nodeAffinity } = placement;
  return nodeAffinity.length === 0 || nodeAffinity.some((term) => meetsTerm(node, term))
    ? undefined
    : 'its required node affinity does not match the node';
}

const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';
const NOT_READY = 'node.kubernetes.io/not-ready';
const UNREACHABLE = 'node.kubernetes.io/unreachable';
/** Taints that follow from the node's own state, so that they count even where the pod's tolerations were not read. */
const SPOKEN_FOR: ReadonlySet<string> = new Set([UNSCHEDULABLE, NOT_READY, UNREACHABLE]);

/**
 * Tolerations that the DaemonSet controller adds to each of its pods; for pods on the host's network it adds one more, which is
 * read with the pod. https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#taints-and-tolerations
 */
const DAEMON_TOLERATIONS: readonly Toleration[] = [
  { key: NOT_READY, operator: 'Exists', effect: 'NoExecute' },
  { key: UNREACHABLE, operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: UNSCHEDULABLE, operator: 'Exists', effect: 'NoSchedule' },
];

/** The taints that keep pods away, including those that follow from the node's state and may not be set yet. */
function taintsOf({ ready, cordoned, taints = [] }: Node): readonly Taint[] {
  const has = (...keys: readonly string[]): boolean => taints.some(({ key }) => keys.includes(key));
  const implied = (key: string): Taint => ({ key, value: '', effect: 'NoSchedule' });
  return [
    ...(cordoned && !has(UNSCHEDULABLE) ? [implied(UNSCHEDULABLE)] : []),
    ...(ready || has(NOT_READY, UNREACHABLE) ? [] : [implied(NOT_READY)]),
    ...taints.filter(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute'),
  ];
}

/** https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
function tolerates(toleration: Toleration, taint: Taint): boolean {
  const { key = '', operator, value = '', effect = '' } = toleration;
  if (effect !== '' && effect !== taint.effect) return false;
  if (key === '') return operator === 'Exists';
  return key === taint.key && (operator === 'Exists' || value === taint.value);
}

function describeTaint({ key, value, effect }: Taint): string {
  if (key === UNSCHEDULABLE) return 'cordoned';
  if (key === NOT_READY || key === UNREACHABLE) return 'not Ready';
  return `taint ${key}${value === '' ? '' : `=${value}`}:${effect} is not tolerated`;
}

/** A term without expressions matches no node. */
function meetsTerm(node: Node, term: NodeTerm): boolean {
  return term.length > 0 && term.every((expression) => meets(node, expression));
}

function meets(node: Node, { key, operator, values }: NodeExpression): boolean {
  const held = key === 'metadata.name' ? node.name : labelOf(node, key);
  switch (operator) {
    case 'In':
      return held !== undefined && values.includes(held);
    case 'NotIn':
      return held === undefined || !values.includes(held);
    case 'Exists':
      return held !== undefined;
    case 'DoesNotExist':
      return held === undefined;
    case 'Gt':
    case 'Lt': {
      const [is, bound] = [integer(held), integer(values.length === 1 ? values[0] : undefined)];
      return is !== undefined && bound !== undefined && (operator === 'Gt' ? is > bound : is < bound);
    }
  }
}

function integer(text: string | undefined): bigint | undefined {
  return text !== undefined && /^[+-]?\d{1,19}$/.test(text) ? BigInt(text.replace(/^\+/, '')) : undefined;
}

function labelOf({ labels = {} }: Node, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
