import type { FetchFunction } from '@slack/web-api';
import { type Dispatcher, EnvHttpProxyAgent } from 'undici';

/** The proxy by which Slack is reached. */
export interface SlackProxy {
  readonly url: string;
  /** Hosts that are reached without it, in the format of NO_PROXY. */
  readonly except: string;
}

/** Opens connections to Slack through the proxy. Everything that uses the same settings shares one. */
export function dispatcherOf(proxy: SlackProxy): Dispatcher {
  const { url, except } = proxy;
  const dispatcher =
    opened.get(proxy) ?? new EnvHttpProxyAgent({ httpProxy: url, httpsProxy: url, noProxy: except });
  opened.set(proxy, dispatcher);
  return dispatcher;
}

const opened = new WeakMap<SlackProxy, Dispatcher>();

/** Node's `fetch` through the proxy: Node 20 has no setting for it. */
export function fetchThrough(proxy: SlackProxy): FetchFunction {
  return (url, init) => {
    const options = { ...init };
    // Node's types name another release of undici.
    Reflect.set(options, 'dispatcher', dispatcherOf(proxy));
    return fetch(url, options);
  };
}
