import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Fault } from '../domain/fault.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { describeFaults } from './faults-of.ts';
import type { KnownCommand } from './lint-policy.ts';
import { readPolicy } from './read-policy.ts';

/** Environment and policy, or a report of all faults in both. */
export type Loaded =
  | {
      readonly kind: 'loaded';
      readonly environment: Environment;
      readonly policy: Policy;
      /** SHA-256 of the policy file, in hex: the audit trail notes the policy under which the bot ran. */
      readonly policyHash: string;
    }
  | { readonly kind: 'faulty'; readonly report: string };

/** Reads `.env`, the process's environment and the policy file that it names. `commands` are those of the registry. */
export function loadConfig(commands: readonly KnownCommand[]): Loaded {
  const unread = loadDotEnv();
  if (unread !== undefined) return { kind: 'faulty', report: describeFaults('.env', [unread]) };
  const { env } = process;
  const environment = readEnvironment(env, (path) => readFileSync(path, 'utf8'));
  const file = env.POLICY_FILE?.trim() || './policy.yaml';
  const yaml = readPolicyFile(file);
  const policy = typeof yaml === 'string' ? readPolicy(yaml, commands) : [yaml];
  const reports = [
    ...('slack' in environment ? [] : [describeFaults('environment', environment)]),
    ...('targets' in policy ? [] : [describeFaults(file, policy)]),
  ];
  if ('slack' in environment && 'targets' in policy && typeof yaml === 'string') {
    const policyHash = createHash('sha256').update(yaml).digest('hex');
    return { kind: 'loaded', environment, policy, policyHash };
  }
  return { kind: 'faulty', report: reports.join('\n') };
}

function readPolicyFile(file: string): string | Fault {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const problem = error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be read';
    return {
      path: 'POLICY_FILE',
      problem,
      remedy: 'Name the policy file; deploy/policy.example.yaml is one to begin with.',
    };
  }
}

/**
 * Loads a file `.env` in the working directory into the process's environment; variables that are set already, even to nothing,
 * stay. Without the file it does nothing; a file that cannot be read is a fault.
 */
function loadDotEnv(): Fault | undefined {
  const file = resolve('.env');
  try {
    process.loadEnvFile(file);
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be read';
    if (code === 'ENOENT') return undefined;
    return { path: file, problem: code, remedy: 'Let this user read it, or move it away.' };
  }
}
