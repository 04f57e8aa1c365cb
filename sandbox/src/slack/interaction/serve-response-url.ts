import type { ServerResponse } from 'node:http';
import type { Backend } from '../backend.ts';
import { sendJson } from '../http-answers.ts';
import { isObject, parseJson } from '../json.ts';
import { sendFault } from '../web-api/serve-web-api.ts';
import { postResponse } from './post-response.ts';

/** Answers one POST to a response_url. */
export function serveResponseUrl(
  backend: Backend,
  path: string,
  body: Buffer,
  response: ServerResponse,
): void {
  const fault = backend.faults.next('response_url');
  if (fault?.status !== undefined || fault?.error !== undefined) {
    backend.log.add({ kind: 'response_url', ok: false, error: fault.error ?? 'injected', fault });
    sendFault(response, fault);
    return;
  }
  const place = backend.responseUrls.find(path);
  const content = parseJson(body.toString());
  if ('error' in place) {
    refuse(404, place.error);
    return;
  }
  const error = isObject(content) ? postResponse(backend, place, content) : 'invalid_payload';
  if (error !== undefined) {
    refuse(400, error);
    return;
  }
  backend.responseUrls.use(path);
  backend.log.add({ kind: 'response_url', ok: true, body: content });
  sendJson(response, 200, { ok: true });

  function refuse(status: number, error: string): void {
    backend.log.add({ kind: 'response_url', ok: false, error, body: content });
    sendJson(response, status, { ok: false, error });
  }
}
