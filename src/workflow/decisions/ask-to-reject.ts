import { denyChannel, denyDecision } from '../../domain/authorization/authorize.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import { recordRefusal } from '../record-refusal.ts';
import type { Reply } from '../reply.ts';
import type { DecisionRequest } from '../requests.ts';
import { whoIs } from '../who-is.ts';

/** Whoever may reject is asked for the reason; it is weighed again when they gave it. */
export async function askToReject(click: DecisionRequest, bot: Dependencies): Promise<Reply> {
  const { person, channel, changeId } = click;
  const change = await bot.store.change(changeId);
  const membership = await whoIs(person, bot);
  const answer = (): Reply => {
    if (change === undefined)
      return refuse('unknown_change', `I know no change ${changeId}.`, 'Type changes to see the last ones.');
    if (isRefusal(membership)) return membership;
    const denied = denyChannel(bot.policy, channel) ?? denyDecision(bot.policy, change, person, membership);
    if (denied !== undefined) return denied;
    if (change.state === 'proposed') return { kind: 'confirm', what: 'reject', change };
    const state = change.state.replace('_', ' ');
    return refuse(
      'not_open',
      `${change.id} is ${state}.`,
      `Type status ${change.id} to see what became of it.`,
    );
  };
  const reply = answer();
  const said = `to reject ${changeId}`;
  return isRefusal(reply) ? recordRefusal(reply, { person, channel, said, change: changeId }, bot) : reply;
}
