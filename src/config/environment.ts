import { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Fault } from '../domain/fault.ts';
import { type AuditSettings, type CheckVariable, readAuditSettings } from './audit-settings.ts';
import { readSecret } from './secret.ts';
import { signingKeyFrom } from './signing-key.ts';

/** What the environment says, checked. */
export interface Environment {
  readonly slack: SlackSettings;
  /** Port of `/healthz` and `/readyz`. */
  readonly opsPort: number;
  readonly redisUrl: string;
  /** As kubectl reads it; absent in a pod, where the service account serves. */
  readonly kubeconfig?: string;
  /** Whether Kubernetes runs this process. */
  readonly inPod: boolean;
  readonly policyFile: string;
  readonly logLevel: string;
  readonly audit: AuditSettings;
  /** By which heads of the audit trail are signed. */
  readonly auditSigningKey?: KeyObject;
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

const PORT = z.coerce.number().int().min(0).max(65_535);
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Reads and checks every variable; all faults at once, each with its cure. An empty variable counts as unset. */
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
      'Give redis://host:port, rediss://host:port or unix:///path.',
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
  const policyFile = env.POLICY_FILE?.trim() || './policy.yaml';
  const inPod = Boolean(env.KUBERNETES_SERVICE_HOST);
  return {
    slack,
    opsPort,
    redisUrl,
    policyFile,
    logLevel,
    inPod,
    audit,
    ...(kubeconfig ? { kubeconfig } : {}),
    ...(signingKey instanceof KeyObject ? { auditSigningKey: signingKey } : {}),
  };
}

const REDIS_URL = z.string().regex(/^(?:rediss?:\/\/[^\s/]|unix:\/\/\/|redis\+sentinel:\/\/[^\s/])/);
