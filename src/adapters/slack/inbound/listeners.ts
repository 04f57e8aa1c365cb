import { createHash, randomUUID } from 'node:crypto';
import type { SlackViewAction, SlashCommand, ViewSubmitAction } from '@slack/bolt';
import type { Answer } from '../../../domain/answer.ts';
import type { Person } from '../../../domain/person.ts';
import { isRefusal, type Refusal, refuse } from '../../../domain/refusal.ts';
import type { Deduplicator } from '../../../ports/store.ts';
import type { CommandRequest, Reply } from '../../../workflow/requests.ts';
import { type AnswerReply, answerReply, MAX_LINKED } from '../blocks/answer-blocks.ts';
import type { CardLinks } from '../blocks/card/context.ts';
import { confirmMessage, refusedView } from '../blocks/confirm-blocks.ts';
import { FIELD, FORM } from '../blocks/form-blocks.ts';
import { menuMessage } from '../blocks/menu-blocks.ts';
import { refusalMessage } from '../blocks/notice-blocks.ts';
import type { LinksTo } from '../publishing/card-context.ts';
import type { HomeTab } from '../publishing/home-tab.ts';
import type { Recipient, SendReply } from '../publishing/send-reply.ts';
import {
  BGP_CHANGE,
  type Clicked,
  pressed,
  pressedButton,
  ROLL_BACK,
  recipientOfClick,
  rollBack,
} from './clicks.ts';
import { readSubmission } from './dialogs.ts';
import type { SlackApp } from './open-slack.ts';

interface Listening extends Clicked {
  readonly seen: Deduplicator;
  readonly sendReply: SendReply;
  readonly linksTo: LinksTo;
  readonly homeTab: Pick<HomeTab, 'opened'>;
  /** The policy's slash command. */
  readonly command: string;
  onFailure(id: string, what: string, error: unknown): void;
  /** The answer to an outage of the store; undefined for any other error. */
  describeOutage(error: unknown): Refusal | undefined;
}

// Longer than Slack could deliver the same request again, and than a signature is valid.
const REMEMBERED_MS = 15 * 60_000;

/** Receives commands, clicks and dialogs: acknowledges first, then handles each once, then replies to the person. */
export function listen(slack: SlackApp, listening: Listening): void {
  const { useCases, seen, sendReply, linksTo, command, forms, onFailure, describeOutage } = listening;
  // An answer without links is better than none.
  const waysTo = (changes: readonly string[]): Promise<CardLinks> =>
    linksTo(changes).catch((error: unknown) => {
      onFailure('', 'the ways to cards', error);
      return new Map();
    });
  const once = async (
    key: string,
    to: Recipient,
    what: string,
    act: () => Promise<Reply>,
    { actWithoutWriting = () => Promise.resolve(undefined), typed }: Once = {},
  ): Promise<void> => {
    try {
      const first = await seen.first(key, REMEMBERED_MS).catch((error: unknown) => {
        // Duplicates cannot be detected: only requests that are harmless when done twice are handled.
        const outage = describeOutage(error);
        if (outage === undefined) throw error;
        onFailure('', what, error);
        return outage;
      });
      if (first === false) return;
      const reply = first === true ? await act() : ((await actWithoutWriting()) ?? first);
      const isPublic = reply.kind === 'answer' && reply.isPublic === true;
      const links = reply.kind === 'answer' ? await waysTo(changesIn(reply.answer)) : new Map();
      const { messages, files } = messagesFor(reply, isPublic ? to.user : undefined, typed, links);
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
    if (name === FIELD) {
      const changed = forms.changed(body).catch((error: unknown) => onFailure('', 'a form', error));
      slack.track(changed);
      return;
    }
    const key = requestKey(body.trigger_id, body.user.id, name, action.action_ts, value);
    slack.track(once(key, to, name, () => pressed(listening, body, { name, value })));
  });
  slack.app.event('app_home_opened', async ({ event, body }) => {
    if (event.tab === 'messages') return;
    const person = { userId: event.user, teamId: body.team_id };
    slack.track(listening.homeTab.opened(person).catch((error) => onFailure('', 'the Home tab', error)));
  });
  slack.app.view<ViewSubmitAction>({ type: 'view_submission' }, async ({ ack, body }) => {
    const answered = body.view.callback_id.startsWith(FORM)
      ? await forms.submitted(body).catch((error: unknown) => onFailure('', 'a form', error))
      : undefined;
    if (answered !== undefined) {
      if ('errors' in answered) return ack({ response_action: 'errors', errors: answered.errors });
      await ack();
      const { parsed, to: source } = answered;
      const person = personOf(body);
      const to = { ...source, user: person.userId };
      const request = { requestId: randomUUID(), person, ...source };
      const act = (): Promise<Reply> => useCases.submitParsed(parsed, request);
      slack.track(once(requestKey('view', body.view.id), to, parsed.verb, act));
      return;
    }
    const submitted = readSubmission(body);
    if (submitted === undefined) {
      const refusal = oldDialog();
      await ack({ response_action: 'update', view: refusedView(refusal) });
      const person = personOf(body);
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
  // Actions that the app no longer offers are acknowledged, so that nobody sees a warning sign.
  slack.app.view({ type: 'view_closed' }, async ({ ack }) => ack());
  slack.app.shortcut(/.*/, async ({ ack, body }) => {
    await ack();
    const person = { userId: body.user.id, teamId: body.team?.id ?? '' };
    const triggerId = body.trigger_id;
    const key = requestKey(triggerId, person.userId, body.callback_id);
    if (body.type === 'message_action' && body.callback_id === ROLL_BACK) {
      const source = { channel: body.channel.id, responseUrl: body.response_url };
      const act = () => rollBack(listening, body, person);
      slack.track(once(key, { ...source, user: person.userId }, body.callback_id, act));
    }
    if (body.type === 'shortcut' && body.callback_id === BGP_CHANGE) {
      const to = { channel: listening.homeChannel, user: person.userId, directly: true };
      slack.track(once(key, to, body.callback_id, () => forms.openMenu({ triggerId }, person)));
    }
  });
  slack.app.options(/.*/, async ({ ack, body }) => {
    const { view } = body;
    const person = { userId: body.user.id, teamId: body.team?.id ?? '' };
    const asked = view === undefined ? [] : forms.options(view, person, body.block_id, body.value);
    await ack({ options: await asked });
  });
}

function personOf({ user, team }: SlackViewAction): Person {
  return { userId: user.id, teamId: user.team_id ?? team?.id ?? '' };
}

interface Once {
  /** What can be done while nothing can be written. */
  readonly actWithoutWriting?: () => Promise<Reply | undefined>;
  /** The typed command that is answered. */
  readonly typed?: string | undefined;
}

/** The same for what Slack delivers twice, and only for that. */
function requestKey(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function changesIn({ parts }: Answer): readonly string[] {
  return parts.flatMap((part) => (part.kind === 'changes' ? part.changes.slice(0, MAX_LINKED) : []));
}

function messagesFor(
  reply: Reply,
  asker: string | undefined,
  typed: string | undefined,
  links: CardLinks,
): AnswerReply {
  if (isRefusal(reply)) return { messages: [refusalMessage(reply, typed)], files: [] };
  if (reply.kind === 'menu') return { messages: [menuMessage(reply.menu)], files: [] };
  if (reply.kind === 'answer') return answerReply(reply.answer, asker, reply.proposes, links);
  if (reply.kind !== 'confirm') return { messages: [], files: [] };
  return { messages: [confirmMessage(reply)], files: [] };
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

function otherCommand(parsed: string, command: string): Refusal {
  return refuse(
    'unknown_verb',
    `This app handles ${command}, not ${parsed.slice(0, 40)}.`,
    `Type ${command} help.`,
  );
}

function oldDialog(): Refusal {
  return refuse('not_open', 'This dialog has expired.', 'Close it, and use the card.');
}

function failed(id: string) {
  return refuse(
    'internal_error',
    `Something went wrong in the bot (${id}). Nothing was decided unless the card says so.`,
    `Try again; if this persists, give ${id} to the operator of the bot.`,
  );
}
