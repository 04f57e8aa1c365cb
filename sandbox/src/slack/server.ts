import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Backend } from './backend.ts';
import type { Control } from './control/control.ts';
import type { ControlRoute } from './control/route.ts';
import { controlRoutes } from './control/routes.ts';
import { isForeign, serveControl, serveEvents } from './control/serve-control.ts';
import { mimeTypeOf } from './files.ts';
import { readBody, sendJson, sendText } from './http-answers.ts';
import { serveResponseUrl } from './interaction/serve-response-url.ts';
import { readUpload } from './web-api/read-arguments.ts';
import { serveWebApi } from './web-api/serve-web-api.ts';

export interface Server {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Listens on 127.0.0.1 for everything: Web API, sockets, response_urls, control API and page. */
export async function startServer(
  backend: Backend,
  options: {
    readonly port: number;
    readonly control: Control;
    readonly extraRoutes: readonly ControlRoute[];
    readonly page: () => string;
  },
): Promise<Server> {
  const routes = [...options.extraRoutes, ...controlRoutes(options.control)];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://slack').pathname;
    if (path === '/' && request.method === 'GET') return sendText(response, 200, options.page(), 'text/html');
    if (path.startsWith('/_control/') && isForeign(request)) return sendJson(response, 403, { ok: false });
    if (path === '/_control/events') return serveEvents(backend.announcements, response);
    const body = await readBody(request);
    if (path.startsWith('/api/')) return serveWebApi(backend, request, body, response);
    if (path.startsWith('/_response/')) return serveResponseUrl(backend, path, body, response);
    if (path.startsWith('/_control/')) return serveControl(routes, request, path, body, response);
    if (path.startsWith('/_upload/')) return upload(request, path, body, response);
    if (path.startsWith('/_files/')) return download(path, response);
    sendText(response, 404, 'not found');
  }

  async function upload(request: IncomingMessage, path: string, body: Buffer, response: ServerResponse) {
    const content = await readUpload(request, body);
    const taken = backend.files.receive(path.slice('/_upload/'.length), content);
    sendText(response, taken ? 200 : 400, taken ? `OK - ${content.length}` : 'bad upload');
  }

  function download(path: string, response: ServerResponse): void {
    const file = backend.files.find(path.slice('/_files/'.length));
    if (file?.content === undefined) sendText(response, 404, 'not found');
    else if (mimeTypeOf(file) === 'image/png') {
      response.writeHead(200, { 'content-type': 'image/png', 'cache-control': 'no-store' });
      response.end(file.content);
    } else sendText(response, 200, file.content.toString('utf8'));
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { ok: false, error: 'internal_error', detail: String(error) });
    });
  });
  server.on('upgrade', (request, socket, head) => backend.sockets.upgrade(request, socket, head));
  const port = await listen(server, options.port);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('listening: no port'));
      else resolve(address.port);
    });
  });
}
