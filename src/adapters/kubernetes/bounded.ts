import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { EvictOutcome, ImishOutcome, WriteOutcome } from '../../ports/cluster.ts';
import { type Call, newCall, type TargetApi } from './target-api.ts';

/**
 * Runs one operation of the port, and gives `late` once its time is up, whatever it waits for: credentials, a connection or
 * an answer. After that it sends nothing more.
 */
export function bounded<Value>(
  api: TargetApi,
  timeoutMs: number,
  run: (api: TargetApi) => Promise<Value>,
  late: (call: Call, timeoutMs: number) => Value,
): Promise<Value> {
  const controller = new AbortController();
  const call = newCall(controller.signal);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve(late(call, timeoutMs));
      controller.abort(new DOMException('', 'TimeoutError'));
    }, timeoutMs);
    run({ ...api, call })
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

export function lateRead(call: Call, timeoutMs: number): Refusal {
  const why = lateBecause(call, timeoutMs);
  return refuse('cluster_unreachable', `${why.charAt(0).toUpperCase()}${why.slice(1)}.`, NEXT);
}

export function lateEffect(
  call: Call,
  timeoutMs: number,
): Extract<WriteOutcome & EvictOutcome, { kind: 'refused' | 'unknown' }> {
  return call.openEffects > 0
    ? { kind: 'unknown', why: lateBecause(call, timeoutMs) }
    : { kind: 'refused', refusal: lateRead(call, timeoutMs) };
}

export function lateImish(call: Call, timeoutMs: number): ImishOutcome {
  return { ok: false, why: lateBecause(call, timeoutMs) };
}

function lateBecause({ requests }: Call, timeoutMs: number): string {
  const within = `within ${Math.round(timeoutMs / 1000)} s`;
  return requests === 0
    ? `nothing could be asked of the API server ${within}: the credentials of the kubeconfig did not come`
    : `the API server did not answer ${within}`;
}

const NEXT =
  'Try again in a moment; if it stays so, look at the API server, at the way to it, and at the credentials of the kubeconfig.';
