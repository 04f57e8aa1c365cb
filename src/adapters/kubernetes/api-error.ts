import { ApiException } from '@kubernetes/client-node';
import { z } from 'zod';
import { parseJson } from '../../domain/json.ts';
import { asClause } from '../../domain/phrasing.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';

/** Why a call failed: the server refused it, or nobody answered. */
export type ApiError =
  | {
      readonly kind: 'answered';
      readonly code: number;
      /** One line of the Status; never headers, never a whole body. */
      readonly message: string;
      readonly reason: string;
      /** The name of the object concerned; empty where the Status names none. */
      readonly name: string;
      readonly causes: readonly { readonly reason: string; readonly message: string }[];
      readonly retryAfterSeconds: number | undefined;
    }
  | {
      readonly kind: 'silent';
      readonly why: string;
      /** No connection was established, so the request certainly did not arrive. */
      readonly neverConnected: boolean;
    };

/** Converts what a call threw. A body that is not a Status, as proxies send, counts by its code alone. */
export function apiErrorOf(error: unknown): ApiError {
  if (!(error instanceof ApiException)) {
    return { kind: 'silent', why: whyOf(error), neverConnected: hadNoConnection(error) };
  }
  const status = statusOf(error.body);
  return {
    kind: 'answered',
    code: error.code,
    message: onOneLine(status.message ?? ''),
    reason: status.reason ?? '',
    name: status.details?.name ?? '',
    causes: status.details?.causes ?? [],
    retryAfterSeconds: status.details?.retryAfterSeconds,
  };
}

/**
 * Whether the API server has no object of this name. A 404 without that information, from a proxy or from a server that does not
 * know the resource, says nothing about the object.
 */
export function isNotFound(apiError: ApiError, name: string): boolean {
  return (
    apiError.kind === 'answered' &&
    apiError.code === 404 &&
    apiError.reason === 'NotFound' &&
    (apiError.name === name || apiError.message.includes(`"${name}" not found`))
  );
}

/**
 * Whether a rule of the cluster denies the request, so that a retry cannot help: rights, credentials, or an admission policy, which
 * may give any code. A policy that answers 429 asks to come back.
 */
export function isDenied(apiError: ApiError): boolean {
  if (apiError.kind === 'silent') return false;
  return apiError.code === 401 || apiError.code === 403 || isDeniedByPolicy(apiError);
}

function isDeniedByPolicy({ code, message }: Extract<ApiError, { kind: 'answered' }>): boolean {
  return code >= 400 && code < 500 && code !== 429 && DENIED.test(message);
}

/** Whether the other end closed the connection before it answered. */
export function isClosedConnection(error: unknown): boolean {
  return CLOSED.has(codeOf(error));
}

/** The error in a few words, for a log. */
export function describeApiError(apiError: ApiError): string {
  if (apiError.kind === 'silent') return apiError.why;
  return apiError.message === ''
    ? `answered ${apiError.code}`
    : `answered ${apiError.code}: ${apiError.message}`;
}

/** Verb and resource of the call, for the sentence that names the missing right. */
export interface Attempt {
  readonly verb: string;
  readonly resource: string;
  /** Absent for cluster-scoped resources. */
  readonly namespace?: string;
  /** The object, where the right is for that one only. */
  readonly name?: string;
}

/** The refusal shown to people: which right is missing, or that the API server cannot be read. */
export function refusalOf(apiError: ApiError, attempt: Attempt): Refusal {
  const { verb, resource, namespace, name } = attempt;
  const where = `${name === undefined ? '' : ` ${name}`}${namespace === undefined ? '' : ` in namespace ${namespace}`}`;
  if (apiError.kind === 'silent') {
    return refuse(
      'cluster_unreachable',
      `The API server did not answer when asked to ${verb} ${resource}${where}: ${asClause(apiError.why)}.`,
      'Try again in a moment; if this persists, check the API server and the network path to it.',
    );
  }
  const deniedOtherwise = apiError.code === 403 && apiError.message !== '' && !lacksRight(apiError.message);
  if (deniedOtherwise || isDeniedByPolicy(apiError)) {
    return refuse(
      'cluster_forbidden',
      `The API server refuses to ${verb} ${resource}${where}: ${asClause(apiError.message)}.`,
      `If RBAC denies it, grant verb ${verb} on ${resource}${where}, as deploy/role.yaml does. Otherwise ask the maintainers of the admission policies of the cluster.`,
    );
  }
  if (apiError.code === 403) {
    return refuse(
      'cluster_forbidden',
      `The bot may not ${verb} ${resource}${where}.`,
      `Grant it: verb ${verb} on ${resource}${where}, as deploy/role.yaml does.`,
    );
  }
  if (apiError.code === 401) {
    return refuse(
      'cluster_forbidden',
      `The API server rejected the credentials of the bot when asked to ${verb} ${resource}${where}.`,
      'Renew the kubeconfig or the service account token.',
    );
  }
  const said = apiError.message === '' ? '' : `: ${asClause(apiError.message)}`;
  return refuse(
    'cluster_unreachable',
    `The API server answered ${apiError.code} when asked to ${verb} ${resource}${where}${said}.`,
    'Try again in a moment; if this persists, check the API server.',
  );
}

/** The words of the API server for a webhook (code 400 by default) and for a ValidatingAdmissionPolicy (422 by default). */
const DENIED = /\bdenied (?:the )?request\b/i;

/** Whether RBAC denied it. A webhook, a quota or a policy that denies a request gives a 403 with other words. */
export function lacksRight(message: string): boolean {
  return LACKS_RIGHT.test(message);
}

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

/** What a body says, as one line: the message of a Status, or plain text, as the kubelet gives it; empty for a page of a proxy. */
export function messageIn(body: string): string {
  return onOneLine(statusOf(body).message ?? (/^\s*[<{]/.test(body) ? '' : body));
}

function statusOf(body: unknown): z.infer<typeof statusSchema> {
  const parsed = statusSchema.safeParse(typeof body === 'string' ? parseJson(body) : body);
  return parsed.success ? parsed.data : {};
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 300);
}

function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the connection failed';
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'it took too long';
  const source = sourceOf(error);
  const code = codeOf(error);
  return onOneLine(code === '' ? source.message || source.name : (WORDS[code] ?? code));
}

/** The code of an error's cause, or its own; the client's `fetch failed` has none. */
function codeOf(error: unknown): string {
  return codeIn(error instanceof Error ? error.cause : undefined) || codeIn(error);
}

function codeIn(value: unknown): string {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string'
    ? value.code
    : '';
}

/** By its code, or because the system said it while connecting: to one address, or to each of several. */
function hadNoConnection(error: unknown): boolean {
  const code = codeOf(error);
  if (NO_CONNECTION.has(code) || BAD_CERTIFICATE.test(code)) return true;
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const parsed = connectErrorSchema.safeParse(cause);
  return (
    parsed.success && (parsed.data.errors ?? [parsed.data]).every(({ syscall }) => syscall === 'connect')
  );
}

const connectErrorSchema = z.object({
  syscall: z.string().optional(),
  errors: z
    .array(z.object({ syscall: z.string().optional() }))
    .min(1)
    .optional(),
});

/** Nothing is sent to a server whose certificate is refused. */
const BAD_CERTIFICATE = /^(?:CERT_|DEPTH_ZERO_SELF_SIGNED|ERR_TLS_CERT|SELF_SIGNED|UNABLE_TO_)/;

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
