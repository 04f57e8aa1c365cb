import { ApiException } from '@kubernetes/client-node';
import { z } from 'zod';
import { asClause } from '../../domain/clause.ts';
import { parseJson } from '../../domain/json.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';

/** What went wrong with a call: the server said no, or nobody answered. */
export type ApiError =
  | {
      readonly kind: 'answered';
      readonly code: number;
      /** One line of the Status; never headers, never a whole body. */
      readonly message: string;
      readonly reason: string;
      /** The name of the object that it is about; empty where it names none. */
      readonly name: string;
      readonly causes: readonly { readonly reason: string; readonly message: string }[];
      readonly retryAfterSeconds: number | undefined;
    }
  | {
      readonly kind: 'silent';
      readonly why: string;
      /** No connection came about, so that the request surely did not arrive. */
      readonly neverConnected: boolean;
    };

/** Reads what a call threw. A body that is no Status, as proxies send, counts by its code alone. */
export function apiErrorOf(error: unknown): ApiError {
  if (!(error instanceof ApiException)) {
    return { kind: 'silent', why: whyOf(error), neverConnected: NO_CONNECTION.has(codeOf(error)) };
  }
  const status = statusOf(error.body);
  return {
    kind: 'answered',
    code: error.code,
    message: oneLine(status.message ?? ''),
    reason: status.reason ?? '',
    name: status.details?.name ?? '',
    causes: status.details?.causes ?? [],
    retryAfterSeconds: status.details?.retryAfterSeconds,
  };
}

/**
 * The API server has no object of this name. A 404 that does not say so, as a proxy gives it or a server that does not know the
 * resource, tells nothing about the object.
 */
export function isNotFound(trouble: ApiError, name: string): boolean {
  return (
    trouble.kind === 'answered' &&
    trouble.code === 404 &&
    trouble.reason === 'NotFound' &&
    (trouble.name === name || trouble.message.includes(`"${name}" not found`))
  );
}

/** Whether the other end closed the connection before it answered. */
export function isClosedConnection(error: unknown): boolean {
  return CLOSED.has(codeOf(error));
}

/** Trouble in a few words, for a log. */
export function describeApiError(trouble: ApiError): string {
  if (trouble.kind === 'silent') return trouble.why;
  return trouble.message === '' ? `answered ${trouble.code}` : `answered ${trouble.code}: ${trouble.message}`;
}

/** What was tried, for the sentence that says which right is missing. */
export interface Attempt {
  readonly verb: string;
  readonly resource: string;
  /** Absent for what belongs to no namespace. */
  readonly namespace?: string;
  /** The one object that it was about, where the right is for that one only. */
  readonly name?: string;
}

/** The refusal that a person reads: which right is missing, or that the API server cannot be asked. */
export function refusalOf(trouble: ApiError, attempt: Attempt): Refusal {
  const { verb, resource, namespace, name } = attempt;
  const where = `${name === undefined ? '' : ` ${name}`}${namespace === undefined ? '' : ` in namespace ${namespace}`}`;
  if (trouble.kind === 'silent') {
    return refuse(
      'cluster_unreachable',
      `The API server did not answer when asked to ${verb} ${resource}${where}: ${asClause(trouble.why)}.`,
      'Try again in a moment; if this persists, check the API server and the network path to it.',
    );
  }
  if (trouble.code === 403 && trouble.message !== '' && !LACKS_RIGHT.test(trouble.message)) {
    return refuse(
      'cluster_forbidden',
      `The API server refuses to ${verb} ${resource}${where}: ${asClause(trouble.message)}.`,
      `If RBAC denies it, grant verb ${verb} on ${resource}${where}, as deploy/role.yaml does. Otherwise ask the maintainers of the admission policies of the cluster.`,
    );
  }
  if (trouble.code === 403) {
    return refuse(
      'cluster_forbidden',
      `The bot may not ${verb} ${resource}${where}.`,
      `Grant it: verb ${verb} on ${resource}${where}, as deploy/role.yaml does.`,
    );
  }
  if (trouble.code === 401) {
    return refuse(
      'cluster_forbidden',
      `The API server rejected the credentials of the bot when asked to ${verb} ${resource}${where}.`,
      'Renew the kubeconfig or the service account token.',
    );
  }
  const said = trouble.message === '' ? '' : `: ${asClause(trouble.message)}`;
  return refuse(
    'cluster_unreachable',
    `The API server answered ${trouble.code} when asked to ${verb} ${resource}${where}${said}.`,
    'Try again in a moment; if this persists, check the API server.',
  );
}

/** As RBAC says it. A webhook, a quota or a policy that denies a request gives a 403 in its own words. */
const LACKS_RIGHT = /\bcannot \S+ resource\b|^forbidden$/i;

const statusSchema = z.object({
  message: z.string().optional(),
  reason: z.string().optional(),
  details: z
    .object({
      name: z.string().optional(),
      causes: z
        .array(z.object({ reason: z.string().default(''), message: z.string().default('') }))
        .optional(),
      retryAfterSeconds: z.number().optional(),
    })
    .optional(),
});

function statusOf(body: unknown): z.infer<typeof statusSchema> {
  const parsed = statusSchema.safeParse(typeof body === 'string' ? parseJson(body) : body);
  return parsed.success ? parsed.data : {};
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 300);
}

function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the connection failed';
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'it took too long';
  const source = sourceOf(error);
  const code = codeOf(error);
  return oneLine(code === '' ? source.message || source.name : (WORDS[code] ?? code));
}

/** The code of what lies behind an error, or of itself; the client's `fetch failed` has none of its own. */
function codeOf(error: unknown): string {
  return codeIn(error instanceof Error ? error.cause : undefined) || codeIn(error);
}

function codeIn(value: unknown): string {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string'
    ? value.code
    : '';
}

function sourceOf(error: Error): Error {
  return error.cause instanceof Error ? error.cause : error;
}

const NO_CONNECTION: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const CLOSED: ReadonlySet<string> = new Set(['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE']);

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was reset',
  ENOTFOUND: 'its name cannot be resolved',
  EAI_AGAIN: 'its name cannot be resolved now',
  ETIMEDOUT: 'it took too long',
  UND_ERR_CONNECT_TIMEOUT: 'it took too long',
  UND_ERR_SOCKET: 'the connection was closed',
};
