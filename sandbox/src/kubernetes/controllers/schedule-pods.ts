import { type Cluster, timestamp } from '../cluster.ts';
import { withCondition } from '../kinds/condition.ts';
import { type Node, nodeSchema } from '../kinds/node.ts';
import { nodes } from '../kinds/nodes.ts';
import { type Pod, podSchema } from '../kinds/pod.ts';
import { pods } from '../kinds/pods.ts';
import { bindPod } from '../objects/bind-pod.ts';
import { whyNot } from './fits-node.ts';
import { isActive } from './owned-pods.ts';
import { note, writeStatus } from './write.ts';

/** Gives each waiting pod a node that takes it: the one with the fewest of the same owner, the first by name among equals. */
export function schedulePods(cluster: Cluster): void {
  const { store } = cluster;
  const waiting = store
    .list(pods, '')
    .map((object) => podSchema.parse(object))
    .filter((pod) => !pod.spec.nodeName && isActive(pod) && pod.spec.schedulerName === 'default-scheduler');
  if (waiting.length === 0) return;
  const known = store.list(nodes, '').map((object) => nodeSchema.parse(object));
  for (const pod of waiting) schedule(cluster, pod, known);
}

function schedule(cluster: Cluster, pod: Pod, known: readonly Node[]): void {
  const { name, namespace = '' } = pod.metadata;
  const placed = cluster.store
    .list(pods, '')
    .map((object) => podSchema.parse(object))
    .filter(({ spec, status }) => spec.nodeName && status.phase !== 'Succeeded' && status.phase !== 'Failed');
  const on = (node: Node): readonly Pod[] =>
    placed.filter(({ spec }) => spec.nodeName === node.metadata.name);
  const judged = known.map((node) => ({ node, why: whyNot(pod.spec, namespace, node, on(node)) }));
  const owner = ownerOf(pod);
  const siblings = (node: Node): number =>
    on(node).filter((one) => isActive(one) && ownerOf(one) === owner).length;
  const [best] = judged
    .filter(({ why }) => why === undefined)
    .map(({ node }) => ({ node: node.metadata.name, siblings: siblings(node) }))
    .sort((one, other) => one.siblings - other.siblings || (one.node < other.node ? -1 : 1));
  if (best !== undefined) {
    bindPod(cluster, namespace, name, { target: { name: best.node } });
    note(cluster, pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${best.node}`);
    return;
  }
  refuse(
    cluster,
    pod,
    judged.map(({ why = '' }) => why),
    known.length,
  );
}

/** As kube-scheduler says it: `0/5 nodes are available: 1 node(s) were unschedulable, …`. */
function refuse(cluster: Cluster, pod: Pod, reasons: readonly string[], total: number): void {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const list = [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
  const message =
    total === 0 ? 'no nodes available to schedule pods' : `0/${total} nodes are available: ${list}.`;
  const unschedulable = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message };
  const conditions = withCondition(pod.status.conditions, unschedulable, timestamp(cluster.now()));
  writeStatus(cluster, pods, pod, { conditions });
  note(cluster, pod, 'Warning', 'FailedScheduling', message);
}

function ownerOf({ metadata }: Pod): string {
  return metadata.ownerReferences?.find(({ controller }) => controller)?.uid ?? '';
}
