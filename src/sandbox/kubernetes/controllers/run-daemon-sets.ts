import { createHash } from 'node:crypto';
import type { Cluster } from '../cluster.ts';
import { type DaemonSet, daemonSetRollingUpdateSchema, daemonSetSchema } from '../kinds/daemon-set.ts';
import { countOf } from '../kinds/int-or-percent.ts';
import { type Node, nodeSchema } from '../kinds/node.ts';
import { nodes } from '../kinds/nodes.ts';
import type { Pod } from '../kinds/pod.ts';
import type { PodTemplate } from '../kinds/pod-template.ts';
import { pods } from '../kinds/pods.ts';
import { daemonSets } from '../kinds/workloads.ts';
import { deleteObject } from '../objects/delete-object.ts';
import { whyNot } from './fits-node.ts';
import { createPod, isActive, isReady, podsOf } from './owned-pods.ts';
import { isEnding, writeStatus } from './write.ts';

const HASH = 'controller-revision-hash';

/** One pod on every node that takes it; it comes back to its node once the old one is really gone. */
export function runDaemonSets(cluster: Cluster): void {
  for (const object of cluster.store.list(daemonSets, '')) {
    const daemonSet = daemonSetSchema.parse(object);
    const hash = createHash('sha256')
      .update(JSON.stringify(daemonSet.spec.template))
      .digest('hex')
      .slice(0, 10);
    const fitting = fittingNodes(cluster, daemonSet);
    if (!isEnding(daemonSet)) {
      place(cluster, daemonSet, fitting, hash);
      replaceOld(cluster, daemonSet, hash, fitting.length);
    }
    const all = podsOf(cluster, daemonSet).filter(isActive);
    const ready = all.filter(isReady).length;
    writeStatus(cluster, daemonSets, object, {
      observedGeneration: daemonSet.metadata.generation ?? 1,
      desiredNumberScheduled: fitting.length,
      currentNumberScheduled: all.length,
      numberMisscheduled: 0,
      numberReady: ready,
      numberAvailable: ready,
      numberUnavailable: Math.max(0, fitting.length - ready),
      updatedNumberScheduled: all.filter((pod) => pod.metadata.labels?.[HASH] === hash).length,
    });
  }
}

function fittingNodes({ store }: Cluster, daemonSet: DaemonSet): readonly string[] {
  const { spec } = forNode(daemonSet.spec.template, '');
  const bare = { ...spec, affinity: daemonSet.spec.template.spec.affinity };
  return store
    .list(nodes, '')
    .map((object): Node => nodeSchema.parse(object))
    .filter((node) => whyNot(bare, daemonSet.metadata.namespace ?? '', node, []) === undefined)
    .map(({ metadata }) => metadata.name);
}

function place(cluster: Cluster, daemonSet: DaemonSet, fitting: readonly string[], hash: string): void {
  const standing = new Map<string, Pod[]>();
  for (const pod of podsOf(cluster, daemonSet)) {
    const node = nodeOf(pod);
    standing.set(node, [...(standing.get(node) ?? []), pod]);
  }
  for (const [node, there] of standing) {
    if (fitting.includes(node)) continue;
    for (const pod of there.filter(isActive)) deleteObject(cluster, pods, pod);
  }
  for (const node of fitting) {
    if (!standing.has(node))
      createPod(cluster, daemonSet, forNode(daemonSet.spec.template, node), { [HASH]: hash });
  }
}

/** Takes pods of an older template, no more at a time than may be missing. */
function replaceOld(cluster: Cluster, { spec, ...daemonSet }: DaemonSet, hash: string, wanted: number): void {
  if (spec.updateStrategy.type !== 'RollingUpdate') return;
  const { maxUnavailable } = daemonSetRollingUpdateSchema.parse(spec.updateStrategy.rollingUpdate ?? {});
  const all = podsOf(cluster, { ...daemonSet, spec });
  const missing = wanted - all.filter((pod) => isActive(pod) && isReady(pod)).length;
  const mayMiss = Math.max(1, countOf(maxUnavailable, wanted, 'up'));
  const old = all.filter((pod) => isActive(pod) && pod.metadata.labels?.[HASH] !== hash);
  for (const pod of old.slice(0, Math.max(0, mayMiss - missing))) deleteObject(cluster, pods, pod);
}

function nodeOf({ spec }: Pod): string {
  const terms =
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return spec.nodeName || (terms?.[0]?.matchFields?.[0]?.values?.[0] ?? '');
}

const DAEMON_TOLERATIONS = [
  'not-ready',
  'unreachable',
  'disk-pressure',
  'memory-pressure',
  'pid-pressure',
  'unschedulable',
].map((name) => ({
  key: `node.kubernetes.io/${name}`,
  operator: 'Exists',
  effect: name === 'not-ready' || name === 'unreachable' ? 'NoExecute' : 'NoSchedule',
}));

/** The template, bound to one node by affinity as the real controller does; the scheduler does the rest. */
function forNode(template: PodTemplate, node: string): PodTemplate {
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [node] }];
  const nodeAffinity = {
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
  };
  const tolerations = [...(template.spec.tolerations ?? []), ...DAEMON_TOLERATIONS];
  return {
    ...template,
    spec: { ...template.spec, tolerations, affinity: { ...template.spec.affinity, nodeAffinity } },
  };
}
