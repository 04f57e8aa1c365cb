import type { IncomingMessage } from 'node:http';
import { parse } from 'yaml';
import type { Cluster } from '../cluster.ts';
import { readJson } from '../objects/patch-object.ts';
import { badRequest, failure, noSuchResource } from '../status-error.ts';
import { reviewAccess } from './access-review.ts';
import { discover } from './discovery.ts';
import type { Answer, Request } from './exchange.ts';
import { openApi } from './open-api.ts';
import { readRoute } from './route.ts';
import { serveResource } from './serve-resource.ts';

const MAX_BODY = 3 * 1024 * 1024;

/** Answers one request as kube-apiserver would, or rejects with a StatusError. */
export async function serve(
  cluster: Cluster,
  incoming: IncomingMessage,
  closing: AbortSignal,
): Promise<Answer> {
  const url = new URL(incoming.url ?? '/', 'http://api');
  const request = await readRequest(incoming, url, closing);
  if (/^\/(healthz|livez|readyz)(\/|$)/.test(url.pathname)) return { status: 200, body: 'ok' };
  if (url.pathname === '/version') return { status: 200, body: VERSION };
  const found = discover(url.pathname) ?? openApi(url.pathname) ?? reviewAccess(url.pathname, request);
  if (found !== undefined) return found;
  const route = readRoute(url.pathname);
  if (route === undefined) throw noSuchResource();
  return serveResource(cluster, route, request);
}

const VERSION = {
  major: '1',
  minor: '32',
  gitVersion: 'v1.32.0-sandbox',
  gitCommit: 'sandbox',
  gitTreeState: 'clean',
  buildDate: '2025-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'none',
  platform: 'linux/amd64',
};

async function readRequest(incoming: IncomingMessage, url: URL, closing: AbortSignal): Promise<Request> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > MAX_BODY) throw failure(413, 'RequestEntityTooLarge', 'limit is 3145728');
    chunks.push(bytes);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const contentType = incoming.headers['content-type'] ?? 'application/json';
  return {
    method: incoming.method ?? 'GET',
    query: url.searchParams,
    accept: incoming.headers.accept ?? '',
    contentType,
    text,
    userAgent: incoming.headers['user-agent'] ?? '',
    body: () => (text === '' ? undefined : bodyOf(text, contentType)),
    closing,
  };
}

function bodyOf(text: string, contentType: string): unknown {
  if (contentType.includes('protobuf')) {
    throw failure(415, 'UnsupportedMediaType', 'the sandbox takes application/json and application/yaml');
  }
  if (!contentType.includes('yaml')) return readJson(text);
  try {
    return parse(text);
  } catch (error) {
    throw badRequest(`error converting YAML to JSON: ${String(error)}`);
  }
}
