import type { Routers } from '../zebos/routers.ts';
import { type StartRouting, startZebos, type Zebos } from '../zebos/start-zebos.ts';
import { type FindContainer, startExecServer } from './exec-server.ts';
import { followPods } from './follow-pods.ts';
import { connectKubeApi, type KubeApiAddress } from './kube-api.ts';
import type { Pod } from './pod.ts';
import { podAddresses } from './pod-addresses.ts';
import { heartbeat, type NodeSpec, registerNode } from './register-node.ts';
import { renewLease } from './renew-lease.ts';
import type { Routing } from './routing.ts';
import { type PodWorld, type RunningPod, runPod } from './run-pod.ts';

export interface KubeletOptions {
  api: KubeApiAddress;
  nodes: readonly NodeSpec[];
  /** Where exec is served on 127.0.0.1; 0 takes any free port. */
  port: number;
  /** `https` (with a certificate of its own making) for a real API server, `http` for the sandbox's. */
  scheme: 'http' | 'https';
  routing: Routing;
  routers: Routers;
  /** What runs in a TMM pod's routing container; the sandbox's own ZebOS when left out. */
  startRouting?: StartRouting | undefined;
  /** Milliseconds from being bound to Running; 100 to 200 when left out. */
  startDelayMs?: number | undefined;
  /** Milliseconds from Running to Ready; 100 to 200 when left out. */
  readyDelayMs?: number | undefined;
}

export interface Kubelet {
  port: number;
  /** The routing stack inside a pod that runs one, for the sandbox's page. */
  zebosOf(namespace: string, pod: string): Zebos | undefined;
  /** The next TMM pod that is bound to one of its nodes is rejected, once. */
  rejectNextPod(rejects: boolean): void;
  rejectsNextPod(): boolean;
  stop(): Promise<void>;
}

const HEARTBEAT_MS = 10_000;

/** Plays the kubelet of several nodes: registers them, runs the pods that are bound to them, serves exec. */
export async function startKubelet(options: KubeletOptions): Promise<Kubelet> {
  const { nodes, routing, routers } = options;
  const api = connectKubeApi(options.api);
  const closing = new AbortController();
  const pods = new Map<string, RunningPod>();
  let rejectsNext = false;
  const rejects = (): boolean => {
    const rejected = rejectsNext;
    rejectsNext = false;
    return rejected;
  };
  const worlds = new Map<string, PodWorld>(
    nodes.map(({ name }, index) => [
      name,
      {
        api,
        routing,
        routers,
        startRouting: options.startRouting ?? startZebos,
        addresses: podAddresses(index + 1),
        rejects,
        startDelayMs: () => options.startDelayMs ?? 100 + Math.random() * 100,
        readyDelayMs: () => options.readyDelayMs ?? 100 + Math.random() * 100,
        closing: closing.signal,
      },
    ]),
  );
  const server = await startExecServer(
    options.port,
    findIn(pods, routing),
    await certificate(options.scheme),
  );
  const stop = async (): Promise<void> => {
    closing.abort();
    clearInterval(beat);
    for (const pod of pods.values()) pod.stop();
    await api.close();
    await Promise.all([server.close(), following, beating, ...[...pods.values()].map((pod) => pod.finished)]);
  };
  const everyNode = async (report: (node: NodeSpec) => Promise<void>): Promise<void> => {
    await Promise.all(nodes.map(report));
  };
  let beat: NodeJS.Timeout | undefined;
  let beating: Promise<void> = Promise.resolve();
  let following: Promise<void> = Promise.resolve();

  try {
    await everyNode(async (node) => {
      await registerNode(api, node, server.port);
      await renewLease(api, node.name);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  beat = setInterval(() => {
    beating = everyNode(async (node) => {
      await heartbeat(api, node, server.port);
      await renewLease(api, node.name);
      // An API that does not answer now is told again at the next beat.
    }).catch(() => undefined);
  }, HEARTBEAT_MS);
  following = followPods(api, keeper(pods, worlds), closing.signal);

  return {
    port: server.port,
    zebosOf: (namespace, name) => find(pods, namespace, name)?.zebos(),
    rejectNextPod(wanted) {
      rejectsNext = wanted;
    },
    rejectsNextPod: () => rejectsNext,
    stop,
  };
}

/** Starts what is new on our nodes, ends what is being deleted, forgets what is gone. */
function keeper(pods: Map<string, RunningPod>, worlds: ReadonlyMap<string, PodWorld>) {
  return {
    seen(pod: Pod) {
      const world = worlds.get(pod.spec.nodeName ?? '');
      const isOver = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
      const isLeaving = typeof pod.metadata.deletionTimestamp === 'string';
      if (world === undefined || (isOver && !isLeaving)) return;
      const { uid } = pod.metadata;
      const running = pods.get(uid) ?? runPod(pod, world);
      pods.set(uid, running);
      running.update(pod);
      if (isLeaving) running.terminate();
    },
    gone(uid: string) {
      pods.get(uid)?.stop();
      pods.delete(uid);
    },
  };
}

function findIn(pods: ReadonlyMap<string, RunningPod>, routing: Routing): FindContainer {
  return (namespace, name, container) => {
    const running = find(pods, namespace, name);
    if (running === undefined) return { status: 404, reason: 'pod does not exist' };
    if (!running.isRunning(container)) return { status: 404, reason: `container not found ("${container}")` };
    return { hostname: name, zebos: container === routing.container ? running.zebos() : undefined };
  };
}

function find(
  pods: ReadonlyMap<string, RunningPod>,
  namespace: string,
  name: string,
): RunningPod | undefined {
  return [...pods.values()].findLast((running) => {
    const { metadata } = running.pod();
    return metadata.namespace === namespace && metadata.name === name;
  });
}

/** Loaded only when it is needed: a sandbox over http has no certificate. */
async function certificate(scheme: 'http' | 'https'): Promise<{ key: string; cert: string } | undefined> {
  if (scheme === 'http') return undefined;
  const { selfSignedCertificate } = await import('./self-signed-certificate.ts');
  return selfSignedCertificate();
}
