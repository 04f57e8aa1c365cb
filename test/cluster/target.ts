import { sandboxPolicy } from '../../sandbox/src/sandbox-policy.ts';
import { readPolicy } from '../../src/config/read-policy.ts';
import type { Target } from '../../src/domain/bgp/target.ts';

/** The target of the sandbox's policy. */
export function sandboxTarget(): Target {
  const policy = readPolicy(sandboxPolicy());
  if (!('targets' in policy)) throw new Error(JSON.stringify(policy));
  return policy.targets[0];
}
