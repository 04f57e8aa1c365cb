import { isRefusal, refuse } from '../domain/refusal.ts';
import { askFor } from './ask.ts';
import type { Bot } from './bot.ts';
import { recordRefusal } from './record-refusal.ts';
import type { Reply } from './reply.ts';
import type { Click } from './requests.ts';

/** The card's *Ask again*: what went stale is planned anew from the same words, by whoever pressed. */
export async function askAgain(
  { person, channel, changeId, requestId }: Click & { readonly requestId: string },
  bot: Bot,
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
    : askFor(open.typed, request, bot, open);
}
