import { z } from 'zod';
import type { Backend } from '../backend.ts';
import { option, optionGroup } from '../block-kit/composition.ts';
import { LIMITS } from '../block-kit/limits.ts';
import type { View } from '../view.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { channelPart, whoAndWhere } from './payload-parts.ts';
import { type Entered, viewValues } from './view-values.ts';

/** Somebody types into a menu whose options the app knows; in a view, or in a message. */
export interface Typing {
  readonly user: string;
  readonly block_id: string;
  readonly action_id: string;
  readonly value: string;
  readonly viewId?: string | undefined;
  /** What the inputs of the view hold by then. */
  readonly values?: Entered | undefined;
  readonly channel?: string | undefined;
  readonly messageTs?: string | undefined;
}

/** https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload */
export async function suggest(backend: Backend, typing: Typing): Promise<Outcome> {
  const user = backend.directory.user(typing.user);
  if (user === undefined) return { ok: false, error: 'user_not_found' };
  const open = backend.views.find(typing.viewId);
  const channel = backend.directory.channel(typing.channel);
  const message = channel && backend.messages.find(channel.id, typing.messageTs);
  if (open === undefined && message === undefined) return { ok: false, error: 'container_not_found' };
  const { block_id, action_id, value } = typing;
  const delivered = await backend.delivery.deliver({
    type: 'interactive',
    acceptsResponse: true,
    payload: {
      type: 'block_suggestion',
      ...whoAndWhere(backend, user),
      block_id,
      action_id,
      value,
      ...(open && {
        container: { type: 'view', view_id: open.view.id },
        view: viewNow(open.view, typing.values),
      }),
      ...(channel &&
        message && {
          container: {
            type: 'message',
            message_ts: message.ts,
            channel_id: channel.id,
            is_ephemeral: message.subtype === 'ephemeral',
          },
          channel: channelPart(channel),
          message,
        }),
    },
  });
  if (!delivered.ok) return outcomeOf(delivered);
  const offered = OFFERED.safeParse(delivered.response);
  if (offered.success) return { ...outcomeOf(delivered), ...offered.data };
  return { ok: false, ack_ms: delivered.ackMs, error: 'invalid_options', detail: offered.error.message };
}

function viewNow(view: View, values: Entered | undefined): View {
  return values === undefined ? view : { ...view, state: { values: viewValues(view, values) } };
}

const OFFERED = z.union([
  z.strictObject({ options: z.array(option).max(LIMITS.selectOptions) }),
  z.strictObject({ option_groups: z.array(optionGroup).max(LIMITS.selectGroups) }),
]);
