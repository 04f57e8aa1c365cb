import {
  ApiException,
  type ConfigurationOptions,
  CoreV1Api,
  HttpMethod,
  type KubeConfig,
  Observable,
  RequestContext,
  type ResponseContext,
} from '@kubernetes/client-node';
import { fetch } from 'undici';
import type { Target } from '../../domain/bgp/target.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { type ApiError, type Attempt, apiErrorOf, isClosedConnection, refusalOf } from './api-error.ts';

/** One target and the way to its API server. */
export interface TargetApi {
  readonly target: Target;
  readonly kubeConfig: KubeConfig;
  readonly core: CoreV1Api;
  readonly call: Call;
}

/** What belongs together: one operation of the port, however many requests it takes. */
export interface Call {
  /** Once it aborts, no request goes out any more. */
  readonly signal: AbortSignal;
  /** Once it says no, no request with an effect goes out any more; what is under way is still looked for. */
  readonly mayHaveEffect: () => boolean;
  /** How many requests went out. */
  requests: number;
  /** How many requests with an effect went out without a clear answer. */
  openEffects: number;
}

export function newCall(signal: AbortSignal, permitted: () => boolean = () => true): Call {
  const mayHaveEffect = (): boolean => !signal.aborted && permitted();
  return { signal, mayHaveEffect, requests: 0, openEffects: 0 };
}

/** Its calls end by the time-out of each request only. */
export function targetApi(target: Target, kubeConfig: KubeConfig): TargetApi {
  const call = newCall(new AbortController().signal);
  return { target, kubeConfig, core: kubeConfig.makeApiClient(CoreV1Api), call };
}

/**
 * Reads something; what the server or the network does comes back as a refusal. A connection that was kept open and that the
 * other end closes just then is no answer: the read is sent once more.
 */
export async function attempt<Value>(what: Attempt, call: () => Promise<Value>): Promise<Value | Refusal> {
  try {
    return await call().catch((error: unknown) => {
      if (isClosedConnection(error)) return call();
      throw error;
    });
  } catch (error) {
    return refusalOf(apiErrorOf(error), what);
  }
}

/** The first refusal of several answers. */
export function firstRefusal(...answers: readonly (object | undefined)[]): Refusal | undefined {
  return answers.find((answer): answer is Refusal => answer !== undefined && isRefusal(answer));
}

const REQUEST_TIMEOUT_MS = 10_000;

/** Bounds one request of the client library, which has no time-out of its own short of five minutes. */
export function within(call: Call, onSend: () => void = () => undefined): ConfigurationOptions {
  call.signal.throwIfAborted();
  const goesOut = async (context: RequestContext): Promise<RequestContext> => {
    // The credentials are there by now, however long that took.
    call.signal.throwIfAborted();
    onSend();
    context.setSignal(AbortSignal.any([call.signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]));
    call.requests += 1;
    return context;
  };
  return {
    middleware: [
      {
        pre: (context: RequestContext) => new Observable(goesOut(context)),
        post: (response: ResponseContext) => new Observable(Promise.resolve(response)),
      },
    ],
    middlewareMergeStrategy: 'append',
  };
}

/** Sends a request that has an effect. It stays open where its answer does not tell for sure whether it happened. */
export async function sendEffect(
  { call }: TargetApi,
  send: (options: ConfigurationOptions) => Promise<unknown>,
): Promise<void> {
  let wentOut = 0;
  const onSend = (): void => {
    if (!call.mayHaveEffect()) throw new DOMException('', 'AbortError');
    wentOut = 1;
    call.openEffects += 1;
  };
  try {
    await send(within(call, onSend));
    call.openEffects -= wentOut;
  } catch (error) {
    if (isClear(apiErrorOf(error))) call.openEffects -= wentOut;
    throw error;
  }
}

function isClear(trouble: ApiError): boolean {
  return trouble.kind === 'answered' ? trouble.code < 500 : trouble.neverConnected;
}

/**
 * GETs a path of the API server and parses the answer, no more: the client library copies each object into classes, which
 * costs more than all else when there are ten thousand. Throws what the client library throws.
 */
export async function getJson(
  { kubeConfig, call }: Pick<TargetApi, 'kubeConfig' | 'call'>,
  path: string,
  query: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  call.signal.throwIfAborted();
  const server = kubeConfig.getCurrentCluster()?.server;
  if (server === undefined) throw new Error('no cluster is configured');
  const context = new RequestContext(`${server}${path}?${new URLSearchParams(query)}`, HttpMethod.GET);
  await kubeConfig.applySecurityAuthentication(context);
  call.signal.throwIfAborted();
  call.requests += 1;
  const dispatcher = context.getDispatcher();
  // Not AbortSignal.timeout: that one holds on to each call until its time is over.
  const controller = new AbortController();
  const abort = (): void => controller.abort(new DOMException('', 'TimeoutError'));
  const timer = setTimeout(abort, REQUEST_TIMEOUT_MS);
  call.signal.addEventListener('abort', abort);
  try {
    const response = await fetch(context.getUrl(), {
      headers: { ...context.getHeaders(), accept: 'application/json' },
      signal: controller.signal,
      ...(dispatcher === undefined ? {} : { dispatcher }),
    });
    const text = await response.text();
    if (!response.ok) throw new ApiException(response.status, response.statusText, text, {});
    return JSON.parse(text);
  } finally {
    clearTimeout(timer);
    call.signal.removeEventListener('abort', abort);
  }
}
