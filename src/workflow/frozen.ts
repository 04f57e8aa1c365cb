import type { Plan } from '../domain/change/plan.ts';
import { type Frozen, frozenNow } from '../domain/policy/freeze.ts';
import type { Dependencies } from './dependencies.ts';

/** What forbids this plan right now: a freeze somebody declared, or one of the policy's calendar. Questions are never frozen. */
export async function frozen(
  { verb, target }: Pick<Plan, 'verb' | 'target'>,
  { policy, store, registry, now }: Pick<Dependencies, 'policy' | 'store' | 'registry' | 'now'>,
): Promise<Frozen | undefined> {
  if (registry.find(verb)?.kind !== 'change') return undefined;
  return frozenNow(await store.freezes(), policy.freezes, { verb, target, atMs: now() });
}
