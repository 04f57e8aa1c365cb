import type { KubeConfig } from '@kubernetes/client-node';
import type { Target } from '../../domain/bgp/target.ts';
import { podKey } from '../../domain/bgp/target-index.ts';
import { capitalized } from '../../domain/phrasing.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type {
  Cluster,
  EvictOutcome,
  ImishOutcome,
  Permit,
  PodReference,
  WriteOutcome,
} from '../../ports/cluster.ts';
import { apiErrorOf, describeApiError } from './api-error.ts';
import { evictPod, removePod } from './evict-pod.ts';
import { readNode, readTarget, readTmmState } from './read-target.ts';
import { runImish } from './run-imish.ts';
import { type Call, newCall, type TargetApi, targetApi } from './target-api.ts';
import { watchTarget } from './watch-target.ts';
import { writeKey } from './write-key.ts';

/** A cluster whose watches start when it is opened. */
export interface OpenCluster extends Cluster {
  /** Milliseconds since the last message of the API server, by watched kind. */
  watchAges(): Readonly<Record<string, number>>;
  close(): void;
}

/** Time limit of each whole operation. A snapshot of ten thousand nodes is read in a hundred pages. */
const TIMEOUTS_MS = { snapshot: 20_000, tmmState: 15_000, effect: 20_000, imish: 10_000 };

/** Opens one target's cluster. `onError` receives the reason of each watch restart, as text. */
export function openCluster(
  target: Target,
  kubeConfig: KubeConfig,
  onError: (why: string) => void,
  timeoutsMs = TIMEOUTS_MS,
): OpenCluster {
  const api = targetApi(target, kubeConfig);
  const watch = watchTarget(api, (error) => onError(describeApiError(apiErrorOf(error))));
  const uidOf = (pod: PodReference): string | undefined => watch.held()?.index.pods.get(podKey(pod))?.uid;
  return {
    snapshot: (of) =>
      bounded(
        api,
        timeoutsMs.snapshot,
        (call) => {
          const held = of === undefined ? undefined : watch.held();
          return of === undefined || held === undefined ? readTarget(call) : readNode(call, of.node, held);
        },
        endedRead,
      ),
    cachedSnapshot: () => watch.snapshot(),
    tmmState: (of) => bounded(api, timeoutsMs.tmmState, (call) => readTmmState(call, of?.nodes), endedRead),
    write: (difference, anchor, permit) =>
      bounded(api, timeoutsMs.effect, (call) => writeKey(call, difference, anchor), endedEffect, permit),
    evict: (pod, permit) =>
      bounded(api, timeoutsMs.effect, (call) => evictPod(call, pod), endedEffect, permit),
    remove: (pod, permit) =>
      bounded(api, timeoutsMs.effect, (call) => removePod(call, pod), endedEffect, permit),
    imish: (pod, command) =>
      bounded(api, timeoutsMs.imish, (call) => runImish(call, pod, command, uidOf(pod)), endedImish),
    nextChange: (timeoutMs) => watch.nextChange(timeoutMs),
    watchAges: () => watch.ages(),
    close: () => watch.stop(),
  };
}

/**
 * Runs one operation of the port, and returns `ended` when its time is up, whatever it waits for (credentials, a connection or an
 * answer), or as soon as `permit` is withdrawn, with its reason, unless an effect is in progress. After that it sends nothing
 * more; an effect in progress is only looked up.
 */
export function bounded<Value>(
  api: TargetApi,
  timeoutMs: number,
  run: (api: TargetApi) => Promise<Value>,
  ended: (call: Call, why: string) => Value,
  permit?: Permit,
): Promise<Value> {
  const controller = new AbortController();
  let withdrawn = false;
  const call = newCall(controller.signal, () => !withdrawn && (permit?.holds() ?? true));
  const stop = permit?.signal;
  return new Promise((resolve, reject) => {
    const end = (why: string): void => {
      clearTimeout(timer);
      resolve(ended(call, why));
      controller.abort(new DOMException('', 'TimeoutError'));
    };
    const onStop = (): void => {
      withdrawn = true;
      if (call.unansweredEffects === 0) end(typeof stop?.reason === 'string' ? stop.reason : STOPPED);
    };
    const timer = setTimeout(() => end(tooLate(call, timeoutMs)), timeoutMs);
    stop?.addEventListener('abort', onStop);
    if (stop?.aborted) onStop();
    run({ ...api, call })
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        stop?.removeEventListener('abort', onStop);
      });
  });
}

/** `why` is a clause without a full stop, here and below. */
function endedRead(_: Call, why: string): Refusal {
  return refuse('cluster_unreachable', `${capitalized(why)}.`, NEXT);
}

export function endedEffect(
  call: Call,
  why: string,
): Extract<WriteOutcome & EvictOutcome, { kind: 'refused' | 'unknown' }> {
  return call.unansweredEffects > 0
    ? { kind: 'unknown', why }
    : { kind: 'refused', refusal: endedRead(call, why) };
}

function endedImish(_: Call, why: string): ImishOutcome {
  return { ok: false, why };
}

function tooLate({ requests }: Call, timeoutMs: number): string {
  const within = `within ${Math.round(timeoutMs / 1000)} s`;
  return requests === 0
    ? `no request was sent to the API server ${within}: the kubeconfig gave no credentials`
    : `the API server did not answer ${within}`;
}

const STOPPED = 'nothing was sent: somebody stopped the change first';
const NEXT =
  'Try again in a moment; if this persists, check the API server, the network path to it, and the credentials of the kubeconfig.';
