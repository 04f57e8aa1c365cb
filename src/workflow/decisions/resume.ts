import { denySteering } from '../../domain/authorization/authorize.ts';
import { transition } from '../../domain/change/transition.ts';
import { frozenRefusal } from '../../domain/policy/freeze.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import { frozen } from '../frozen.ts';
import type { Reply } from '../reply.ts';
import type { DecisionRequest } from '../requests.ts';
import { whoIs } from '../who-is.ts';
import { withChange } from './with-change.ts';

/** The requester, or somebody who could approve, has a halted change look at its gate again and go on from there. */
export async function resume(click: DecisionRequest, bot: Dependencies): Promise<Reply> {
  const membership = await whoIs(click.person, bot);
  return withChange(click, 'resume', bot, async (change) => {
    if (isRefusal(membership)) return membership;
    const denied = denySteering(bot.policy, change, click.person, membership);
    if (denied !== undefined) return denied;
    const freeze = change.breakGlassUse === undefined ? await frozen(change.plan, bot) : undefined;
    if (freeze !== undefined) return frozenRefusal(freeze, change.plan.target);
    const next = transition(change, { kind: 'resume' });
    return isRefusal(next) ? next : { next, record: { event: 'change.resumed' } };
  });
}
