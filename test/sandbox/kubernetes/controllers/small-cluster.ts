import type { Cluster } from '../../../../sandbox/src/kubernetes/cluster.ts';
import { namespaces } from '../../../../sandbox/src/kubernetes/kinds/namespaces.ts';
import { nodes } from '../../../../sandbox/src/kubernetes/kinds/nodes.ts';
import { type Pod, podSchema } from '../../../../sandbox/src/kubernetes/kinds/pod.ts';
import { pods } from '../../../../sandbox/src/kubernetes/kinds/pods.ts';
import type { KubernetesObject } from '../../../../sandbox/src/kubernetes/kubernetes-object.ts';
import { createObject } from '../../../../sandbox/src/kubernetes/objects/create-object.ts';
import { deleteObject } from '../../../../sandbox/src/kubernetes/objects/delete-object.ts';
import { patchObject } from '../../../../sandbox/src/kubernetes/objects/patch-object.ts';
import type { Resource } from '../../../../sandbox/src/kubernetes/resource.ts';
import { startControllers } from '../../../../sandbox/src/kubernetes/start-controllers.ts';
import { createStore } from '../../../../sandbox/src/kubernetes/store.ts';
import { playKubelet, type StandInKubelet } from './stand-in-kubelet.ts';

export const HOME = 'spk-ingress';

export interface SmallCluster {
  readonly cluster: Cluster;
  readonly kubelet: StandInKubelet;
  create(resource: Resource, body: object): KubernetesObject;
  /** Of the namespace `spk-ingress`, or of the cluster where the kind has none. */
  get(resource: Resource, name: string): KubernetesObject;
  find(resource: Resource, name: string): KubernetesObject | undefined;
  patch(resource: Resource, name: string, patch: object): void;
  remove(resource: Resource, name: string, propagationPolicy?: 'Orphan' | 'Background' | 'Foreground'): void;
  pods(): readonly Pod[];
  /** Ready, and not on their way out. */
  serving(): readonly Pod[];
  stop(): void;
}

/** Nodes that are Ready, one namespace, the controllers, and a stand-in for the kubelet. */
export function startSmallCluster(nodeNames: readonly string[]): SmallCluster {
  const cluster: Cluster = { store: createStore(10_000), now: Date.now };
  const at = ({ namespaced }: Resource): string => (namespaced ? HOME : '');
  const create = (resource: Resource, body: object): KubernetesObject =>
    createObject(cluster, resource, at(resource), body);
  const find = (resource: Resource, name: string): KubernetesObject | undefined =>
    cluster.store.get(resource, at(resource), name);
  const get = (resource: Resource, name: string): KubernetesObject => {
    const object = find(resource, name);
    if (object === undefined) throw new Error(`there is no ${resource.kind} ${name}`);
    return object;
  };
  create(namespaces, { metadata: { name: HOME } });
  for (const name of nodeNames) create(nodes, readyNode(name));
  const controllers = startControllers(cluster);
  const kubelet = playKubelet(cluster);
  const allPods = (): readonly Pod[] => cluster.store.list(pods, HOME).map((one) => podSchema.parse(one));
  return {
    cluster,
    kubelet,
    create,
    get,
    find,
    patch(resource, name, patch) {
      const contentType = 'application/merge-patch+json';
      const text = JSON.stringify(patch);
      const where = { namespace: at(resource), name };
      patchObject(cluster, resource, where, { contentType, text }, { subresource: '', force: false });
    },
    remove(resource, name, propagationPolicy = 'Background') {
      deleteObject(cluster, resource, get(resource, name), { propagationPolicy });
    },
    pods: allPods,
    serving: () => allPods().filter(isServing),
    stop() {
      controllers.stop();
      kubelet.stop();
    },
  };
}

export function readyNode(name: string, labels: Readonly<Record<string, string>> = {}): object {
  const conditions = [{ type: 'Ready', status: 'True' }];
  return {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    status: { conditions },
  };
}

function isServing({ metadata, status }: Pod): boolean {
  const isReady = status.conditions?.some((one) => one.type === 'Ready' && one.status === 'True');
  return metadata.deletionTimestamp === undefined && isReady === true;
}
