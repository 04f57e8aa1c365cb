import type { Plan } from '../domain/change/plan.ts';
import { type Frozen, findFreeze } from '../domain/policy/freeze.ts';
import type { Dependencies } from './dependencies.ts';

/** The freeze that forbids this plan now: declared by a person, or from the policy's calendar. Queries are never frozen. */
export async function frozenNow(
  { verb, target }: Pick<Plan, 'verb' | 'target'>,
  { policy, store, registry, clock }: Pick<Dependencies, 'policy' | 'store' | 'registry' | 'clock'>,
): Promise<Frozen | undefined> {
  if (registry.find(verb)?.kind !== 'change') return undefined;
  return findFreeze(await store.freezes(), policy.freezes, { verb, target, atMs: clock.now() });
}
