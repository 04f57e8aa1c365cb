import { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Retention } from '../domain/audit/retention.ts';
import type { Fault } from '../domain/fault.ts';
import { type ProxySettings, readProxy } from './proxy.ts';
import { faultOfRedisUrl } from './redis-url.ts';
import { hasValue, readSecret, signingKeyFrom } from './secrets.ts';

/** The environment variables, validated. */
export interface Environment {
  readonly slack: SlackSettings;
  /** Port of `/healthz`, `/readyz` and `/metrics`. */
  readonly opsPort: number;
  /** Token with which they give details to callers from other machines too. */
  readonly opsToken?: string;
  /** Size and refill per minute of each person's token buckets. A refused request costs 1 token, any other 0.2. 0: no limit. */
  readonly requestsPerMinute: number;
  readonly redisUrl: string;
  /** Prefix of every Redis key: two deployments on one Redis need different ones. */
  readonly redisKeyPrefix: string;
  /** In kubectl's format; absent in a pod, where the service account is used. */
  readonly kubeconfig?: string;
  /** Whether this process runs in a pod. */
  readonly inPod: boolean;
  /** The whole environment, for the credential plugins of the kubeconfig. */
  readonly pluginEnvironment: Readonly<Record<string, string | undefined>>;
  readonly policyFile: string;
  readonly logLevel: string;
  readonly audit: AuditSettings;
  /** Private key that signs heads of the audit trail. */
  readonly auditSigningKey?: KeyObject;
  /** File outside Redis with the last signed head. */
  readonly auditSignedHeadFile?: string;
}

export type SlackSettings = {
  readonly botToken: string;
  readonly apiUrl: string;
  readonly proxy?: ProxySettings;
} & (
  | { readonly mode: 'socket'; readonly appToken: string }
  | { readonly mode: 'http'; readonly signingSecret: string; readonly port: number }
);

/** Retention and destinations of the audit trail. */
interface AuditSettings {
  readonly retention: Retention;
  /** Whether every record is also written to standard output. */
  readonly stream: 'off' | 'stdout';
}

const PORT = wholeNumber(0, 65_535);
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/**
 * Reads and validates every variable; reports all faults at once, each with its remedy. An empty variable counts as unset. A
 * fault says what is wrong with the form of a value, but never contains it: any value may hold a secret, if only by mistake.
 */
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
      problem: parsed.error.issues[0]?.message ?? 'its format is wrong',
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
  const mode = check('SLACK_MODE', oneOf(['socket', 'http']), 'socket', 'Give socket (the default) or http.');
  const apiUrl =
    check(
      'SLACK_API_URL',
      API_URL,
      'https://slack.com/api/',
      'Leave it out for Slack itself, or give a URL such as https://slack.com/api/.',
    ) ?? '';
  const port = check('PORT', PORT, '3000', 'Give a port from 0 to 65535.') ?? 0;
  const opsPort = check('OPS_PORT', PORT, '9090', 'Give a port from 0 to 65535.') ?? 0;
  const requestsPerMinute =
    check(
      'REQUESTS_PER_MINUTE',
      wholeNumber(0, 100_000),
      '120',
      'Give the size and refill per minute of the token bucket of each person (a refused request costs 1 token, any other 0.2), or 0 for no limit.',
    ) ?? 0;
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
      z.string().regex(/^[\w.-]{1,64}$/, 'it is longer, or has other characters'),
      'tor-bgp-bot',
      'Give up to 64 letters, digits, dots, dashes and underscores, or leave it out for tor-bgp-bot.',
    ) ?? '';
  const logLevel =
    check('LOG_LEVEL', oneOf(LOG_LEVELS), 'info', `Give one of ${LOG_LEVELS.join(', ')}.`) ?? 'info';
  const audit = readAuditSettings(check);
  const botToken = secret(
    'SLACK_BOT_TOKEN',
    'xoxb-',
    'Slack shows it under OAuth & Permissions once the app is installed: Bot User OAuth Token.',
  );
  const proxy = readProxy(env, apiUrl);
  if (proxy !== undefined && 'problem' in proxy) faults.push(proxy);
  const slack: SlackSettings = {
    botToken,
    apiUrl,
    ...(proxy === undefined || 'problem' in proxy ? {} : { proxy }),
    ...(mode === 'http'
      ? {
          mode,
          signingSecret: secret('SLACK_SIGNING_SECRET', '', 'Slack shows it under Basic Information.'),
          port,
        }
      : {
          mode: 'socket',
          appToken: secret(
            'SLACK_APP_TOKEN',
            'xapp-',
            'Make one under Basic Information, App-Level Tokens, with scope connections:write.',
          ),
        }),
  };
  const opsToken = hasValue(env, 'OPS_TOKEN')
    ? secret(
        'OPS_TOKEN',
        '',
        'Give 16 characters or more, such as "openssl rand -hex 16" prints, or leave it out.',
      )
    : undefined;
  if (opsToken !== undefined && opsToken !== '' && opsToken.length < 16)
    faults.push({
      path: 'OPS_TOKEN',
      problem: 'it is shorter than 16 characters',
      remedy: 'Give 16 characters or more, such as "openssl rand -hex 16" prints, or leave it out.',
    });
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
    requestsPerMinute,
    redisUrl,
    redisKeyPrefix,
    policyFile,
    logLevel,
    inPod,
    pluginEnvironment: env,
    audit,
    ...(kubeconfig ? { kubeconfig } : {}),
    ...(opsToken === undefined ? {} : { opsToken }),
    ...(signingKey instanceof KeyObject ? { auditSigningKey: signingKey } : {}),
    ...(signedHeadFile ? { auditSignedHeadFile: signedHeadFile } : {}),
  };
}

const REDIS_URL = z.string().superRefine((url, context) => {
  const message = faultOfRedisUrl(url);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

const API_URL = z
  .url({ protocol: /^https?$/, error: 'it is not a URL that begins with http:// or https://' })
  .refine((url) => !/^https?:\/\/[^/]*@/.test(url), 'it contains a user or a password, which is not allowed');

function oneOf<const Words extends readonly [string, ...string[]]>(words: Words): z.ZodType<Words[number]> {
  return z.enum(words, `it is none of ${words.join(', ')}`);
}

function wholeNumber(min: number, max: number): z.ZodType<number> {
  const error = `it is not a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, error)
    .transform(Number)
    .refine((number) => number >= min && number <= max, error);
}

/** Validates one variable; adds a fault and returns undefined when it is invalid. */
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
    unsetOr(wholeNumber(1, 36_500)),
    '',
    'Give whole days, 1 or more, or leave it out: then age keeps no record from removal.',
  );
  const keepRecords = check(
    'AUDIT_KEEP_RECORDS',
    unsetOr(wholeNumber(1_000, Number.MAX_SAFE_INTEGER)),
    '',
    'Give a number of records, 1000 or more, or leave it out: then no number of newest records is kept from removal.',
  );
  const stream = check(
    'AUDIT_STREAM',
    oneOf(['off', 'stdout']),
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
  return z.string().transform((text, context) => {
    if (text === '') return undefined;
    const parsed = number.safeParse(text);
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: parsed.error.issues[0]?.message ?? '' });
    return z.NEVER;
  });
}
