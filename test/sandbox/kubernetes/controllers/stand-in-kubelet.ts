import type { Cluster } from '../../../../sandbox/src/kubernetes/cluster.ts';
import { type Pod, podSchema } from '../../../../sandbox/src/kubernetes/kinds/pod.ts';
import { pods } from '../../../../sandbox/src/kubernetes/kinds/pods.ts';
import { deleteObject } from '../../../../sandbox/src/kubernetes/objects/delete-object.ts';
import { updateObject } from '../../../../sandbox/src/kubernetes/objects/update-object.ts';

export interface StandInKubelet {
  /** From now on pods that end stay, until `letGo`. */
  hold(): void;
  letGo(): void;
  stop(): void;
}

/** A pod with this annotation runs, but never gets Ready. */
export const NEVER_READY = 'test/never-ready';

const STARTS_AFTER_MS = 15;
const ENDS_AFTER_MS = 25;

/** Runs whatever is bound to a node, and lets go of what ends; on the objects alone. */
export function playKubelet(cluster: Cluster): StandInKubelet {
  const timers = new Set<NodeJS.Timeout>();
  const done = new Set<string>();
  let holding = false;
  const later = (ms: number, act: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms);
    timers.add(timer);
  };
  const once = (mark: string, act: () => void): void => {
    if (done.has(mark)) return;
    done.add(mark);
    act();
  };
  const look = (pod: Pod): void => {
    const { uid, deletionTimestamp } = pod.metadata;
    if (!pod.spec.nodeName) return;
    if (deletionTimestamp === undefined)
      once(`start ${uid}`, () => later(STARTS_AFTER_MS, () => run(cluster, pod)));
    else if (!holding) once(`end ${uid}`, () => later(ENDS_AFTER_MS, () => end(cluster, pod)));
  };
  const lookAtAll = (): void => {
    for (const object of cluster.store.list(pods, '')) look(podSchema.parse(object));
  };
  const stopListening = cluster.store.subscribe(({ resource, type, object }) => {
    if (resource === pods && type !== 'DELETED') look(podSchema.parse(object));
  });
  lookAtAll();
  return {
    hold() {
      holding = true;
    },
    letGo() {
      holding = false;
      lookAtAll();
    },
    stop() {
      stopListening();
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

function run(cluster: Cluster, { metadata: { name, namespace = '', uid, annotations } }: Pod): void {
  const object = cluster.store.get(pods, namespace, name);
  if (object?.metadata.uid !== uid) return;
  const { status } = podSchema.parse(object);
  const isReady = annotations?.[NEVER_READY] === undefined;
  const others = (status.conditions ?? []).filter(({ type }) => type !== 'Ready');
  const conditions = [...others, { type: 'Ready', status: isReady ? 'True' : 'False' }];
  const running = { ...object, status: { ...status, phase: 'Running', conditions } };
  updateObject(cluster, pods, object, running, { subresource: 'status', fieldManager: 'kubelet' });
}

function end(cluster: Cluster, { metadata: { name, namespace = '', uid } }: Pod): void {
  const object = cluster.store.get(pods, namespace, name);
  if (object?.metadata.uid === uid) deleteObject(cluster, pods, object, { gracePeriodSeconds: 0 });
}
