import { isChangeId } from '../domain/change-id.ts';
import { cut } from '../domain/cut.ts';
import { refuse } from '../domain/refusal.ts';
import { ask } from './ask.ts';
import type { Bot } from './bot.ts';
import { recordRefusal } from './record-refusal.ts';
import type { Reply } from './reply.ts';
import type { Click } from './requests.ts';

/** The card's *Roll back* is the same as typing it: a change of its own, with a plan and an approval. */
export async function askRollback(click: Click & { readonly requestId: string }, bot: Bot): Promise<Reply> {
  const { requestId, person, channel, changeId } = click;
  // What a button carries is data: nothing but an id may stand where a command is read.
  if (isChangeId(changeId)) return ask({ requestId, person, channel, text: `rollback ${changeId}` }, bot);
  const said = cut(changeId, 40);
  const unknown = refuse('unknown_change', `I know no change ${said}.`, 'Type changes to see the last ones.');
  return recordRefusal(unknown, { person, channel, said: `rollback of ${said}` }, bot);
}
