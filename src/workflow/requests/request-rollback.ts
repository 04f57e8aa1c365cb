import type { Dependencies } from '../dependencies.ts';
import type { Reply } from '../reply.ts';
import type { DecisionRequest } from '../requests.ts';
import { askFor } from './submit.ts';

/** The card's *Roll back* is the same as typing it: a change of its own, with a plan and an approval. */
export function askRollback(
  click: DecisionRequest & { readonly requestId: string },
  bot: Dependencies,
): Promise<Reply> {
  const { requestId, person, channel, changeId } = click;
  const request = { requestId, person, channel, text: `rollback ${changeId}` };
  return askFor({ verb: 'rollback', args: [changeId], flags: {} }, request, bot);
}
