import type { Cluster } from '../cluster.ts';
import { type DaemonSet, daemonSetRollingUpdateSchema, daemonSetSchema } from '../kinds/daemon-set.ts';
import { countOf } from '../kinds/int-or-percent.ts';
import { nodeSchema } from '../kinds/node.ts';
import { nodes } from '../kinds/nodes.ts';
import type { Pod } from '../kinds/pod.ts';
import { pods } from '../kinds/pods.ts';
import { daemonSets } from '../kinds/workloads.ts';
import { deleteObject } from '../objects/delete-object.ts';
import { claim } from './claim.ts';
import { daemonTemplate, nodeOf } from './daemon-template.ts';
import { mayStay, whyNot } from './fits-node.ts';
import { createPod, isActive, isReady, podsOf } from './owned-pods.ts';
import { templateHash } from './template-hash.ts';
import { isEnding, writeStatus } from './write.ts';

const HASH = 'controller-revision-hash';

interface Places {
  /** Nodes that should have a pod. */
  readonly wanted: readonly string[];
  /** Nodes that get no new pod, but leave the one that stands there. */
  readonly tolerated: readonly string[];
}

/** One pod on every node that takes it; it comes back to its node once the old one is really gone. */
export function runDaemonSets(cluster: Cluster): void {
  for (const object of cluster.store.list(daemonSets, '')) {
    const daemonSet = daemonSetSchema.parse(object);
    const hash = templateHash(daemonSet.spec.template);
    const places = placesFor(cluster, daemonSet);
    if (!isEnding(daemonSet)) {
      claim(cluster, daemonSet, daemonSet.spec.selector, pods);
      place(cluster, daemonSet, places, hash);
      replaceOld(cluster, daemonSet, places, hash);
    }
    const active = podsOf(cluster, daemonSet).filter(isActive);
    const placed = active.filter((pod) => places.wanted.includes(nodeOf(pod)));
    const ready = placed.filter(isReady).length;
    writeStatus(cluster, daemonSets, object, {
      observedGeneration: daemonSet.metadata.generation ?? 1,
      desiredNumberScheduled: places.wanted.length,
      currentNumberScheduled: placed.length,
      numberMisscheduled: active.length - placed.length,
      numberReady: ready,
      numberAvailable: ready,
      numberUnavailable: Math.max(0, places.wanted.length - ready),
      updatedNumberScheduled: placed.filter(isOf(hash)).length,
    });
  }
}

function placesFor({ store }: Cluster, { metadata, spec }: DaemonSet): Places {
  // Its own node affinity decides here; that of its pods names the one node each.
  const { affinity } = spec.template.spec;
  const pod = { ...daemonTemplate(spec.template, '').spec, affinity };
  const known = store.list(nodes, '').map((object) => nodeSchema.parse(object));
  const takes = known.filter((node) => whyNot(pod, metadata.namespace ?? '', node, []) === undefined);
  const keeps = known.filter((node) => !takes.includes(node) && mayStay(pod, node));
  return { wanted: takes.map(nameOf), tolerated: keeps.map(nameOf) };
}

function nameOf({ metadata }: { readonly metadata: { readonly name: string } }): string {
  return metadata.name;
}

function isOf(hash: string): (pod: Pod) => boolean {
  return ({ metadata }) => metadata.labels?.[HASH] === hash;
}

function place(cluster: Cluster, daemonSet: DaemonSet, { wanted, tolerated }: Places, hash: string): void {
  const all = podsOf(cluster, daemonSet);
  const misplaced = (pod: Pod): boolean =>
    !wanted.includes(nodeOf(pod)) && !tolerated.includes(nodeOf(pod)) && isActive(pod);
  const failed = all.filter((pod) => !isActive(pod) && !isEnding(pod));
  for (const pod of [...failed, ...all.filter(misplaced)]) deleteObject(cluster, pods, pod);
  const taken = podsOf(cluster, daemonSet).map(nodeOf);
  for (const node of wanted.filter((one) => !taken.includes(one))) {
    const template = daemonTemplate(daemonSet.spec.template, node);
    if (!createPod(cluster, daemonSet, template, { [HASH]: hash })) return;
  }
}

/** Takes pods of an older template: those that do not serve at once, of the others no more than may be missing. */
function replaceOld(cluster: Cluster, daemonSet: DaemonSet, { wanted }: Places, hash: string): void {
  const { type, rollingUpdate } = daemonSet.spec.updateStrategy;
  if (type !== 'RollingUpdate') return;
  const { maxUnavailable } = daemonSetRollingUpdateSchema.parse(rollingUpdate ?? {});
  const mayMiss = Math.max(1, countOf(maxUnavailable, wanted.length, 'up'));
  const active = podsOf(cluster, daemonSet).filter((pod) => isActive(pod) && wanted.includes(nodeOf(pod)));
  const old = active.filter((pod) => !isOf(hash)(pod));
  const idle = old.filter((pod) => !isReady(pod));
  const missing = wanted.length - active.filter(isReady).length - idle.length;
  const serving = old.filter(isReady).slice(0, Math.max(0, mayMiss - missing));
  for (const pod of [...idle, ...serving]) deleteObject(cluster, pods, pod);
}
