import { askFor } from './ask.ts';
import type { Bot } from './bot.ts';
import type { Reply } from './reply.ts';
import type { Click } from './requests.ts';

/** The card's *Roll back* is the same as typing it: a change of its own, with a plan and an approval. */
export function askRollback(click: Click & { readonly requestId: string }, bot: Bot): Promise<Reply> {
  const { requestId, person, channel, changeId } = click;
  const request = { requestId, person, channel, text: `rollback ${changeId}` };
  return askFor({ verb: 'rollback', args: [changeId], flags: {} }, request, bot);
}
