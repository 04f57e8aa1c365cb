import { failure } from '../status-error.ts';

/** What may go wrong with one request on purpose, to see what a client makes of it. */
export type Interference =
  /** A refusal of the server itself, before anything is done. */
  | { readonly kind: 'answer'; readonly status: 409 | 429 | 500 | 503 }
  /** The connection breaks: before anything is done, or after it is done and before it is said. */
  | { readonly kind: 'reset'; readonly done: 'nothing' | 'everything' }
  /** The server waits, and then does as always. */
  | { readonly kind: 'hold'; readonly until: Promise<void> };

/** Asked for each request, watches and execs included; undefined lets it be. */
export type Interfere = (request: {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly isWatch: boolean;
}) => Interference | undefined;

/** The Status that a server gives when it is overloaded, in conflict or broken. */
export function statusFor(status: Extract<Interference, { kind: 'answer' }>['status']): Error {
  const words = {
    409: ['Conflict', 'Operation cannot be fulfilled: the object has been modified'],
    429: ['TooManyRequests', 'Too many requests, please try again later.'],
    500: ['InternalError', 'Internal error occurred: etcdserver: request timed out'],
    503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  } as const;
  const [reason, message] = words[status];
  return failure(status, reason, message, status === 429 ? { retryAfterSeconds: 1 } : undefined);
}
