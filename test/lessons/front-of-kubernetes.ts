import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { kubeconfigFor } from '../../sandbox/src/kubernetes/kubeconfig-for.ts';
import { NAMESPACE } from '../../sandbox/src/seed-cluster.ts';

/** One request of the bot to the API server, as the server would see it. */
export interface AuthorizedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

/** A Status, or any other object, that the bot gets instead of the server's answer. */
export interface Instead {
  readonly code: number;
  readonly message?: string;
  readonly object?: object;
}

/** An API server of the bot's own, which hands everything on, notes it, and may refuse. */
export interface FrontOfKubernetes {
  /** Path of a kubeconfig that names it. */
  readonly kubeconfig: string;
  readonly asked: readonly AuthorizedRequest[];
  /** The arguments of every exec, in order. */
  execs(): readonly (readonly string[])[];
  /** Undefined lets a request pass. */
  refuse(rule: (asked: AuthorizedRequest) => Instead | undefined): void;
  /** Cuts every watch that is open; returns how many. */
  cutWatches(): number;
  stop(): Promise<void>;
}

export async function startFront(server: string, folder: string): Promise<FrontOfKubernetes> {
  const upstream = new URL(server);
  const asked: AuthorizedRequest[] = [];
  const watches = new Set<Socket>();
  let rule: (one: AuthorizedRequest) => Instead | undefined = () => undefined;
  const note = (request: IncomingMessage, body: string): Instead | undefined => {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', server);
    const one = { method: request.method ?? 'GET', path, query, body };
    asked.push(one);
    if (query.has('watch')) noteWatch(request.socket, watches);
    return rule(one);
  };
  const front = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const instead = note(request, body.toString());
      if (instead === undefined) handOn(request, body, response, upstream);
      else response.writeHead(instead.code, { 'content-type': 'application/json' }).end(bodyOf(instead));
    });
  });
  front.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const instead = note(request, '');
    if (instead === undefined) joinUp(request, socket, head, upstream);
    else socket.end(`HTTP/1.1 ${instead.code} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const { port } = front.address() as AddressInfo;
  const kubeconfig = join(folder, `kubeconfig-${port}`);
  await writeFile(kubeconfig, kubeconfigFor(`http://127.0.0.1:${port}`, NAMESPACE));
  return {
    kubeconfig,
    asked,
    execs: () =>
      asked.filter(({ path }) => path.endsWith('/exec')).map(({ query }) => query.getAll('command')),
    refuse(next) {
      rule = next;
    },
    cutWatches() {
      const clipWellFormed = watches.size;
      for (const socket of watches) socket.destroy();
      return clipWellFormed;
    },
    stop: () =>
      new Promise((resolve) => {
        front.close(() => resolve());
        front.closeAllConnections();
      }),
  };
}

function noteWatch(socket: Socket, watches: Set<Socket>): void {
  watches.add(socket);
  socket.once('close', () => watches.delete(socket));
}

function handOn(request: IncomingMessage, body: Buffer, response: ServerResponse, upstream: URL): void {
  const { method, url, headers } = request;
  const onward = send(
    { host: upstream.hostname, port: upstream.port, method, path: url, headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  onward.end(body);
}

function joinUp(request: IncomingMessage, socket: Duplex, head: Buffer, upstream: URL): void {
  const onward = connect(Number(upstream.port), upstream.hostname, () => {
    const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}`);
    onward.write(`${request.method} ${request.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
    onward.write(head);
    socket.pipe(onward).pipe(socket);
  });
  onward.on('error', () => socket.destroy());
  socket.on('error', () => onward.destroy());
  socket.on('close', () => onward.destroy());
}

function bodyOf({ code, message = '', object }: Instead): string {
  const reason = code === 403 ? 'Forbidden' : 'InternalError';
  return JSON.stringify(
    object ?? { apiVersion: 'v1', kind: 'Status', status: 'Failure', code, message, reason },
  );
}
