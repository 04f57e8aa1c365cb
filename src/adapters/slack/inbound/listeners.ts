import { createHash, randomUUID } from 'node:crypto';
import type { BlockAction, SlashCommand, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { isDecisionVerb, isFollowUp, reasonDialogOf } from '../../../domain/change/decisions.ts';
import { parseJson } from '../../../domain/json.ts';
import { isRefusal, type Refusal, refuse } from '../../../domain/refusal.ts';
import { MAX_REASON_LENGTH } from '../../../domain/well-formed.ts';
import type { Deduplicator } from '../../../ports/store.ts';
import type { UseCases } from '../../../workflow/requests/use-cases.ts';
import type { CommandRequest, DecisionRequest, Reply } from '../../../workflow/requests.ts';
import { type AnswerReply, answerReply } from '../blocks/answer-blocks.ts';
import { MORE } from '../blocks/card/buttons.ts';
import { CONFIRMED, confirmMessage, refusedView } from '../blocks/confirm-blocks.ts';
import { ASK } from '../blocks/menu-blocks.ts';
import { refusalMessage } from '../blocks/notice-blocks.ts';
import { RUN } from '../blocks/run-button.ts';
import type { HomeTab } from '../publishing/home-tab.ts';
import type { Recipient, SendReply } from '../publishing/send-reply.ts';
import { type OpenDialog, readSubmission } from './dialogs.ts';
import type { SlackApp } from './open-slack.ts';

interface Listening {
  readonly useCases: UseCases;
  readonly seen: Deduplicator;
  readonly sendReply: SendReply;
  readonly openDialog: OpenDialog;
  readonly homeTab: Pick<HomeTab, 'opened'>;
  /** Where what is asked from the Home tab counts as asked: a channel of the policy. */
  readonly homeChannel: string;
  /** The policy's slash command. */
  readonly command: string;
  onFailure(id: string, what: string, error: unknown): void;
  /** What to answer when the store is at fault; undefined when something else is. */
  describeOutage(error: unknown): Refusal | undefined;
}

// Longer than Slack could ever deliver the same request again, and than a signature is good for.
const REMEMBERED_MS = 15 * 60_000;

/** Takes commands, clicks and dialogs: acknowledges first, then handles each once, then replies to the person. */
export function listen(slack: SlackApp, listening: Listening): void {
  const { useCases, seen, sendReply, command, onFailure, describeOutage } = listening;
  const once = async (
    key: string,
    to: Recipient,
    what: string,
    act: () => Promise<Reply>,
    { actWithoutWriting = () => Promise.resolve(undefined), typed }: Once = {},
  ): Promise<void> => {
    try {
      const first = await seen.first(key, REMEMBERED_MS).catch((error: unknown) => {
        // Whether it came before cannot be noted: then only what is harmless when it is done twice.
        const outage = describeOutage(error);
        if (outage === undefined) throw error;
        onFailure('', what, error);
        return outage;
      });
      if (first === false) return;
      const reply = first === true ? await act() : ((await actWithoutWriting()) ?? first);
      const isPublic = reply.kind === 'answer' && reply.isPublic === true;
      const { messages, files } = messagesFor(reply, isPublic ? to.user : undefined, typed);
      if (messages.length > 0) await sendReply({ ...to, isPublic }, messages, files);
    } catch (error) {
      const id = randomUUID().slice(0, 8);
      onFailure(id, what, error);
      await sendReply(to, [refusalMessage(describeOutage(error) ?? failed(id))]).catch((again: unknown) =>
        onFailure(id, 'telling so', again),
      );
    }
  };

  slack.app.command(/.*/, async ({ ack, body }) => {
    await ack();
    slack.track(
      once(
        requestKey(body.trigger_id, body.response_url, body.user_id, body.text),
        recipientOf(body),
        body.command,
        async () =>
          body.command === command
            ? useCases.submit(requestOf(body))
            : useCases.refuseUnreadable(otherCommand(body.command, command), requestOf(body), body.command),
        {
          actWithoutWriting: async () =>
            body.command === command ? useCases.answerWithoutWriting(requestOf(body)) : undefined,
          typed: body.text,
        },
      ),
    );
  });
  slack.app.action({ type: 'block_actions' }, async ({ ack, body, action }) => {
    await ack();
    const to = recipientOfClick(body, listening);
    const { name, value } = pressedButton(action);
    const key = requestKey(body.trigger_id, body.user.id, name, action.action_ts, value);
    slack.track(once(key, to, name, () => pressed(listening, body, { name, value })));
  });
  slack.app.event('app_home_opened', async ({ event, body }) => {
    if (event.tab === 'messages') return;
    const person = { userId: event.user, teamId: body.team_id };
    slack.track(listening.homeTab.opened(person).catch((error) => onFailure('', 'the Home tab', error)));
  });
  slack.app.view<ViewSubmitAction>({ type: 'view_submission' }, async ({ ack, body }) => {
    const submitted = readSubmission(body);
    if (submitted === undefined) {
      const refusal = oldDialog();
      await ack({ response_action: 'update', view: refusedView(refusal) });
      const person = { userId: body.user.id, teamId: body.user.team_id ?? body.team?.id ?? '' };
      const recordUnreadable = async (): Promise<Reply> => {
        await useCases.refuseUnreadable(refusal, { person, channel: '' }, 'a dialog');
        return { kind: 'working' };
      };
      const nowhere = { channel: '', user: person.userId };
      slack.track(once(requestKey('view', body.view.id), nowhere, 'a dialog', recordUnreadable));
      return;
    }
    await ack();
    const { verb, request } = submitted;
    const to = { channel: request.channel, user: request.person.userId };
    slack.track(once(requestKey('view', body.view.id), to, verb, () => useCases.decide(verb, request)));
  });
  // What nothing of ours offers any more is acknowledged, so that nobody sees a warning sign.
  slack.app.view({ type: 'view_closed' }, async ({ ack }) => ack());
  slack.app.shortcut(/.*/, async ({ ack }) => ack());
}

interface Once {
  /** What may be done while nothing can be written. */
  readonly actWithoutWriting?: () => Promise<Reply | undefined>;
  /** The command that is answered, as it was typed. */
  readonly typed?: string | undefined;
}

/** The same for what Slack delivers twice, and for nothing else. */
function requestKey(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function pressed(listening: Listening, body: BlockAction, { name, value: carried }: Pressed): Promise<Reply> {
  const person = { userId: body.user.id, teamId: body.user.team_id ?? body.team?.id ?? '' };
  const { useCases, openDialog } = listening;
  const { channel, directly } = recipientOfClick(body, listening);
  const unknown = (): Promise<Reply> =>
    useCases.refuseUnreadable(oldButton(), { person, channel }, `a click on ${name}`);
  if (name === RUN || name.startsWith(ASK)) {
    const run = runSchema.safeParse(parseJson(carried)).data;
    if (run === undefined) return unknown();
    const responseUrl = body.response_url;
    const request = { requestId: randomUUID(), person, channel, text: run.text, responseUrl };
    return useCases.submit(directly === true ? { ...request, directly } : request);
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

/** A button by its action id, or the option of a menu by the decision that it names; with what either carries. */
interface Pressed {
  readonly name: string;
  readonly value: string | undefined;
}

function pressedButton(action: BlockAction['actions'][number]): Pressed {
  if (action.type !== 'overflow')
    return { name: action.action_id, value: 'value' in action ? action.value : undefined };
  const { value } = action.selected_option;
  const chosen = optionSchema.safeParse(parseJson(value)).data;
  return { name: action.action_id === MORE && chosen !== undefined ? chosen.verb : action.action_id, value };
}

const optionSchema = z.object({ verb: z.string().max(20) });

const runSchema = z.object({ text: z.string().max(3_000) });

const buttonSchema = z.object({
  change: z.string().max(64),
  digest: z.string().max(64),
  reason: z.string().max(MAX_REASON_LENGTH).exactOptional(),
});

function messagesFor(reply: Reply, asker: string | undefined, typed: string | undefined): AnswerReply {
  if (isRefusal(reply)) return { messages: [refusalMessage(reply, typed)], files: [] };
  if (reply.kind === 'answer') return answerReply(reply.answer, asker, reply.proposes);
  if (reply.kind !== 'confirm') return { messages: [], files: [] };
  return { messages: [confirmMessage(reply.verb, reply.change, reply.reason ?? '')], files: [] };
}

function requestOf(body: SlashCommand): CommandRequest {
  return {
    requestId: randomUUID(),
    person: { userId: body.user_id, teamId: body.team_id },
    channel: body.channel_id,
    text: body.text ?? '',
    responseUrl: body.response_url,
  };
}

function recipientOf(body: SlashCommand): Recipient {
  return { channel: body.channel_id, user: body.user_id, responseUrl: body.response_url };
}

function recipientOfClick(
  body: BlockAction,
  { homeChannel }: Pick<Listening, 'homeChannel'>,
): Recipient & { readonly directly?: true } {
  if (body.view?.type === 'home') return { channel: homeChannel, user: body.user.id, directly: true };
  return { channel: channelOf(body), user: body.user.id, responseUrl: body.response_url };
}

function channelOf(body: BlockAction): string {
  return body.channel?.id ?? ('channel_id' in body.container ? String(body.container.channel_id) : '');
}

function otherCommand(parsed: string, command: string): Refusal {
  return refuse('unknown_verb', `I do not serve ${parsed.slice(0, 40)}.`, `Type ${command} help.`);
}

function oldButton(): Refusal {
  return refuse(
    'not_open',
    'This button belongs to a card that I do not know any more.',
    'Type changes to see the last ones.',
  );
}

function oldDialog(): Refusal {
  return refuse('not_open', 'This dialog is none of mine any more.', 'Close it, and use the card.');
}

function failed(id: string) {
  return refuse(
    'internal_error',
    `Something went wrong on my side (${id}). Nothing was decided unless the card says so.`,
    `Try again; if it stays so, give ${id} to whoever looks after the bot.`,
  );
}
