import type { FollowUp } from '../../domain/change/decisions.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { findChange } from '../decisions/decide.ts';
import type { Dependencies } from '../dependencies.ts';
import { recordRefusal } from '../record-refusal.ts';
import type { Reply } from '../reply.ts';
import type { DecisionRequest } from '../requests.ts';
import { submitParsed } from './submit.ts';

type FollowUpRequest = DecisionRequest & { readonly requestId: string };

/** A button of a card that requests a change of its own: the rollback of this one, or the same command again. */
export async function followUp(
  kind: FollowUp,
  request: FollowUpRequest,
  dependencies: Dependencies,
): Promise<Reply> {
  const { requestId, person, channel, changeId } = request;
  const text = kind === 'rollback' ? `rollback ${changeId}` : `request ${changeId} again`;
  const command = { requestId, person, channel, text };
  if (kind === 'rollback')
    return submitParsed({ verb: 'rollback', args: [changeId], flags: {} }, command, dependencies);
  const change = await findChange(request, dependencies);
  const open =
    isRefusal(change) || change.state === 'stale'
      ? change
      : refuse(
          'not_open',
          `${changeId} is ${change.state.replace('_', ' ')}; only a stale change is requested again.`,
          `Type status ${changeId} to see what became of it.`,
        );
  return isRefusal(open)
    ? recordRefusal(open, { person, channel, said: text, change: changeId }, dependencies)
    : submitParsed(open.parsed, command, dependencies, open);
}
