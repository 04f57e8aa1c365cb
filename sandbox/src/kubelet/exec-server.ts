import { createServer, type Server, STATUS_CODES } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Inside } from './run-command.ts';
import { serveExec } from './serve-exec.ts';

export interface ExecServer {
  port: number;
  close(): Promise<void>;
}

/** Finds a container that exec can enter, or the reason why it cannot. */
export type FindContainer = (
  namespace: string,
  pod: string,
  container: string,
) => Inside | { status: number; reason: string };

/** In order of preference. */
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

/** The kubelet's own port: `/exec/NAMESPACE/POD/CONTAINER` by WebSocket. `tls` makes it https. */
export async function startExecServer(
  port: number,
  find: FindContainer,
  tls?: { key: string; cert: string },
): Promise<ExecServer> {
  const server: Server = tls === undefined ? createServer() : createTlsServer(tls);
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => PROTOCOLS.find((protocol) => offered.has(protocol)) ?? false,
  });
  server.on('request', (request, response) => {
    const isHealth = request.url === '/healthz';
    response.writeHead(isHealth ? 200 : 400, { 'content-type': 'text/plain' });
    response.end(isHealth ? 'ok' : 'exec is served to a WebSocket upgrade only\n');
  });
  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'http://kubelet');
    const [, verb, namespace = '', pod = '', container = ''] = url.pathname
      .split('/')
      .map(decodeURIComponent);
    if (verb !== 'exec') return refuse(socket, 404, 'page not found');
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(/,\s*/);
    if (!offered.some((protocol) => PROTOCOLS.includes(protocol))) {
      return refuse(socket, 400, `no known subprotocol among ${offered.join(', ')}`);
    }
    const inside = find(namespace, pod, container);
    if ('reason' in inside) return refuse(socket, inside.status, inside.reason);
    return sockets.handleUpgrade(request, socket, head, (webSocket) => {
      serveExec(webSocket, url.searchParams, inside);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: portOf(server.address()),
    async close() {
      for (const webSocket of sockets.clients) webSocket.terminate();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function refuse(socket: Duplex, status: number, reason: string): void {
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Type: text/plain\r\nConnection: close`;
  socket.end(`${head}\r\nContent-Length: ${Buffer.byteLength(reason)}\r\n\r\n${reason}`);
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('the exec server has no port');
  return address.port;
}
