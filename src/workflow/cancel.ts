import { denySteering } from '../domain/authority.ts';
import { isRefusal } from '../domain/refusal.ts';
import { transition } from '../domain/transition.ts';
import type { Bot } from './bot.ts';
import type { Reply } from './reply.ts';
import type { Click } from './requests.ts';
import { whoIs } from './who-is.ts';
import { withChange } from './with-change.ts';

/** The requester, or somebody who could approve, takes a change back; a running one stops before its next effect, a halted one is left as it is. */
export async function cancel(click: Click, bot: Bot): Promise<Reply> {
  const membership = await whoIs(click.person, bot);
  return withChange(click, 'cancel', bot, async (change) => {
    if (isRefusal(membership)) return membership;
    const denied = denySteering(bot.policy, change, click.person, membership);
    if (denied !== undefined) return denied;
    if (change.state === 'running') {
      const next = transition(change, { kind: 'ask to cancel', by: click.person });
      return isRefusal(next)
        ? next
        : { next, record: { event: 'change.cancel_requested', reasonCode: 'cancelled' } };
    }
    if (change.state === 'halted' || change.state === 'outcome_unknown') {
      const next = transition(change, { kind: 'abandon', by: click.person, atMs: bot.now() });
      return isRefusal(next)
        ? next
        : { next, record: { event: 'change.abandoned', reasonCode: 'abandoned' } };
    }
    const next = transition(change, { kind: 'withdraw', by: click.person, atMs: bot.now() });
    return isRefusal(next) ? next : { next, record: { event: 'change.withdrawn', reasonCode: 'withdrawn' } };
  });
}
