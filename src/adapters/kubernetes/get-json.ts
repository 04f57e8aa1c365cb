import { ApiException, HttpMethod, type KubeConfig, RequestContext } from '@kubernetes/client-node';
import { fetch } from 'undici';
import { CALL_TIMEOUT_MS } from './call-options.ts';

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
