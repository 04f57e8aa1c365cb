import { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Retention } from '../domain/audit/retention.ts';
import { readSigningKey } from '../domain/audit/signed-head.ts';
import type { Fault } from '../domain/fault.ts';

/** What the environment says, checked. */
export interface Environment {
  readonly slack: SlackSettings;
  /** Port of `/healthz` and `/readyz`. */
  readonly opsPort: number;
  readonly redisUrl: string;
  /** With which every key in Redis begins: two deployments on one Redis have two. */
  readonly redisKeyPrefix: string;
  /** As kubectl reads it; absent in a pod, where the service account serves. */
  readonly kubeconfig?: string;
  /** Whether Kubernetes runs this process. */
  readonly inPod: boolean;
  /** What the credential plugins of the kubeconfig are run with: all of it. */
  readonly pluginEnvironment: Readonly<Record<string, string | undefined>>;
  readonly policyFile: string;
  readonly logLevel: string;
  readonly audit: AuditSettings;
  /** Signs heads of the audit trail. */
  readonly auditSigningKey?: KeyObject;
  /** Where the head that was signed last is remembered, outside Redis. */
  readonly auditSignedHeadFile?: string;
}

export type SlackSettings =
  | { readonly mode: 'socket'; readonly botToken: string; readonly appToken: string; readonly apiUrl: string }
  | {
      readonly mode: 'http';
      readonly botToken: string;
      readonly signingSecret: string;
      readonly apiUrl: string;
      readonly port: number;
    };

/** Which records of the audit trail are kept, and where else they go. */
interface AuditSettings {
  readonly retention: Retention;
  /** Whether every record is also written on standard output. */
  readonly stream: 'off' | 'stdout';
}

const PORT = z.coerce.number().int().min(0).max(65_535);
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Reads and checks every variable; all faults at once, each with its remedy. An empty variable counts as unset. */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): Environment | readonly Fault[] {
  const faults: Fault[] = [];
  const check: CheckVariable = (name, schema, fallback, remedy) => {
    const parsed = schema.safeParse(env[name]?.trim() || fallback);
    if (parsed.success) return parsed.data;
    faults.push({
      path: name,
      problem: `${JSON.stringify(env[name] ?? '').slice(0, 80)} is not a valid value`,
      remedy,
    });
    return undefined;
  };
  const secret = (name: string, prefix: string, remedy: string): string => {
    const found = readSecret(env, name, prefix, remedy, readFile);
    if (typeof found === 'string') return found;
    faults.push(found);
    return '';
  };
  const mode = check(
    'SLACK_MODE',
    z.enum(['socket', 'http']),
    'socket',
    'Give socket (the default) or http.',
  );
  const apiUrl =
    check(
      'SLACK_API_URL',
      z.url({ protocol: /^https?$/ }),
      'https://slack.com/api/',
      'Leave it out for Slack itself, or give a URL such as https://slack.com/api/.',
    ) ?? '';
  const port = check('PORT', PORT, '3000', 'Give a port from 0 to 65535.') ?? 0;
  const opsPort = check('OPS_PORT', PORT, '9090', 'Give a port from 0 to 65535.') ?? 0;
  const redisUrl =
    check(
      'REDIS_URL',
      REDIS_URL,
      'redis://127.0.0.1:6379',
      'Give redis://host:port, rediss:// for TLS, redis+sentinel://host:port,…/name, redis+cluster://host:port,… or unix:///path.',
    ) ?? '';
  const redisKeyPrefix =
    check(
      'REDIS_KEY_PREFIX',
      z.string().regex(/^[\w.-]{1,64}$/),
      'tor-bgp-bot',
      'Give up to 64 letters, digits, dots, dashes and underscores, or leave it out for tor-bgp-bot.',
    ) ?? '';
  const logLevel =
    check('LOG_LEVEL', z.enum(LOG_LEVELS), 'info', `Give one of ${LOG_LEVELS.join(', ')}.`) ?? 'info';
  const audit = readAuditSettings(check);
  const botToken = secret(
    'SLACK_BOT_TOKEN',
    'xoxb-',
    'Slack shows it under OAuth & Permissions once the app is installed: Bot User OAuth Token.',
  );
  const slack: SlackSettings =
    mode === 'http'
      ? {
          mode,
          botToken,
          signingSecret: secret('SLACK_SIGNING_SECRET', '', 'Slack shows it under Basic Information.'),
          apiUrl,
          port,
        }
      : {
          mode: 'socket',
          botToken,
          appToken: secret(
            'SLACK_APP_TOKEN',
            'xapp-',
            'Make one under Basic Information, App-Level Tokens, with scope connections:write.',
          ),
          apiUrl,
        };
  const signingKey = signingKeyFrom(env.AUDIT_SIGNING_KEY_FILE, readFile);
  if (signingKey !== undefined && !(signingKey instanceof KeyObject)) faults.push(signingKey);
  if (faults.length > 0) return faults;
  const kubeconfig = env.KUBECONFIG?.trim();
  const signedHeadFile = env.AUDIT_SIGNED_HEAD_FILE?.trim();
  const policyFile = env.POLICY_FILE?.trim() || './policy.yaml';
  const inPod = Boolean(env.KUBERNETES_SERVICE_HOST);
  return {
    slack,
    opsPort,
    redisUrl,
    redisKeyPrefix,
    policyFile,
    logLevel,
    inPod,
    pluginEnvironment: env,
    audit,
    ...(kubeconfig ? { kubeconfig } : {}),
    ...(signingKey instanceof KeyObject ? { auditSigningKey: signingKey } : {}),
    ...(signedHeadFile ? { auditSignedHeadFile: signedHeadFile } : {}),
  };
}

const REDIS_URL = z
  .string()
  .regex(/^(?:rediss?:\/\/[^\s/]|unix:\/\/\/|rediss?\+(?:sentinel|cluster):\/\/[^\s/])/);

/** Checks one variable; undefined, after adding a fault, when it is wrong. */
type CheckVariable = <Value>(
  name: string,
  schema: z.ZodType<Value>,
  fallback: string,
  remedy: string,
) => Value | undefined;

const DAY_MS = 24 * 60 * 60 * 1_000;

function readAuditSettings(check: CheckVariable): AuditSettings {
  const days = check(
    'AUDIT_KEEP_DAYS',
    unsetOr(z.coerce.number().int().min(1).max(36_500)),
    '',
    'Give whole days, 1 or more, or leave it out: then no record is kept for its age.',
  );
  const keepRecords = check(
    'AUDIT_KEEP_RECORDS',
    unsetOr(z.coerce.number().int().min(1_000)),
    '',
    'Give a number of records, 1000 or more, or leave it out: then no record is kept for its place.',
  );
  const stream = check(
    'AUDIT_STREAM',
    z.enum(['off', 'stdout']),
    'off',
    'Give stdout for one JSON line per record on standard output, or off (the default).',
  );
  return {
    retention: {
      ...(days === undefined ? {} : { keepForMs: days * DAY_MS }),
      ...(keepRecords === undefined ? {} : { keepRecords }),
    },
    stream: stream ?? 'off',
  };
}

function unsetOr(number: z.ZodType<number>): z.ZodType<number | undefined> {
  return z.union([z.literal('').transform(() => undefined), number]);
}

/** A token from `NAME`, or from the file that `NAME_FILE` names, as for mounted secrets. A fault never contains it. */
function readSecret(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  prefix: string,
  remedy: string,
  readFile: (path: string) => string,
): string | Fault {
  const value = env[name]?.trim();
  const file = env[`${name}_FILE`]?.trim();
  if (value && file) {
    return { path: name, problem: `both ${name} and ${name}_FILE are set`, remedy: 'Set one of them.' };
  }
  const found = file ? readOrUndefined(file, readFile) : value;
  if (!found) {
    const problem = file ? `${name}_FILE names ${file}, which is empty or cannot be read` : 'it is not set';
    return { path: name, problem, remedy };
  }
  if (found.startsWith(prefix)) return found;
  return { path: name, problem: `it does not begin with ${prefix}`, remedy };
}

function readOrUndefined(path: string, readFile: (path: string) => string): string | undefined {
  try {
    return readFile(path).trim();
  } catch {
    // The fault names the file; why it cannot be read is for whoever mounts it.
    return undefined;
  }
}

const SIGNING_KEY_REMEDY =
  'Name a PEM file with an Ed25519 private key, as "openssl genpkey -algorithm ed25519" makes it, or leave it out: then heads are not signed.';

/** The key that signs heads of the audit trail; undefined where no file is named. A fault never contains it. */
function signingKeyFrom(
  file: string | undefined,
  readFile: (path: string) => string,
): KeyObject | Fault | undefined {
  const path = file?.trim();
  if (!path) return undefined;
  const fault = (problem: string): Fault => ({
    path: 'AUDIT_SIGNING_KEY_FILE',
    problem,
    remedy: SIGNING_KEY_REMEDY,
  });
  const pem = readOrUndefined(path, readFile);
  if (pem === undefined) return fault(`it names ${path}, which cannot be read`);
  return (
    readSigningKey(pem) ?? fault(`it names ${path}, which contains no Ed25519 private key in PEM (PKCS #8)`)
  );
}
