import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Announcements } from '../announcements.ts';
import { sendJson } from '../http-answers.ts';
import { parseJson } from '../json.ts';
import type { ControlRoute } from './route.ts';

/** Answers one request to /_control/NAME/REST. */
export async function serveControl(
  routes: readonly ControlRoute[],
  request: IncomingMessage,
  path: string,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  const [name = '', ...rest] = path.slice('/_control/'.length).split('/').map(decodeURIComponent);
  const route = routes.find((known) => known.name === name && known.method === request.method);
  if (route === undefined) {
    sendJson(response, 404, { ok: false, error: 'unknown_route' });
    return;
  }
  const result = await route.handle({ rest: rest.join('/'), body: parseJson(body.toString()) });
  sendJson(response, isInvalid(result) ? 400 : 200, result ?? { ok: true });
}

/** An event stream that says what changed; the page then fetches it. */
export function serveEvents(announcements: Announcements, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': watching\n\n');
  const unwatch = announcements.watch((what) => response.write(`data: ${JSON.stringify(what)}\n\n`));
  response.on('close', unwatch);
}

/** A web page from elsewhere must not press buttons here. */
export function isForeign(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  return origin !== undefined && origin !== `http://${host}`;
}

function isInvalid(result: unknown): boolean {
  return (
    typeof result === 'object' && result !== null && 'error' in result && result.error === 'invalid_arguments'
  );
}
