import type { ViewSubmitAction } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { type DecisionVerb, isDecisionVerb } from '../../../domain/change/decisions.ts';
import { parseJson } from '../../../domain/json.ts';
import { isRefusal, refuse } from '../../../domain/refusal.ts';
import type { DecisionRequest, Reply } from '../../../workflow/requests.ts';
import {
  confirmView,
  type DialogMemory,
  loadingView,
  REASON_FIELD,
  refusedView,
} from '../blocks/confirm-blocks.ts';
import { retryRateLimited } from '../slack-errors.ts';
import { personOf } from './person-of.ts';

/** Opens a dialog before anything is read, and fills it with the result of `prepare`. */
export type OpenDialog = (
  triggerId: string,
  request: DecisionRequest,
  prepare: () => Promise<Reply>,
) => Promise<Reply>;

const UPDATE_TRIES = 5;

/** A refusal is shown in the dialog and, like every refusal, to the person alone in the channel. */
export function openDialogs(client: WebClient, onError: (error: unknown) => void): OpenDialog {
  return async (triggerId, request, prepare) => {
    const opening = client.views.open({ trigger_id: triggerId, view: loadingView() }).then(
      ({ view }) => view?.id,
      (error: unknown) => {
        onError(error);
        return undefined;
      },
    );
    const reply = await prepare();
    const viewId = await opening;
    if (!isRefusal(reply) && reply.kind !== 'confirm') return reply;
    if (viewId === undefined) return isRefusal(reply) ? reply : unopened(reply);
    const view = isRefusal(reply)
      ? refusedView(reply)
      : confirmView(reply, {
          change: reply.change.id,
          digest: request.digest ?? reply.change.digest,
          channel: request.channel,
        });
    try {
      await retryRateLimited(() => client.views.update({ view_id: viewId, view }), { tries: UPDATE_TRIES });
    } catch (error) {
      onError(error);
      return isRefusal(reply) ? reply : unopened(reply);
    }
    return isRefusal(reply) ? reply : { kind: 'working' };
  };
}

/** The decision that somebody confirmed in one of the bot's dialogs, with their reason; undefined for any other view. */
export function readSubmission(
  body: ViewSubmitAction,
): { readonly verb: DecisionVerb; readonly request: DecisionRequest } | undefined {
  const { view } = body;
  const verb = view.callback_id;
  const memory = memorySchema.safeParse(parseJson(view.private_metadata));
  if (!isDecisionVerb(verb) || !memory.success) return undefined;
  const { change: changeId, digest, channel } = memory.data;
  const reason = view.state?.values?.[REASON_FIELD.block]?.[REASON_FIELD.action]?.value?.trim() ?? '';
  return {
    verb,
    request: {
      person: personOf(body),
      channel,
      changeId,
      digest,
      ...(reason === '' ? {} : { reason }),
    },
  };
}

const memorySchema: z.ZodType<DialogMemory> = z.object({
  change: z.string().max(64),
  digest: z.string().max(64),
  channel: z.string(),
});

function unopened({ verb, change }: Extract<Reply, { kind: 'confirm' }>): Reply {
  return refuse('dialog_closed', 'Slack did not open the dialog.', `Type ${verb} ${change.id} and a reason.`);
}
