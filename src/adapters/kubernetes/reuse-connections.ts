import type { KubeConfig } from '@kubernetes/client-node';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';

const OLD_DISPATCHER_LIVES_MS = 60_000;

/**
 * Makes every call through this config share its connections. The client library builds an agent for each call as soon
 * as TLS options are set, and leaves its connection open; this keeps one agent until the options change (a rotated
 * token or certificate). It replaces a private method, so a test counts connections.
 */
export function reuseConnections(config: KubeConfig): KubeConfig {
  const create: unknown = Reflect.get(config, 'createDispatcher');
  if (typeof create !== 'function') return config;
  let last: { readonly key: string; readonly dispatcher: unknown } | undefined;
  Reflect.set(config, 'createDispatcher', (...args: readonly unknown[]): unknown => {
    const key = JSON.stringify(args, (_, value: unknown) =>
      Buffer.isBuffer(value) ? value.toString('base64') : value,
    );
    if (last?.key === key) return last.dispatcher;
    const old = last?.dispatcher;
    last = { key, dispatcher: Reflect.apply(create, config, args) };
    if (isAgent(old))
      setTimeout(() => void old.close().catch(() => undefined), OLD_DISPATCHER_LIVES_MS).unref();
    return last.dispatcher;
  });
  return config;
}

function isAgent(dispatcher: unknown): dispatcher is Dispatcher {
  return dispatcher instanceof Agent || dispatcher instanceof ProxyAgent;
}
