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

/** One target and the client for its API server. */
export interface TargetApi {
  readonly target: Target;
  readonly kubeConfig: KubeConfig;
  readonly core: CoreV1Api;
  readonly call: Call;
}

/** One operation of the port, with all its requests. */
export interface Call {
  /** Once it aborts, no request is sent any more. */
  readonly signal: AbortSignal;
  /** Once it returns false, no request with an effect is sent any more; one in progress is still looked up. */
  readonly mayHaveEffect: () => boolean;
  /** Number of requests sent. */
  requests: number;
  /** Number of requests with an effect that were sent without a definite answer. */
  unansweredEffects: number;
}

export function newCall(signal: AbortSignal, permitted: () => boolean = () => true): Call {
  const mayHaveEffect = (): boolean => !signal.aborted && permitted();
  return { signal, mayHaveEffect, requests: 0, unansweredEffects: 0 };
}

/** Calls of this API are limited only by the timeout of each request. */
export function targetApi(target: Target, kubeConfig: KubeConfig): TargetApi {
  const call = newCall(new AbortController().signal);
  return { target, kubeConfig, core: kubeConfig.makeApiClient(CoreV1Api), call };
}

/**
 * Reads something; errors of the server or the network are returned as a refusal. If the other end closes a kept-alive connection
 * at that moment, the read is sent once more.
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

/** Limits one request of the client library, whose own timeout is five minutes. */
export function within(call: Call, onSend: () => void = () => undefined): ConfigurationOptions {
  call.signal.throwIfAborted();
  const goesOut = async (context: RequestContext): Promise<RequestContext> => {
    // The credentials are there now, however long that took.
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

/** Sends a request that has an effect. It stays open if its answer does not show for certain whether it happened. */
export async function sendEffect(
  { call }: TargetApi,
  send: (options: ConfigurationOptions) => Promise<unknown>,
): Promise<void> {
  let wentOut = 0;
  const onSend = (): void => {
    if (!call.mayHaveEffect()) throw new DOMException('', 'AbortError');
    wentOut = 1;
    call.unansweredEffects += 1;
  };
  try {
    await send(within(call, onSend));
    call.unansweredEffects -= wentOut;
  } catch (error) {
    if (isClear(apiErrorOf(error))) call.unansweredEffects -= wentOut;
    throw error;
  }
}

function isClear(apiError: ApiError): boolean {
  return apiError.kind === 'answered' ? apiError.code < 500 : apiError.neverConnected;
}

/**
 * GETs a path of the API server and only parses the answer: the client library copies each object into classes, which costs more
 * than all else for ten thousand objects. Throws what the client library throws.
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
  // Not AbortSignal.timeout, which keeps each call in memory until its time is over.
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
