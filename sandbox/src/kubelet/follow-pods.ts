import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type KubeApi, KubeApiError } from './kube-api.ts';
import { type Pod, podSchema } from './pod.ts';

export interface PodListener {
  /** A pod as it is now; may be called again with the same one. */
  seen(pod: Pod): void;
  /** The API no longer knows the pod with this uid. */
  gone(uid: string): void;
}

const WATCH_SECONDS = 240;
const listSchema = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  items: z.array(podSchema).nullish(),
});
const eventSchema = z.object({ type: z.string(), object: z.looseObject({}) });
const versionSchema = z.object({ metadata: z.object({ resourceVersion: z.string() }) });

/**
 * Lists and watches the pods of all namespaces until `signal` aborts. Any error leads to a new list after
 * a pause; what vanished meanwhile is reported as gone.
 */
export async function followPods(api: KubeApi, listener: PodListener, signal: AbortSignal): Promise<void> {
  const known = new Set<string>();
  let pauseMs = 100;
  while (!signal.aborted) {
    try {
      const version = await listPods(api, listener, known);
      pauseMs = 100;
      await watchFrom(version, api, listener, known, signal);
    } catch (error) {
      const expired = error instanceof KubeApiError && error.status === 410;
      if (!expired) await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, 5000);
    }
  }
}

async function listPods(api: KubeApi, listener: PodListener, known: Set<string>): Promise<string> {
  const list = listSchema.parse(await api.call('GET', '/api/v1/pods'));
  const pods = list.items ?? [];
  const uids = new Set(pods.map((pod) => pod.metadata.uid));
  for (const uid of [...known].filter((uid) => !uids.has(uid))) {
    known.delete(uid);
    listener.gone(uid);
  }
  for (const pod of pods) {
    known.add(pod.metadata.uid);
    listener.seen(pod);
  }
  return list.metadata.resourceVersion;
}

/** Watches from one version on, again and again, until an error asks for a new list. */
async function watchFrom(
  listed: string,
  api: KubeApi,
  listener: PodListener,
  known: Set<string>,
  signal: AbortSignal,
): Promise<never> {
  let version = listed;
  for (;;) {
    const startedAt = Date.now();
    const query = `watch=true&allowWatchBookmarks=true&timeoutSeconds=${WATCH_SECONDS}&resourceVersion=${version}`;
    for await (const line of api.watch(`/api/v1/pods?${query}`, signal)) {
      const event = eventSchema.parse(line);
      if (event.type === 'ERROR')
        throw new KubeApiError(Number(event.object.code), 'the watch ended in an error');
      version = versionSchema.parse(event.object).metadata.resourceVersion;
      if (event.type !== 'BOOKMARK') tell(event.type, podSchema.parse(event.object), listener, known);
    }
    // A server that ends every watch at once must not be asked without a pause.
    if (Date.now() - startedAt < 1000) await sleep(200, undefined, { signal });
  }
}

function tell(type: string, pod: Pod, listener: PodListener, known: Set<string>): void {
  if (type === 'DELETED') {
    known.delete(pod.metadata.uid);
    listener.gone(pod.metadata.uid);
  } else {
    known.add(pod.metadata.uid);
    listener.seen(pod);
  }
}
