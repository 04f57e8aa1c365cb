import type { Backend } from '../backend.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { channelPart, responseUrlFor, whoAndWhere } from './payload-parts.ts';

/** Somebody uses a shortcut of the app: a global one, or with a message the one in that message's menu. */
export interface ShortcutUse {
  readonly user: string;
  readonly callback_id: string;
  readonly channel?: string | undefined;
  readonly messageTs?: string | undefined;
}

/** https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload */
export async function useShortcut(backend: Backend, use: ShortcutUse): Promise<Outcome> {
  const user = backend.directory.user(use.user);
  if (user === undefined) return { ok: false, error: 'user_not_found' };
  const shared = {
    ...whoAndWhere(backend, user),
    callback_id: use.callback_id,
    trigger_id: backend.triggers.issue(user.id),
    action_ts: backend.nextTs(),
  };
  if (use.messageTs === undefined) {
    const payload = { type: 'shortcut', ...shared };
    return outcomeOf(
      await backend.delivery.deliver({ type: 'interactive', acceptsResponse: false, payload }),
    );
  }
  const channel = backend.directory.channel(use.channel);
  const message = channel && backend.messages.find(channel.id, use.messageTs);
  // Nobody sees a menu beside an ephemeral message.
  if (channel === undefined || message === undefined || message.subtype === 'ephemeral')
    return { ok: false, error: 'message_not_found' };
  const payload = {
    type: 'message_action',
    ...shared,
    channel: channelPart(channel),
    message_ts: message.ts,
    message,
    response_url: responseUrlFor(backend, { channel: channel.id, user: user.id, messageTs: message.ts }),
  };
  return outcomeOf(await backend.delivery.deliver({ type: 'interactive', acceptsResponse: false, payload }));
}
