import { denyDecision } from '../../domain/authorization/authorize.ts';
import { transition } from '../../domain/change/transition.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Reply } from '../reply.ts';
import type { DecisionRequest } from '../requests.ts';
import { whoIs } from '../who-is.ts';
import { withChange } from './with-change.ts';

/** Somebody who could have approved, and did not break the glass, says that they looked at it. */
export async function review(click: DecisionRequest, bot: Dependencies): Promise<Reply> {
  const membership = await whoIs(click.person, bot);
  return withChange(click, 'review', bot, async (change) => {
    if (isRefusal(membership)) return membership;
    const denied = denyDecision(bot.policy, change, click.person, membership);
    if (denied !== undefined) return denied;
    const said = click.reason === undefined ? {} : { note: click.reason };
    const next = transition(change, { kind: 'review', by: click.person, atMs: bot.now(), ...said });
    return isRefusal(next)
      ? next
      : { next, record: { event: 'change.reviewed', data: { reason: click.reason ?? null } } };
  });
}
