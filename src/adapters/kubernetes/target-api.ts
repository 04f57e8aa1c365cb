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
import { type Attempt, apiErrorOf, refusalOf } from './api-error.ts';

/** One target and the way to its API server. */
export interface TargetApi {
  readonly target: Target;
  readonly kubeConfig: KubeConfig;
  readonly core: CoreV1Api;
}

export function targetApi(target: Target, kubeConfig: KubeConfig): TargetApi {
  return { target, kubeConfig, core: kubeConfig.makeApiClient(CoreV1Api) };
}

/** Reads something; what the server or the network does comes back as a refusal. */
export async function attempt<Value>(what: Attempt, call: () => Promise<Value>): Promise<Value | Refusal> {
  try {
    return await call();
  } catch (error) {
    return refusalOf(apiErrorOf(error), what);
  }
}

/** The first refusal of several answers. */
export function firstRefusal(...answers: readonly (object | undefined)[]): Refusal | undefined {
  return answers.find((answer): answer is Refusal => answer !== undefined && isRefusal(answer));
}

const CALL_TIMEOUT_MS = 10_000;

/** Bounds one API call; the client library has no time-out of its own short of five minutes. */
export function within(timeoutMs: number = CALL_TIMEOUT_MS): ConfigurationOptions {
  return {
    middleware: [
      {
        pre: (context: RequestContext) => {
          context.setSignal(AbortSignal.timeout(timeoutMs));
          return new Observable(Promise.resolve(context));
        },
        post: (response: ResponseContext) => new Observable(Promise.resolve(response)),
      },
    ],
    middlewareMergeStrategy: 'append',
  };
}

/**
 * GETs a path of the API server and parses the answer, no more: the client library copies each object into classes, which
 * costs more than all else when there are ten thousand. Throws what the client library throws.
 */
export async function getJson(
  kubeConfig: KubeConfig,
  path: string,
  query: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const server = kubeConfig.getCurrentCluster()?.server;
  if (server === undefined) throw new Error('no cluster is configured');
  const context = new RequestContext(`${server}${path}?${new URLSearchParams(query)}`, HttpMethod.GET);
  await kubeConfig.applySecurityAuthentication(context);
  const dispatcher = context.getDispatcher();
  // Not AbortSignal.timeout: that one holds on to each call until its time is over.
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException('', 'TimeoutError')), CALL_TIMEOUT_MS);
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
  }
}
