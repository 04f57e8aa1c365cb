import type { Backend } from '../backend.ts';
import type { JsonObject } from '../json.ts';
import type { Message } from '../message.ts';
import type { User } from '../workspace.ts';
import { filledAction } from './filled-action.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { channelPart, responseUrlFor, whoAndWhere } from './payload-parts.ts';
import { type Entered, viewValues } from './view-values.ts';

/** Somebody uses an element of a message. */
export interface MessageClick {
  readonly channel: string;
  readonly messageTs: string;
  readonly user: string;
  /** With block_id and action_id; what is absent comes from the element. */
  readonly action: JsonObject;
}

/** Somebody uses an element of a modal or of the Home tab. */
export interface ViewClick {
  readonly viewId: string;
  readonly user: string;
  readonly action: JsonObject;
  /** What the inputs of the view hold by then; the app is told all of it. */
  readonly values?: Entered | undefined;
}

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export async function clickInMessage(backend: Backend, click: MessageClick): Promise<Outcome> {
  const user = backend.directory.user(click.user);
  const channel = backend.directory.channel(click.channel);
  if (user === undefined) return { ok: false, error: 'user_not_found' };
  if (channel === undefined) return { ok: false, error: 'channel_not_found' };
  const message = backend.messages.find(channel.id, click.messageTs);
  if (message === undefined || hiddenFrom(user, message)) return { ok: false, error: 'message_not_found' };
  const ephemeral = message.subtype === 'ephemeral';
  return send(backend, user, click.action, message.blocks ?? [], {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: ephemeral,
      ...(message.thread_ts && { thread_ts: message.thread_ts }),
    },
    channel: channelPart(channel),
    ...(!ephemeral && { message }),
    state: { values: {} },
    response_url: responseUrlFor(backend, {
      channel: channel.id,
      user: user.id,
      messageTs: message.ts,
      ...(message.thread_ts && { threadTs: message.thread_ts }),
    }),
  });
}

export async function clickInView(backend: Backend, click: ViewClick): Promise<Outcome> {
  const user = backend.directory.user(click.user);
  const open = backend.views.find(click.viewId);
  if (user === undefined) return { ok: false, error: 'user_not_found' };
  if (open === undefined || open.user !== user.id) return { ok: false, error: 'view_not_found' };
  const view =
    click.values === undefined
      ? open.view
      : backend.views.keep(user.id, open.view, viewValues(open.view, click.values));
  return send(backend, user, click.action, view.blocks, {
    container: { type: 'view', view_id: view.id },
    view,
  });
}

async function send(
  backend: Backend,
  user: User,
  action: JsonObject,
  blocks: readonly JsonObject[],
  where: JsonObject,
): Promise<Outcome> {
  const delivered = await backend.delivery.deliver({
    type: 'interactive',
    acceptsResponse: false,
    payload: {
      type: 'block_actions',
      ...whoAndWhere(backend, user),
      ...where,
      trigger_id: backend.triggers.issue(user.id),
      actions: [filledAction(blocks, action, backend.nextTs())],
    },
  });
  return outcomeOf(delivered);
}

function hiddenFrom(user: User, message: Message): boolean {
  return message.subtype === 'ephemeral' && message.ephemeral_to !== user.id;
}
