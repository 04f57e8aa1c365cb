import { setTimeout as sleep } from 'node:timers/promises';
import type { Routers } from '../zebos/routers.ts';
import type { StartRouting, Zebos } from '../zebos/start-zebos.ts';
import { isGone, type KubeApi } from './kube-api.ts';
import { type Pod, podPath } from './pod.ts';
import type { PodAddresses } from './pod-addresses.ts';
import { podSimulation } from './pod-simulation.ts';
import { type Moment, podStatus } from './pod-status.ts';
import { readLookups } from './read-lookups.ts';
import type { Routing } from './routing.ts';

/** A pod on its node, from the moment that the kubelet heard of it. */
export interface RunningPod {
  /** The latest that the API told about it. */
  pod(): Pod;
  update(pod: Pod): void;
  /** The pod's ZebOS, while the routing container runs. */
  zebos(): Zebos | undefined;
  /** Whether exec can enter this container. */
  isRunning(container: string): boolean;
  /** The API wants it gone: stop what runs, then confirm the deletion. */
  terminate(): void;
  /** Stops without telling the API. Safe to call twice. */
  stop(): void;
  /** Settles when nothing of the pod is under way any more. */
  finished: Promise<void>;
}

export interface PodWorld {
  api: KubeApi;
  routing: Routing;
  routers: Routers;
  startRouting: StartRouting;
  addresses: PodAddresses;
  /** Whether this TMM pod is to be rejected; asked once for each. */
  rejects: () => boolean;
  startDelayMs: () => number;
  readyDelayMs: () => number;
  /** Aborts when the kubelet stops. */
  closing: AbortSignal;
}

const TERMINATION_MS = 200;
const RETRY_MS = 500;

export function runPod(first: Pod, world: PodWorld): RunningPod {
  const life = new AbortController();
  const podIP = world.addresses.take(first.status?.podIP);
  const simulation = podSimulation(first);
  const startTime = first.status?.startTime ?? timestamp();
  let pod = first;
  let zebos: Zebos | undefined;
  let started = false;
  let ending: Promise<void> | undefined;

  const patchStatus = async (status: object): Promise<void> => {
    const body = { metadata: { uid: pod.metadata.uid }, status };
    await insist(() => world.api.call('PATCH', `${podPath(pod)}/status`, body), life.signal);
  };
  const report = async (moment: Moment): Promise<void> => {
    await patchStatus(podStatus(pod, { moment, podIP, simulation, startTime, now: timestamp() }));
  };
  const start = async (): Promise<void> => {
    if (hasZebos(first, world.routing) && isNew(first) && world.rejects()) {
      await patchStatus({ ...REJECTED, startTime });
      return;
    }
    await report('starting');
    await sleep(world.startDelayMs(), undefined, { signal: life.signal });
    if (hasZebos(first, world.routing) && simulation.crashing !== world.routing.container) {
      const peers = await insist(() => readLookups(world.api, pod, world.routing), life.signal);
      const { config } = world.routing;
      const hostname = config.hostname ?? pod.metadata.name;
      zebos = world.startRouting({ config, peers, routers: world.routers, hostname, routerId: podIP });
    }
    started = true;
    await report('running');
    await sleep(world.readyDelayMs(), undefined, { signal: life.signal });
    await report('ready');
  };
  const stop = (): void => {
    if (life.signal.aborted) return;
    life.abort();
    started = false;
    zebos?.stop();
    world.addresses.giveBack(podIP);
  };
  const confirmDeletion = async (): Promise<void> => {
    await sleep(TERMINATION_MS, undefined, { signal: world.closing });
    const body = { gracePeriodSeconds: 0, preconditions: { uid: first.metadata.uid } };
    await insist(() => world.api.call('DELETE', podPath(pod), body), world.closing);
  };
  // A pod that is already on its way out is only seen off.
  const starting = first.metadata.deletionTimestamp ? undefined : start().catch(() => undefined);

  return {
    pod: () => pod,
    update: (latest) => {
      pod = latest;
    },
    zebos: () => (life.signal.aborted ? undefined : zebos),
    isRunning: (container) =>
      started &&
      container !== simulation.crashing &&
      pod.spec.containers.some(({ name }) => name === container),
    terminate() {
      stop();
      ending ??= confirmDeletion().catch(() => undefined);
    },
    stop,
    get finished() {
      return Promise.all([starting, ending]).then(() => undefined);
    },
  };
}

/** Tries until it works; gives up when the pod is gone or its life is over. */
async function insist<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (isGone(error)) throw error;
      await sleep(RETRY_MS, undefined, { signal });
    }
  }
}

/** What a kubelet reports when a node's devices are used up or unhealthy: the pod is over before it began. */
const REJECTED = {
  phase: 'Failed',
  reason: 'UnexpectedAdmissionError',
  message:
    'Pod was rejected: Allocate failed due to no healthy devices present; cannot allocate unhealthy devices openshift.io/sriov, which is unexpected',
};

/** One that ran before this kubelet started was admitted then. */
function isNew({ status }: Pod): boolean {
  return status?.startTime === undefined || status.startTime === null;
}

function hasZebos({ metadata, spec }: Pod, { selector, container }: Routing): boolean {
  const labelled = Object.entries(selector).every(([key, value]) => metadata.labels?.[key] === value);
  return labelled && spec.containers.some(({ name }) => name === container);
}

function timestamp(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
