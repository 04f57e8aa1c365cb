import { denyDecision } from '../../domain/authorization/authorize.ts';
import { approvingGroupsOf } from '../../domain/change/approvals.ts';
import { transition } from '../../domain/change/transition.ts';
import { frozenRefusal } from '../../domain/policy/freeze.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import { frozen } from '../frozen.ts';
import type { Reply } from '../reply.ts';
import type { DecisionRequest } from '../requests.ts';
import { whoIs } from '../who-is.ts';
import { holdToPlan } from './hold-to-plan.ts';
import { withChange } from './with-change.ts';

/** Somebody approves: who are they now, may they, is the plan still what would happen? Then one append. */
export async function approve(click: DecisionRequest, bot: Dependencies): Promise<Reply> {
  const membership = await whoIs(click.person, bot);
  return withChange(click, 'approve', bot, async (change) => {
    if (isRefusal(membership)) return membership;
    const denied = denyDecision(bot.policy, change, click.person, membership);
    if (denied !== undefined) return denied;
    const freeze = await frozen(change.plan, bot);
    if (freeze !== undefined) return frozenRefusal(freeze, change.plan.target);
    const atMs = bot.now();
    const decision = {
      kind: 'approval' as const,
      by: click.person,
      groups: approvingGroupsOf(change, membership),
      digest: click.digest ?? change.digest,
      atMs,
    };
    const next = transition(change, { kind: 'approve', decision });
    if (isRefusal(next)) return next;
    const moved = await holdToPlan(change, bot);
    if (moved !== undefined) return moved;
    return { next, record: { event: next.state === 'approved' ? 'change.approved' : 'change.approval' } };
  });
}
