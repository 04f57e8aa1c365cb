import { type IncomingMessage, STATUS_CODES } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { z } from 'zod';
import type { Cluster } from '../cluster.ts';
import { nodes } from '../kinds/nodes.ts';
import { podSchema } from '../kinds/pod.ts';
import { pods } from '../kinds/pods.ts';
import { badRequest, noSuchResource, notFound, StatusError } from '../status-error.ts';
import { readRoute } from './route.ts';

/** Hands an exec's upgrade on to the kubelet of the pod's node, byte by byte, or refuses it with a Status. */
export function proxyExec(cluster: Cluster, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  socket.on('error', () => socket.destroy());
  try {
    const { port, path } = kubeletFor(cluster, new URL(request.url ?? '/', 'http://api'));
    const kubelet = connect(port, '127.0.0.1', () => {
      const headers: string[] = [];
      for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
        headers.push(`${request.rawHeaders[index]}: ${request.rawHeaders[index + 1]}`);
      }
      kubelet.write(`${request.method} ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
      kubelet.write(head);
      socket.pipe(kubelet).pipe(socket);
    });
    kubelet.on('error', () => socket.destroy());
    socket.on('close', () => kubelet.destroy());
    kubelet.on('close', () => socket.destroy());
  } catch (error) {
    refuse(socket, error);
  }
}

const nodeSchema = z.looseObject({
  status: z.looseObject({
    daemonEndpoints: z.looseObject({ kubeletEndpoint: z.looseObject({ Port: z.int().positive() }) }),
  }),
});

function kubeletFor({ store }: Cluster, url: URL): { readonly port: number; readonly path: string } {
  const route = readRoute(url.pathname);
  if (route?.resource !== pods || route.subresource !== 'exec') throw noSuchResource();
  const { namespace, name } = route;
  const object = store.get(pods, namespace, name);
  if (object === undefined) throw notFound(pods, name);
  const { spec } = podSchema.parse(object);
  if (!spec.nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
  const container = url.searchParams.get('container') || spec.containers[0]?.name || '';
  if (!spec.containers.some((one) => one.name === container)) {
    throw badRequest(`container ${container} is not valid for pod ${name}`);
  }
  const node = nodeSchema.safeParse(store.get(nodes, '', spec.nodeName));
  if (!node.success) throw notFound(nodes, spec.nodeName);
  const query = new URLSearchParams(url.searchParams);
  query.delete('container');
  for (const [ours, theirs] of [
    ['stdin', 'input'],
    ['stdout', 'output'],
    ['stderr', 'error'],
  ] as const) {
    const value = query.get(ours);
    if (value !== null) query.set(theirs, value === 'true' || value === '1' ? '1' : '0');
  }
  const path = ['exec', namespace, name, container].map(encodeURIComponent).join('/');
  return { port: node.data.status.daemonEndpoints.kubeletEndpoint.Port, path: `/${path}?${query}` };
}

function refuse(socket: Duplex, error: unknown): void {
  const status = error instanceof StatusError ? error.status : badRequest(String(error)).status;
  const body = JSON.stringify(status);
  const start = `HTTP/1.1 ${status.code} ${STATUS_CODES[status.code] ?? ''}`;
  socket.end(
    `${start}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
