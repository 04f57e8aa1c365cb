import type { Backend } from '../backend.ts';
import type { JsonObject } from '../json.ts';

/** One call of a Web API method. */
export interface Call {
  readonly backend: Backend;
  readonly args: JsonObject;
}

export type Method = (call: Call) => Answer;

/** What a method answers: the body, and seconds to wait when it was limited. */
export interface Answer {
  readonly body: JsonObject & { readonly ok: boolean };
  readonly retryAfterSec?: number;
}

export function answer(fields: JsonObject): Answer {
  return { body: { ok: true, ...fields } };
}

/** A refusal by its name in Slack's documentation. */
export function refuse(error: string, messages?: readonly string[]): Answer {
  return { body: { ok: false, error, ...(messages && { response_metadata: { messages } }) } };
}

export function limited(waitMs: number): Answer {
  return { ...refuse('ratelimited'), retryAfterSec: Math.max(1, Math.ceil(waitMs / 1000)) };
}

export function missingArgument(name: string): Answer {
  return refuse('invalid_arguments', [`[ERROR] missing required field: ${name}`]);
}
