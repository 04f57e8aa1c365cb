import type { Condition, Pod } from './pod.ts';
import type { PodSimulation } from './pod-simulation.ts';

export type Moment = 'starting' | 'running' | 'ready';

export interface StatusFacts {
  moment: Moment;
  podIP: string;
  simulation: PodSimulation;
  /** RFC 3339, in whole seconds. */
  startTime: string;
  now: string;
}

/** The status of a pod at one moment of its life, ready to be merged into the API's. */
export function podStatus(pod: Pod, facts: StatusFacts): object {
  const { moment, podIP, simulation, startTime } = facts;
  const started = moment !== 'starting';
  const containers = pod.spec.containers.map((container) => containerStatus(container, facts));
  const allReady = containers.every(({ ready }) => ready);
  return {
    phase: started ? 'Running' : 'Pending',
    startTime,
    hostIP: '127.0.0.1',
    ...(started ? { podIP, podIPs: [{ ip: podIP }] } : {}),
    qosClass: 'BestEffort',
    conditions: merged(pod.status?.conditions ?? [], [
      ['PodScheduled', true],
      ['Initialized', true],
      ['ContainersReady', allReady],
      ...gates(pod, allReady && moment === 'ready'),
      ['Ready', allReady && !simulation.neverReady],
    ]).map((condition) => ({ lastTransitionTime: facts.now, ...condition })),
    containerStatuses: containers,
    ...initStatuses(pod, startTime),
  };
}

function containerStatus({ name, image }: { name: string; image: string }, facts: StatusFacts) {
  const { moment, simulation, startTime } = facts;
  const crashing = simulation.crashing === name && moment !== 'starting';
  const ready = moment === 'ready' && !crashing && !simulation.neverReady;
  return {
    name,
    image,
    imageID: `sandbox://${image}`,
    ready,
    started: moment !== 'starting' && !crashing,
    restartCount: crashing ? 3 : 0,
    state: containerState(moment, crashing, startTime),
    lastState: crashing
      ? { terminated: { exitCode: 1, reason: 'Error', startedAt: startTime, finishedAt: startTime } }
      : {},
    ...(moment === 'starting' ? {} : { containerID: `sandbox://${name}` }),
  };
}

function containerState(moment: Moment, crashing: boolean, startedAt: string): object {
  if (moment === 'starting') return { waiting: { reason: 'ContainerCreating' } };
  if (!crashing) return { running: { startedAt } };
  return { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container' } };
}

function initStatuses({ spec }: Pod, at: string): object {
  if ((spec.initContainers ?? []).length === 0) return {};
  const done = { terminated: { exitCode: 0, reason: 'Completed', startedAt: at, finishedAt: at } };
  return {
    initContainerStatuses: spec.initContainers?.map(({ name, image }) => ({
      name,
      image,
      imageID: `sandbox://${image}`,
      ready: true,
      restartCount: 0,
      state: done,
    })),
  };
}

function gates({ spec }: Pod, open: boolean): [string, boolean][] {
  return (spec.readinessGates ?? []).map(({ conditionType }) => [conditionType, open]);
}

/** A merge patch replaces the whole list, so conditions of others (and unchanged ones) are kept as they are. */
function merged(present: readonly Condition[], wanted: [string, boolean][]): Condition[] {
  const own = wanted.map(([type, value]) => {
    const status = value ? 'True' : 'False';
    const before = present.find((condition) => condition.type === type);
    return before?.status === status ? before : { type, status };
  });
  return [...present.filter(({ type }) => wanted.every(([name]) => name !== type)), ...own];
}
