import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { closeServer, createLimitedServer, listenOn } from '../adapters/http-limits.ts';
import type { Health } from './health.ts';
import { metricsText } from './metrics.ts';

export interface OpsServer {
  readonly port: number;
  close(): Promise<void>;
}

interface Options {
  /** 0 selects a free port. */
  readonly port: number;
  /** With it, details are given to any address. */
  readonly token: string | undefined;
  readonly health: () => Promise<Health>;
  readonly onError: (error: unknown) => void;
}

const HANG_UP_AFTER_MS = 500;

/**
 * Serves `/healthz` (the process answers), `/readyz` (this replica can accept and do work) and `/metrics` on all addresses, for
 * Kubernetes and Prometheus. Details, which name targets, are given only to this machine and to callers with the token; a probe
 * from elsewhere gets one word.
 */
export async function startOpsServer({ port, token, health, onError }: Options): Promise<OpsServer> {
  const server = createLimitedServer((request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '';
    const trusted = isLocal(request) || hasToken(request, token);
    if (!PATHS.includes(path)) return answer(response, 404, 'not found');
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return answer(response, 405, 'use GET', { allow: 'GET, HEAD' });
    if (path === '/healthz') return answer(response, 200, 'alive');
    if (path === '/metrics' && !trusted) return answer(response, 401, 'no');
    health()
      .then((found) => {
        const status = found.ready ? 200 : 503;
        if (path === '/metrics') return answer(response, 200, metricsText(found), METRICS);
        if (!trusted) return answer(response, status, found.word);
        const { ready, details, targets } = found;
        answer(response, status, JSON.stringify({ ready, details, targets }), JSON_TYPE);
      })
      .catch((error: unknown) => {
        onError(error);
        answer(response, 503, 'unready');
      });
  }, onError);
  const address = await listenOn(server, port, onError);
  return { port: address.port, close: () => closeServer(server, HANG_UP_AFTER_MS) };
}

const PATHS: readonly string[] = ['/healthz', '/readyz', '/metrics'];
const JSON_TYPE = { 'content-type': 'application/json' };
const METRICS = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' };

function answer(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = { 'content-type': 'text/plain; charset=utf-8' },
): void {
  // Does not wait for a request body.
  response.writeHead(status, { ...headers, 'cache-control': 'no-store' }).end(`${body.trimEnd()}\n`);
}

/** Exactly the loopback addresses: a service mesh delivers external requests from other addresses of 127.0.0.0/8. */
const LOOPBACK: readonly string[] = ['127.0.0.1', '::1', '::ffff:127.0.0.1'];
/** Headers that a proxy adds. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

function isLocal({ socket, headers }: IncomingMessage): boolean {
  return (
    LOOPBACK.includes(socket.remoteAddress ?? '') && !FORWARDED.some((name) => headers[name] !== undefined)
  );
}

function hasToken({ headers }: IncomingMessage, token: string | undefined): boolean {
  const given = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined || given === undefined) return false;
  return timingSafeEqual(digestOf(given), digestOf(token));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
