import { type ChildProcess, spawn } from 'node:child_process';
import type { KubeConfig, User } from '@kubernetes/client-node';
import { z } from 'zod';
import { parseJson } from '../../domain/json.ts';

/** Longer than any call of the port: the next call then waits for a plugin that is merely slow. */
const PLUGIN_TIMEOUT_MS = 30_000;
/**
 * A credential without an expiry is good until the API server rejects it, which is not seen here: it is renewed this often,
 * without a request that waits for it. https://kubernetes.io/docs/reference/access-authn-authz/authentication/#input-and-output-formats
 */
const RENEWED_AFTER_MS = 60_000;

/**
 * Runs the credential plugins of a kubeconfig (`exec` of a user) one process at a time, and ends those that hang: the client
 * library starts one for each request without a credential, and waits forever. It is inserted before the library's own in a
 * private list, so a test counts processes.
 */
export function boundCredentialPlugins(
  config: KubeConfig,
  environment: Environment,
  timeoutMs = PLUGIN_TIMEOUT_MS,
  renewedAfterMs = RENEWED_AFTER_MS,
): KubeConfig {
  const authenticators: unknown = Reflect.get(config, 'authenticators');
  if (!Array.isArray(authenticators))
    throw new Error('the client library keeps its authenticators elsewhere');
  const plugins = new Map<string, () => Promise<Credential>>();
  authenticators.unshift({
    isAuthProvider: (user: User) => pluginOf(user) !== undefined,
    async applyAuthentication(user: User, options: RequestOptions): Promise<void> {
      const plugin = pluginOf(user);
      if (plugin === undefined) return;
      const credentialNow =
        plugins.get(user.name) ?? sharedCredential(() => run(plugin, environment, timeoutMs), renewedAfterMs);
      plugins.set(user.name, credentialNow);
      const { token, clientCertificateData, clientKeyData } = (await credentialNow()).status;
      if (clientCertificateData) options.cert = clientCertificateData;
      if (clientKeyData) options.key = clientKeyData;
      if (token) options.headers = { ...options.headers, Authorization: `Bearer ${token}` };
    },
  });
  return config;
}

interface RequestOptions {
  headers?: Record<string, string>;
  cert?: string;
  key?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

type Plugin = z.infer<typeof pluginSchema>;

const pluginSchema = z.object({
  apiVersion: z.string().default('client.authentication.k8s.io/v1'),
  command: z.string().min(1),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
});

type Credential = z.infer<typeof credentialSchema>;

const credentialSchema = z.object({
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.coerce.date().optional(),
  }),
});

/** Undefined where the user has none, or an incomplete one: the client library reports what is missing. */
function pluginOf(user: User): Plugin | undefined {
  const config: unknown = user.authProvider?.config?.exec;
  const parsed = pluginSchema.safeParse(user.exec ?? config);
  return parsed.success ? parsed.data : undefined;
}

/** Returns the cached credential until it expires; concurrent callers share one run of the plugin. */
function sharedCredential(
  runPlugin: () => Promise<Credential>,
  renewedAfterMs: number,
): () => Promise<Credential> {
  let held: Credential | undefined;
  let running: Promise<Credential> | undefined;
  let beganAtMs = 0;
  const renew = async (): Promise<Credential> => {
    beganAtMs = Date.now();
    try {
      held = await runPlugin();
      return held;
    } finally {
      running = undefined;
    }
  };
  return async () => {
    const expiresAt = held?.status.expirationTimestamp;
    if (held !== undefined && expiresAt !== undefined && expiresAt.getTime() > Date.now()) return held;
    const usable = expiresAt === undefined ? held : undefined;
    if (usable !== undefined && Date.now() - beganAtMs < renewedAfterMs) return usable;
    running ??= renew();
    if (usable === undefined) return running;
    // Tried again after as long; whether the credential that is still held is valid, the API server says.
    running.catch(() => undefined);
    return usable;
  };
}

function run(
  { apiVersion, command, args, env }: Plugin,
  environment: Environment,
  timeoutMs: number,
): Promise<Credential> {
  return new Promise((resolve, reject) => {
    const told = JSON.stringify({ apiVersion, kind: 'ExecCredential', spec: { interactive: false } });
    const child = spawn(command, args ?? [], {
      env: {
        ...environment,
        KUBERNETES_EXEC_INFO: told,
        ...Object.fromEntries((env ?? []).map(({ name, value }) => [name, value])),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group, which ends as a whole: plugins are often scripts around a program.
      detached: true,
    });
    const about = `the credential plugin ${command}`;
    const endNow = (): void => endGroup(child);
    const timer = setTimeout(() => {
      reject(new Error(`${about} did not answer within ${Math.round(timeoutMs / 1000)} s`));
      endNow();
    }, timeoutMs);
    process.once('exit', endNow);
    child.once('close', () => process.off('exit', endNow));
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(new Error(`${about} cannot be started: ${error.message}`));
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      const parsed = credentialSchema.safeParse(parseJson(stdout));
      if (code === 0 && parsed.success) resolve(parsed.data);
      else if (code === 0) reject(new Error(`${about} printed no credential`));
      else reject(new Error(`${about} ended with exit code ${code}: ${stderr.trim().split('\n')[0]}`));
    });
  });
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended at this moment.
  }
}
