import { parse, stringify } from 'yaml';
import { sandboxPolicy } from '../../sandbox/src/sandbox-policy.ts';

type Policy = ReturnType<typeof parse>;

/** The sandbox's policy with gates that give up soon, and whatever else a test needs of it. */
export function aPolicy(change: (policy: Policy) => void = () => undefined): string {
  const policy: Policy = parse(sandboxPolicy());
  policy.targets[0].timeouts = { eviction: '3s', successor: '20s', session: '10s', hold: '2s' };
  change(policy);
  return stringify(policy);
}
