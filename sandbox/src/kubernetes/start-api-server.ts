import { setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cluster } from './cluster.ts';
import { namespaces } from './kinds/namespaces.ts';
import { createObject } from './objects/create-object.ts';
import type { Answer } from './server/exchange.ts';
import { type Interfere, type Interference, statusFor } from './server/interference.ts';
import { proxyExec } from './server/proxy-exec.ts';
import { serve } from './server/serve.ts';
import { failure, StatusError } from './status-error.ts';
import { createStore } from './store.ts';

export interface ApiServer {
  /** http://127.0.0.1:PORT */
  readonly url: string;
  readonly port: number;
  /** What it serves; controllers work on it directly. */
  readonly cluster: Cluster;
  /** Ends every watch and every exec. */
  stop(): Promise<void>;
}

export interface ApiServerOptions {
  readonly port: number;
  /** Breaks requests on purpose. */
  readonly interfere?: Interfere | undefined;
}

const HISTORY = 5_000;
const BUILT_IN_NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** A Kubernetes API over http on 127.0.0.1, without authentication: whoever reaches it may everything. Port 0 takes a free one. */
export async function startApiServer({ port, interfere }: ApiServerOptions): Promise<ApiServer> {
  const cluster: Cluster = { store: createStore(HISTORY), now: Date.now };
  for (const name of BUILT_IN_NAMESPACES) createObject(cluster, namespaces, '', { metadata: { name } });
  const closing = new AbortController();
  // Every watch listens for the end.
  setMaxListeners(0, closing.signal);
  const server = createServer((request, response) => {
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://api');
    const isWatch = searchParams.has('watch');
    const interference = interfere?.({ method: request.method ?? 'GET', path, isWatch });
    if (interference?.kind === 'reset' && interference.done === 'nothing') {
      request.socket.destroy();
      return;
    }
    beforehand(interference)
      .then(() => serve(cluster, request, closing.signal))
      .catch(answerFor)
      .then((answer) => {
        if (interference?.kind === 'reset') request.socket.destroy();
        else send(response, answer);
      })
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  server.on('upgrade', (request: IncomingMessage, socket, head) => proxyExec(cluster, request, socket, head));
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    cluster,
    async stop() {
      closing.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function beforehand(interference: Interference | undefined): Promise<void> {
  if (interference?.kind === 'answer') throw statusFor(interference.status);
  if (interference?.kind === 'hold') await interference.until;
}

function answerFor(error: unknown): Answer {
  const known = error instanceof StatusError ? error : failure(500, 'InternalError', String(error));
  return { status: known.status.code, body: known.status };
}

function send(response: ServerResponse, answer: Answer): void {
  if ('stream' in answer) {
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache' });
    response.flushHeaders();
    response.once(
      'close',
      answer.stream(
        (line) => response.write(line),
        () => response.end(),
      ),
    );
    return;
  }
  const isText = typeof answer.body === 'string';
  const body = typeof answer.body === 'string' ? answer.body : `${JSON.stringify(answer.body)}\n`;
  response.writeHead(answer.status, { 'content-type': isText ? 'text/plain' : 'application/json' }).end(body);
}
