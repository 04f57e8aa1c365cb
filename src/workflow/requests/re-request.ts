import { isRefusal, refuse } from '../../domain/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import { recordRefusal } from '../record-refusal.ts';
import type { Reply } from '../reply.ts';
import type { DecisionRequest } from '../requests.ts';
import { askFor } from './submit.ts';

/** The card's *Ask again*: what went stale is planned anew from the same words, by whoever pressed. */
export async function askAgain(
  { person, channel, changeId, requestId }: DecisionRequest & { readonly requestId: string },
  bot: Dependencies,
): Promise<Reply> {
  const change = await bot.store.change(changeId);
  const request = { requestId, person, channel, text: `ask again for ${changeId}` };
  const found =
    change ?? refuse('unknown_change', `I know no change ${changeId}.`, 'Type changes to see the last ones.');
  const open =
    isRefusal(found) || found.state === 'stale'
      ? found
      : refuse(
          'not_open',
          `${changeId} is ${found.state.replace('_', ' ')}; only what went stale is asked for again.`,
          `Type status ${changeId} to see what became of it.`,
        );
  return isRefusal(open)
    ? recordRefusal(open, { person, channel, said: request.text, change: changeId }, bot)
    : askFor(open.parsed, request, bot, open);
}
