import { randomUUID } from 'node:crypto';
import type { BlockAction, MessageShortcut } from '@slack/bolt';
import { z } from 'zod';
import { isFollowUp } from '../../../domain/change/buttons.ts';
import { isDecisionVerb, reasonDialogOf } from '../../../domain/change/decisions.ts';
import { parseJson } from '../../../domain/json.ts';
import type { Person } from '../../../domain/person.ts';
import { type Refusal, refuse } from '../../../domain/refusal.ts';
import { MAX_REASON_LENGTH } from '../../../domain/well-formed.ts';
import type { UseCases } from '../../../workflow/requests/use-cases.ts';
import type { DecisionRequest, Reply } from '../../../workflow/requests.ts';
import { MORE } from '../blocks/card/buttons.ts';
import { CONFIRMED } from '../blocks/confirm-blocks.ts';
import { ASK, OPEN, RUN } from '../blocks/menu-blocks.ts';
import type { Recipient } from '../publishing/send-reply.ts';
import type { OpenDialog } from './dialogs.ts';
import type { FormDialogs } from './forms.ts';
import { personOf } from './person-of.ts';

/** Callback ids of the shortcuts in the app's manifest. */
export const BGP_CHANGE = 'bgp_change';
export const ROLL_BACK = 'roll_back_change';

export interface Clicked {
  readonly useCases: UseCases;
  readonly openDialog: OpenDialog;
  readonly forms: FormDialogs;
  /** The channel of the policy that requests from the Home tab count for. */
  readonly homeChannel: string;
}

/** Handles a click on a button or the choice of a menu entry. */
export function pressed(
  listening: Clicked,
  body: BlockAction,
  { name, value: carried }: Pressed,
): Promise<Reply> {
  const person = personOf(body);
  const { useCases, openDialog, forms } = listening;
  const { channel, directly, responseUrl } = recipientOfClick(body, listening);
  const source = {
    channel,
    ...(responseUrl === undefined ? {} : { responseUrl }),
    ...(directly === true ? { directly } : {}),
  };
  const unknown = (): Promise<Reply> =>
    useCases.refuseUnreadable(oldButton(), { person, channel }, `a click on ${name}`);
  if (name === RUN || name.startsWith(ASK)) {
    const run = runSchema.safeParse(parseJson(carried)).data;
    if (run === undefined) return unknown();
    const request = { requestId: randomUUID(), person, text: run.text };
    return useCases.submit({ ...request, ...source });
  }
  if (name.startsWith(OPEN)) {
    const { view, trigger_id: triggerId } = body;
    const place = view?.type === 'modal' ? { viewId: view.id } : { triggerId };
    return forms.open(name.slice(OPEN.length), place, source, { person });
  }
  const value = buttonSchema.safeParse(parseJson(carried));
  if (!value.success) return unknown();
  const { change: changeId, ...rest } = value.data;
  const request: DecisionRequest = { person, channel, changeId, ...rest };
  if (isFollowUp(name)) return useCases.followUp(name, request);
  const confirmed = name.startsWith(CONFIRMED);
  const verb = confirmed ? name.slice(CONFIRMED.length) : name;
  if (!isDecisionVerb(verb)) return unknown();
  return confirmed || reasonDialogOf(verb) === undefined
    ? useCases.decide(verb, request)
    : openDialog(body.trigger_id, request, () => useCases.prepareDecision(verb, request));
}

/** The message shortcut on a card: opens the form of `rollback` with the change of the card. */
export function rollBack(
  { useCases, forms }: Clicked,
  { trigger_id: triggerId, message, channel, response_url: responseUrl }: MessageShortcut,
  person: Person,
): Promise<Reply> {
  const change = /\b[A-Z]+-\d+\b/.exec(message.text ?? '')?.[0];
  const source = { channel: channel.id, responseUrl };
  if (change === undefined) {
    const refusal = refuse(
      'unknown_change',
      'This message is not about a change.',
      'Use it on the card of a change.',
    );
    return useCases.refuseUnreadable(refusal, { person, channel: channel.id }, 'a shortcut');
  }
  return forms.open('rollback', { triggerId }, source, { person, change });
}

/** A button by its action id, or a menu option by the decision that it names; with its value. */
interface Pressed {
  readonly name: string;
  readonly value: string | undefined;
}

export function pressedButton(action: BlockAction['actions'][number]): Pressed {
  if (action.type !== 'overflow')
    return { name: action.action_id, value: 'value' in action ? action.value : undefined };
  const value = action.selected_option?.value;
  const chosen = optionSchema.safeParse(parseJson(value)).data;
  return { name: action.action_id === MORE && chosen !== undefined ? chosen.verb : action.action_id, value };
}

const optionSchema = z.object({ verb: z.string().max(20) });

const runSchema = z.object({ text: z.string().max(3_000) });

const buttonSchema = z.object({
  change: z.string().max(64),
  digest: z.string().max(64),
  haltedAtMs: z.number().exactOptional(),
  reason: z.string().max(MAX_REASON_LENGTH).exactOptional(),
});

/** Clicks in the Home tab or in a modal are answered by direct message: neither shows messages. */
export function recipientOfClick(
  body: BlockAction,
  { homeChannel }: Pick<Clicked, 'homeChannel'>,
): Recipient & { readonly directly?: true; readonly responseUrl?: string } {
  // Elsewhere, some of these are null or missing.
  if (body.view) return { channel: homeChannel, user: body.user.id, directly: true };
  const responseUrl = body.response_url || undefined;
  return {
    channel: channelOf(body),
    user: body.user.id,
    ...(responseUrl === undefined ? {} : { responseUrl }),
  };
}

function channelOf(body: BlockAction): string {
  return body.channel?.id ?? String(body.container?.channel_id ?? '');
}

function oldButton(): Refusal {
  return refuse('not_open', 'This button belongs to an outdated card.', 'Type changes to see the last ones.');
}
