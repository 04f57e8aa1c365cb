import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Backend } from '../backend.ts';
import type { InjectedFault } from '../faults.ts';
import { sendJson, sendText } from '../http-answers.ts';
import { type JsonObject, stringIn } from '../json.ts';
import { type Answer, refuse } from './answer.ts';
import { APP_TOKEN_METHOD, METHODS } from './methods.ts';
import { readArguments } from './read-arguments.ts';

/** Answers one request to /api/METHOD. */
export async function serveWebApi(
  backend: Backend,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  const name = new URL(request.url ?? '/', 'http://slack').pathname.slice('/api/'.length);
  const args = await readArguments(request, body);
  const fault = backend.faults.next(name);
  if (fault?.delayMs !== undefined) await sleep(fault.delayMs, undefined, { ref: false });
  if (fault?.status !== undefined || fault?.error !== undefined) {
    backend.log.add({ kind: 'api', method: name, args, ok: false, error: fault.error ?? 'injected', fault });
    sendFault(response, fault);
    return;
  }
  const result = tokenFault(backend, name, tokenOf(request, args)) ?? call(backend, name, args);
  backend.log.add({ kind: 'api', method: name, args, ...outcome(result) });
  const limited = result.retryAfterSec !== undefined;
  if (limited) response.setHeader('retry-after', String(result.retryAfterSec));
  sendJson(response, limited ? 429 : 200, result.body);
}

function call(backend: Backend, name: string, args: JsonObject): Answer {
  const method = METHODS.get(name);
  return method === undefined ? refuse('unknown_method') : method({ backend, args });
}

function tokenOf(request: IncomingMessage, args: JsonObject): string | undefined {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return bearer ?? stringIn(args, 'token');
}

function tokenFault(backend: Backend, name: string, token: string | undefined): Answer | undefined {
  if (!token) return refuse('not_authed');
  if (token !== backend.botToken && token !== backend.appToken) return refuse('invalid_auth');
  const wanted = name === APP_TOKEN_METHOD ? backend.appToken : backend.botToken;
  if (token !== wanted) return refuse('not_allowed_token_type');
  const refused = backend.refusedTokens.get(name === APP_TOKEN_METHOD ? 'app' : 'bot');
  return refused === undefined ? undefined : refuse(refused);
}

function outcome(result: Answer): JsonObject {
  const { ok, error, ts, message_ts: messageTs } = result.body;
  return { ok, ...(error !== undefined && { error }), ts: ts ?? messageTs };
}

/** Sends the failure that was asked for. */
export function sendFault(response: ServerResponse, fault: InjectedFault): void {
  const status = fault.status ?? 200;
  if (fault.retryAfterSec !== undefined) response.setHeader('retry-after', String(fault.retryAfterSec));
  const error = fault.error ?? (status === 429 ? 'ratelimited' : undefined);
  if (error === undefined) sendText(response, status, 'injected failure');
  else sendJson(response, status, { ok: false, error });
}
