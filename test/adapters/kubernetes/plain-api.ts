import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { kubeconfigFor } from '../../../sandbox/src/kubernetes/kubeconfig-for.ts';

export const CORE = '/api/v1/namespaces/spk-ingress';

/** A pod and a write that a test sends to it. */
export const POD = { namespace: 'spk-ingress', name: 'f5-tmm-1', uid: 'uid-1' };
export const WRITE = {
  lookup: 'spk-tor-bgp',
  asn: 3535,
  node: 'worker1.rack.example.com',
  before: '10.20.1.1',
  after: '10.20.1.9',
  createsLookup: false,
};

/** An API server that serves what a test puts there: lists of pods, single objects, and watches that say nothing. */
export interface PlainApi {
  readonly kubeconfig: string;
  /** Empty where it does not show the namespace kube-system. */
  clusterUid: string;
  pods: readonly object[];
  /** By path. */
  readonly objects: Map<string, object>;
  /** Codes by path; each is answered before anything else is looked at, without a word about why, as a proxy does. */
  readonly refused: Map<string, number>;
  /** What is answered by method and path, such as `PATCH /api/v1/…`, before anything else is looked at. */
  readonly answers: Map<string, Answer>;
  /** The code with which every watch is refused; undefined where watches are open and say nothing. */
  watchesRefused: number | undefined;
  /** Paths that were asked for, since the last reset; watches are left out. */
  readonly asked: string[];
  reset(): void;
  endWatches(): void;
  stop(): Promise<void>;
}

export interface Answer {
  readonly code: number;
  readonly body: string;
  /** Done before it is sent. */
  readonly first?: () => void;
}

/** As the API server words a refusal. */
export function failure(code: number, message: string, details: object = {}): Answer {
  return { code, body: JSON.stringify({ kind: 'Status', status: 'Failure', code, message, details }) };
}

export async function startPlainApi(): Promise<PlainApi> {
  const watches = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://api');
    response.setHeader('content-type', 'application/json');
    if (searchParams.has('watch') && api.watchesRefused !== undefined) {
      response.writeHead(api.watchesRefused).end();
      return;
    }
    if (searchParams.has('watch')) {
      watches.add(response);
      response.once('close', () => watches.delete(response));
      response.flushHeaders();
      return;
    }
    api.asked.push(path);
    const answer = api.answers.get(`${request.method} ${path}`);
    if (answer !== undefined) {
      answer.first?.();
      response.writeHead(answer.code).end(answer.body);
      return;
    }
    const code = api.refused.get(path);
    const found = code === undefined ? find(path) : undefined;
    if (code !== undefined) response.writeHead(code).end(JSON.stringify({ kind: 'Status' }));
    else if (found === undefined) response.writeHead(404).end(JSON.stringify(notFound(path)));
    else response.end(JSON.stringify(found));
  });
  const find = (path: string): object | undefined => {
    if (path === '/api/v1/namespaces/kube-system')
      return api.clusterUid === '' ? undefined : { metadata: { uid: api.clusterUid } };
    if (path.endsWith('/pods')) return list(api.pods);
    if (path.endsWith('/nodes') || path.endsWith('/configmaps')) return list([]);
    return api.objects.get(path);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const api: PlainApi = {
    kubeconfig: kubeconfigFor(`http://127.0.0.1:${port}`, 'spk-ingress'),
    clusterUid: 'cluster-1',
    pods: [],
    objects: new Map(),
    refused: new Map(),
    answers: new Map(),
    watchesRefused: undefined,
    asked: [],
    reset() {
      api.pods = [];
      api.objects.clear();
      api.refused.clear();
      api.answers.clear();
      api.watchesRefused = undefined;
      api.asked.length = 0;
    },
    endWatches() {
      for (const watch of watches) watch.end();
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return api;
}

/** As Kubernetes says that it has no such object. */
function notFound(path: string): object {
  return { kind: 'Status', reason: 'NotFound', details: { name: path.split('/').at(-1) }, code: 404 };
}

function list(items: readonly object[]): object {
  return { metadata: { resourceVersion: '1' }, items };
}
