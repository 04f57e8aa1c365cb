import { type Frozen, frozenNow } from '../domain/freeze.ts';
import type { Plan } from '../domain/plan.ts';
import type { Bot } from './bot.ts';

/** What forbids this plan right now: a freeze somebody declared, or one of the policy's calendar. Questions are never frozen. */
export async function frozen(
  { verb, target }: Pick<Plan, 'verb' | 'target'>,
  { policy, store, menu, now }: Pick<Bot, 'policy' | 'store' | 'menu' | 'now'>,
): Promise<Frozen | undefined> {
  if (menu.find(verb)?.kind !== 'change') return undefined;
  return frozenNow(await store.freezes(), policy.freezes, { verb, target, atMs: now() });
}
