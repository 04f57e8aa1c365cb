import { denySteering } from '../../domain/authorization/authorize.ts';
import { transition } from '../../domain/change/transition.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Reply } from '../reply.ts';
import type { DecisionRequest } from '../requests.ts';
import { whoIs } from '../who-is.ts';
import { withChange } from './with-change.ts';

/** The requester, or somebody who could approve, takes a change back; a running one stops before its next effect, a halted one is left as it is. */
export async function cancel(click: DecisionRequest, bot: Dependencies): Promise<Reply> {
  const membership = await whoIs(click.person, bot);
  return withChange(click, 'cancel', bot, async (change) => {
    if (isRefusal(membership)) return membership;
    const denied = denySteering(bot.policy, change, click.person, membership);
    if (denied !== undefined) return denied;
    if (change.state === 'running') {
      const next = transition(change, { kind: 'request stop', by: click.person });
      return isRefusal(next)
        ? next
        : { next, record: { event: 'change.stop_requested', reasonCode: 'cancelled' } };
    }
    if (change.state === 'halted' || change.state === 'outcome_unknown') {
      const next = transition(change, { kind: 'close', by: click.person, atMs: bot.now() });
      return isRefusal(next) ? next : { next, record: { event: 'change.closed', reasonCode: 'closed' } };
    }
    const next = transition(change, { kind: 'withdraw', by: click.person, atMs: bot.now() });
    return isRefusal(next) ? next : { next, record: { event: 'change.withdrawn', reasonCode: 'withdrawn' } };
  });
}
