/** Location and credentials of Redis. */
export type RedisLocation =
  | { readonly kind: 'socket'; readonly path: string }
  | (Server & { readonly kind: 'server'; readonly endpoint: Endpoint; readonly db: number })
  | (Server & {
      readonly kind: 'sentinel';
      readonly endpoints: readonly Endpoint[];
      /** The sentinels' name for the primary. */
      readonly name: string;
      readonly db: number;
      /** Login for the sentinels themselves; none by default. */
      readonly sentinelLogin: Login;
    })
  | (Server & { readonly kind: 'cluster'; readonly endpoints: readonly Endpoint[] });

interface Server {
  readonly login: Login;
  readonly tls: boolean;
}

interface Login {
  readonly username?: string;
  readonly password?: string;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

const FORM = /^(redis|rediss)(?:\+(sentinel|cluster))?:\/\/(?:([^/]*)@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s;
const ENDPOINT = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/;
const REDIS_PORT = 6_379;
const SENTINEL_PORT = 26_379;

/**
 * Reads `redis://[user:password@]host[:port][/db]`, `unix:///path`, `redis+sentinel://[user:password@]host[:port],…/name` with
 * `?db=` and `?sentinelUsername=&sentinelPassword=`, and `redis+cluster://[user:password@]host[:port],…`; `rediss` is TLS.
 * Special characters are percent-encoded. Throws for any other URL; the error contains no part of it.
 */
export function readRedisUrl(url: string): RedisLocation {
  if (url.startsWith('unix://')) return { kind: 'socket', path: url.slice('unix://'.length) };
  const [, scheme, how, userinfo = '', hosts = '', path = '', query = ''] = FORM.exec(url) ?? [];
  if (scheme === undefined) throw new Error('reading REDIS_URL: its format is unknown');
  const { username, password } = loginFrom(userinfo);
  const server = { login: loginOf(username, password), tls: scheme === 'rediss' };
  const parameters = new URLSearchParams(query);
  if (how === 'cluster') return { ...server, kind: 'cluster', endpoints: endpointsFrom(hosts, REDIS_PORT) };
  if (how === 'sentinel') {
    return {
      ...server,
      kind: 'sentinel',
      endpoints: endpointsFrom(hosts, SENTINEL_PORT),
      name: decoded(path) || 'mymaster',
      db: dbFrom(parameters.get('db') ?? ''),
      sentinelLogin: loginOf(
        parameters.get('sentinelUsername') ?? undefined,
        parameters.get('sentinelPassword') ?? undefined,
      ),
    };
  }
  const [endpoint, ...more] = endpointsFrom(hosts || '127.0.0.1', REDIS_PORT);
  if (endpoint === undefined || more.length > 0)
    throw new Error('reading REDIS_URL: several hosts need redis+sentinel:// or redis+cluster://');
  return { ...server, kind: 'server', endpoint, db: dbFrom(path || (parameters.get('db') ?? '')) };
}

function endpointsFrom(hosts: string, usualPort: number): readonly Endpoint[] {
  return hosts.split(',').map((text) => {
    const [, ipv6, name, port] = ENDPOINT.exec(text) ?? [];
    const host = ipv6 ?? name;
    if (host === undefined)
      throw new Error('reading REDIS_URL: each host has to be host, host:port or [IPv6 address]:port');
    return { host, port: Number(port ?? usualPort) };
  });
}

function loginFrom(userinfo: string): { username: string | undefined; password: string | undefined } {
  const colon = userinfo.indexOf(':');
  if (colon < 0) return { username: decoded(userinfo), password: undefined };
  return { username: decoded(userinfo.slice(0, colon)), password: decoded(userinfo.slice(colon + 1)) };
}

function loginOf(username: string | undefined, password: string | undefined): Login {
  return { ...(username ? { username } : {}), ...(password ? { password } : {}) };
}

function dbFrom(text: string): number {
  if (/^\d{0,5}$/.test(text)) return Number(text);
  throw new Error('reading REDIS_URL: the database has to be a number');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error('reading REDIS_URL: a % in it has to be written as %25');
  }
}
