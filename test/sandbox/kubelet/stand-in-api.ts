import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';

const objectSchema = z.looseObject({ metadata: z.looseObject({ name: z.string() }) });
type Stored = z.infer<typeof objectSchema>;

/** A Kubernetes API with just what a kubelet uses, and with faults on demand. */
export interface StandInApi {
  url: string;
  /** Every request that changed or tried to change something. */
  requests: { method: string; path: string; body: unknown }[];
  put(path: string, object: object): void;
  get(path: string): unknown;
  remove(path: string): void;
  /** Answers the next requests with 500. */
  failNext(count: number): void;
  /** Ends every watch: with a reset of its connection, or with the event that says 410. */
  breakWatches(how: 'reset' | 'expired'): void;
  /** Changes something that no watch is told about. */
  silently(change: () => void): void;
  close(): Promise<void>;
}

export async function startStandInApi(): Promise<StandInApi> {
  const objects = new Map<string, Stored>();
  const watches = new Set<ServerResponse>();
  const requests: StandInApi['requests'] = [];
  let version = 1;
  let failures = 0;
  let isSilent = false;

  const tell = (type: string, object: unknown): void => {
    if (isSilent) return;
    for (const watch of watches) watch.write(`${JSON.stringify({ type, object })}\n`);
  };
  const put = (path: string, object: object): Stored => {
    version += 1;
    const stored = objectSchema.parse(object);
    stored.metadata.resourceVersion = String(version);
    const type = objects.has(path) ? 'MODIFIED' : 'ADDED';
    objects.set(path, stored);
    if (path.includes('/pods/')) tell(type, stored);
    return stored;
  };
  const remove = (path: string): void => {
    const object = objects.get(path);
    objects.delete(path);
    version += 1;
    if (path.includes('/pods/')) tell('DELETED', object);
  };
  const list = () => ({
    metadata: { resourceVersion: String(version) },
    items: [...objects].filter(([path]) => path.includes('/pods/')).map(([, object]) => object),
  });

  const server = createServer((request, response) => {
    void answer(request, response);
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://api');
    const path = url.pathname.replace(/\/status$/, '');
    const body: unknown = JSON.parse((await text(request)) || 'null');
    const reply = (status: number, value: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    if (request.method !== 'GET') requests.push({ method: request.method ?? '', path: url.pathname, body });
    if (failures > 0) {
      failures -= 1;
      return reply(500, { code: 500 });
    }
    if (url.searchParams.has('watch')) {
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      watches.add(response);
      response.once('close', () => watches.delete(response));
      return;
    }
    if (path === '/api/v1/pods') return reply(200, list());
    const found = objects.get(path);
    if (request.method === 'POST') {
      const object = objectSchema.parse(body);
      const itsPath = `${path}/${object.metadata.name}`;
      return objects.has(itsPath) ? reply(409, { code: 409 }) : reply(201, put(itsPath, object));
    }
    if (found === undefined) return reply(404, { code: 404 });
    if (request.method === 'PATCH') return reply(200, put(path, mergePatched(found, body)));
    if (request.method === 'DELETE') remove(path);
    return reply(200, found);
  };
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');

  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    put,
    get: (path) => objects.get(path),
    remove,
    failNext: (count) => {
      failures = count;
    },
    breakWatches(how) {
      tell(how === 'expired' ? 'ERROR' : 'BOOKMARK', {
        kind: 'Status',
        code: 410,
        metadata: { resourceVersion: '1' },
      });
      for (const watch of watches) how === 'reset' ? watch.destroy() : watch.end();
    },
    silently(change) {
      isSilent = true;
      change();
      isSilent = false;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function text(request: IncomingMessage): Promise<string> {
  let all = '';
  for await (const chunk of request.setEncoding('utf8')) all += String(chunk);
  return all;
}

const record = z.record(z.string(), z.unknown());

function mergePatched(target: unknown, patch: unknown): object {
  const result: Record<string, unknown> = { ...record.safeParse(target).data };
  for (const [key, value] of Object.entries(record.parse(patch))) {
    if (value === null) delete result[key];
    else result[key] = record.safeParse(value).success ? mergePatched(result[key], value) : value;
  }
  return result;
}
