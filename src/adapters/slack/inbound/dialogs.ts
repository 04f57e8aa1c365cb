import type { WebClient } from '@slack/web-api';
import { isRefusal, refuse } from '../../../domain/refusal.ts';
import type { Reply } from '../../../workflow/reply.ts';
import type { DecisionRequest } from '../../../workflow/requests.ts';
import { confirmView, loadingView, refusedView } from '../blocks/confirm-blocks.ts';

/** Opens a dialog before anything is looked up, and fills it with what the bot then says. */
export type OpenDialog = (
  triggerId: string,
  click: DecisionRequest,
  prepare: () => Promise<Reply>,
) => Promise<Reply>;

/** What a person may not is told in the dialog and, like every refusal, to them alone in the channel. */
export function openDialogs(client: WebClient, onError: (error: unknown) => void): OpenDialog {
  return async (triggerId, click, prepare) => {
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
      : confirmView(reply.what, reply.change, {
          change: reply.change.id,
          digest: click.digest ?? reply.change.digest,
          channel: click.channel,
        });
    await client.views.update({ view_id: viewId, view });
    return isRefusal(reply) ? reply : { kind: 'working' };
  };
}

function unopened({ what, change }: Extract<Reply, { kind: 'confirm' }>): Reply {
  const command = what === 'reject' ? 'reject' : 'break-glass';
  return refuse('dialog_closed', 'Slack did not open the dialog.', `Type ${command} ${change.id} and why.`);
}
