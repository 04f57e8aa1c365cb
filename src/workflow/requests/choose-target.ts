import type { Target } from '../../domain/bgp/target.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { suggest } from '../../domain/suggest.ts';

/** The target named by `--target`, or the only one there is. */
export function chooseTarget(policy: Policy, named: string | true | undefined): Target | Refusal {
  const names = policy.targets.map(({ name }) => name);
  if (typeof named === 'string') {
    const target = policy.targets.find(({ name }) => name.toLowerCase() === named.toLowerCase());
    if (target !== undefined) return target;
    const near = suggest(named, names);
    const offer = near === undefined ? '' : `Did you mean ${near}? `;
    return refuse(
      'unknown_target',
      `I know no target ${named.slice(0, 60)}.`,
      `${offer}There is ${names.join(', ')}.`,
    );
  }
  if (policy.targets.length === 1) return policy.targets[0];
  return refuse(
    'target_ambiguous',
    `There are ${names.length} targets: ${names.join(', ')}.`,
    `Add --target ${names.join(' or --target ')}.`,
  );
}
