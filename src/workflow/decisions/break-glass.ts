import { denyBreakGlass, denyChannel } from '../../domain/authorization/authorize.ts';
import type { Change } from '../../domain/change/change.ts';
import { type ChangeEvent, transition } from '../../domain/change/transition.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import { recordRefusal } from '../record-refusal.ts';
import type { Reply } from '../reply.ts';
import type { DecisionRequest } from '../requests.ts';
import { whoIs } from '../who-is.ts';
import { holdToPlan } from './hold-to-plan.ts';
import { withChange } from './with-change.ts';

/** The first of two steps: whoever may is shown the difference once more, with the button that does it. */
export async function askToBreakGlass(click: DecisionRequest, bot: Dependencies): Promise<Reply> {
  const { person, channel, changeId, reason } = click;
  const change = await bot.store.change(changeId);
  const found =
    change === undefined
      ? refuse('unknown_change', `I know no change ${changeId}.`, 'Type changes to see the last ones.')
      : ((await denied(change, click, bot)) ?? change);
  if (isRefusal(found)) {
    const said = `to break the glass for ${changeId}`;
    return recordRefusal(found, { person, channel, said, change: changeId }, bot);
  }
  return { kind: 'confirm', what: 'break-glass', change: found, ...(reason === undefined ? {} : { reason }) };
}

/** The second step: it runs without approval, and in a freeze. Everybody is told, and it stays marked until reviewed. */
export async function breakGlass(click: DecisionRequest, bot: Dependencies): Promise<Reply> {
  return withChange(click, 'break-glass', bot, async (change) => {
    const no = await denied(change, click, bot);
    if (no !== undefined) return no;
    const reason = click.reason?.trim() ?? '';
    if (reason === '') {
      return refuse(
        'reason_missing',
        `Nobody breaks the glass for ${change.id} without a reason.`,
        `Type break-glass ${change.id} and why.`,
      );
    }
    const next = transition(change, eventOf(change, click, reason, bot));
    if (isRefusal(next)) return next;
    // What is half done goes on where it stopped; its plan was weighed when it began.
    const moved = change.journal.length > 0 ? undefined : await holdToPlan(change, bot);
    if (moved !== undefined) return moved;
    const data = { reason, from: change.state, channel: change.channel };
    return { next, record: { event: 'change.break_glass', reasonCode: 'break_glass', data } };
  });
}

/** What the person may not, or the change cannot take. */
async function denied(
  change: Change,
  click: DecisionRequest,
  bot: Dependencies,
): Promise<Refusal | undefined> {
  const membership = await whoIs(click.person, bot);
  if (isRefusal(membership)) return membership;
  const no = denyChannel(bot.policy, click.channel) ?? denyBreakGlass(bot.policy, change, membership);
  if (no !== undefined) return no;
  const tried = transition(change, eventOf(change, click, '', bot));
  return isRefusal(tried) ? tried : undefined;
}

function eventOf(
  change: Change,
  { person: by, digest }: DecisionRequest,
  reason: string,
  bot: Dependencies,
): ChangeEvent {
  return { kind: 'break-glass', by, reason, digest: digest ?? change.digest, atMs: bot.now() };
}
