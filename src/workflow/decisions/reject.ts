import { denyDecision } from '../../domain/authorization/authorize.ts';
import { approvingGroupsOf } from '../../domain/change/approvals.ts';
import { transition } from '../../domain/change/transition.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Reply } from '../reply.ts';
import type { DecisionRequest } from '../requests.ts';
import { whoIs } from '../who-is.ts';
import { withChange } from './with-change.ts';

/** Somebody who could approve says no; the change ends there. */
export async function reject(click: DecisionRequest, bot: Dependencies): Promise<Reply> {
  const membership = await whoIs(click.person, bot);
  return withChange(click, 'reject', bot, async (change) => {
    if (isRefusal(membership)) return membership;
    const denied = denyDecision(bot.policy, change, click.person, membership);
    if (denied !== undefined) return denied;
    const { reason } = click;
    const said = reason === undefined ? {} : { reason };
    const decision = {
      kind: 'rejection' as const,
      by: click.person,
      groups: approvingGroupsOf(change, membership),
      digest: click.digest ?? change.digest,
      atMs: bot.now(),
      ...said,
    };
    const next = transition(change, { kind: 'reject', decision });
    return isRefusal(next)
      ? next
      : { next, record: { event: 'change.rejected', reasonCode: 'rejected', data: said } };
  });
}
