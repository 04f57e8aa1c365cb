import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { EvictOutcome, ImishOutcome, WriteOutcome } from '../../ports/cluster.ts';
import { type Call, newCall, type TargetApi } from './target-api.ts';

/**
 * Runs one operation of the port, and gives `ended` once its time is up, whatever it waits for: credentials, a connection or
 * an answer; or as soon as `stop` aborts, for the reason in it, unless an effect is under way then. After that it sends nothing
 * more; where an effect is under way, it is only looked for.
 */
export function bounded<Value>(
  api: TargetApi,
  timeoutMs: number,
  run: (api: TargetApi) => Promise<Value>,
  ended: (call: Call, why: string) => Value,
  stop?: AbortSignal,
): Promise<Value> {
  const controller = new AbortController();
  const noEffects = new AbortController();
  const call = newCall(controller.signal, noEffects.signal);
  return new Promise((resolve, reject) => {
    const end = (why: string): void => {
      resolve(ended(call, why));
      controller.abort(new DOMException('', 'TimeoutError'));
    };
    const onStop = (): void => {
      noEffects.abort(new DOMException('', 'AbortError'));
      if (call.openEffects === 0) end(typeof stop?.reason === 'string' ? stop.reason : STOPPED);
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
export function endedRead(_: Call, why: string): Refusal {
  return refuse('cluster_unreachable', `${why.charAt(0).toUpperCase()}${why.slice(1)}.`, NEXT);
}

export function endedEffect(
  call: Call,
  why: string,
): Extract<WriteOutcome & EvictOutcome, { kind: 'refused' | 'unknown' }> {
  return call.openEffects > 0 ? { kind: 'unknown', why } : { kind: 'refused', refusal: endedRead(call, why) };
}

export function endedImish(_: Call, why: string): ImishOutcome {
  return { ok: false, why };
}

function tooLate({ requests }: Call, timeoutMs: number): string {
  const within = `within ${Math.round(timeoutMs / 1000)} s`;
  return requests === 0
    ? `nothing could be asked of the API server ${within}: the credentials of the kubeconfig did not come`
    : `the API server did not answer ${within}`;
}

const STOPPED = 'nothing was sent: somebody said stop before';
const NEXT =
  'Try again in a moment; if it stays so, look at the API server, at the way to it, and at the credentials of the kubeconfig.';
