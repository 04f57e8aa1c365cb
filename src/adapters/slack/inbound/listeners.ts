import { randomUUID } from 'node:crypto';
import type { SlashCommand, ViewSubmitAction } from '@slack/bolt';
import { type Refusal, refuse } from '../../../domain/refusal.ts';
import type { CommandRequest, Reply } from '../../../workflow/requests.ts';
import { refusedView } from '../blocks/confirm-blocks.ts';
import { FIELD, FORM } from '../blocks/form-blocks.ts';
import type { HomeTab } from '../publishing/home-tab.ts';
import type { Recipient } from '../publishing/send-reply.ts';
import { type Answering, openAnswerOnce, requestKey } from './answer-once.ts';
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
import { personOf } from './person-of.ts';

interface Listening extends Clicked, Answering {
  readonly homeTab: Pick<HomeTab, 'opened'>;
  /** The policy's slash command. */
  readonly command: string;
}

/** Receives commands, clicks and dialogs: acknowledges first, then handles each once, then replies to the person. */
export function listen(slack: SlackApp, listening: Listening): void {
  const { useCases, command, forms, onFailure } = listening;
  const once = openAnswerOnce(listening);
  /** Slack shows the person a failure where this cannot be sent; what they asked for is done all the same. */
  const acknowledge = (ack: () => Promise<void>): Promise<void> =>
    ack().catch((error: unknown) => onFailure('', 'acknowledging a request', error));

  slack.app.command(/.*/, async ({ ack, body, context }) => {
    await acknowledge(ack);
    slack.track(
      once(
        requestKey([body.trigger_id, body.response_url], context, body.user_id, body.text),
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
  slack.app.action({ type: 'block_actions' }, async ({ ack, body, action, context }) => {
    await acknowledge(ack);
    const to = recipientOfClick(body, listening);
    const { name, value } = pressedButton(action);
    if (name === FIELD) {
      const changed = forms.changed(body).catch((error: unknown) => onFailure('', 'a form', error));
      slack.track(changed);
      return;
    }
    const key = requestKey([body.trigger_id, action.action_ts], context, body.user.id, name, value);
    slack.track(once(key, to, name, () => pressed(listening, body, { name, value })));
  });
  slack.app.event('app_home_opened', async ({ event, body }) => {
    if (event.tab === 'messages') return;
    const person = { userId: event.user, teamId: body.team_id };
    slack.track(listening.homeTab.opened(person).catch((error) => onFailure('', 'the Home tab', error)));
  });
  slack.app.view<ViewSubmitAction>({ type: 'view_submission' }, async ({ ack, body, context }) => {
    const answered = body.view.callback_id?.startsWith(FORM)
      ? await forms.submitted(body).catch((error: unknown) => onFailure('', 'a form', error))
      : undefined;
    if (answered !== undefined) {
      if ('errors' in answered) {
        const { errors } = answered;
        return acknowledge(() => ack({ response_action: 'errors', errors }));
      }
      await acknowledge(ack);
      const { parsed, to: source } = answered;
      const person = personOf(body);
      const to = { ...source, user: person.userId };
      const request = { requestId: randomUUID(), person, ...source };
      const act = (): Promise<Reply> => useCases.submitParsed(parsed, request);
      slack.track(once(requestKey([body.view.id], context, 'view'), to, parsed.verb, act));
      return;
    }
    const submitted = readSubmission(body);
    if (submitted === undefined) {
      const refusal = oldDialog();
      await acknowledge(() => ack({ response_action: 'update', view: refusedView(refusal) }));
      const person = personOf(body);
      const recordUnreadable = async (): Promise<Reply> => {
        await useCases.refuseUnreadable(refusal, { person, channel: '' }, 'a dialog');
        return { kind: 'working' };
      };
      const nowhere = { channel: '', user: person.userId };
      slack.track(once(requestKey([body.view.id], context, 'view'), nowhere, 'a dialog', recordUnreadable));
      return;
    }
    await acknowledge(ack);
    const { verb, request } = submitted;
    const to = { channel: request.channel, user: request.person.userId };
    slack.track(
      once(requestKey([body.view.id], context, 'view'), to, verb, () => useCases.decide(verb, request)),
    );
  });
  // Actions that the app no longer offers are acknowledged, so that nobody sees a warning sign.
  slack.app.view({ type: 'view_closed' }, async ({ ack }) => acknowledge(ack));
  slack.app.shortcut(/.*/, async ({ ack, body, context }) => {
    await acknowledge(ack);
    const person = personOf(body);
    const triggerId = body.trigger_id;
    const key = requestKey([triggerId], context, person.userId, body.callback_id);
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
    const found = view ? forms.options(view, personOf(body), body.block_id, body.value) : Promise.resolve([]);
    const options = await found.catch((error: unknown) => {
      onFailure('', 'a form', error);
      return [];
    });
    await acknowledge(() => ack({ options }));
  });
}

function requestOf(body: SlashCommand): CommandRequest {
  return {
    requestId: randomUUID(),
    person: { userId: body.user_id, teamId: body.team_id },
    channel: body.channel_id,
    text: body.text ?? '',
    ...(body.response_url ? { responseUrl: body.response_url } : {}),
  };
}

function recipientOf(body: SlashCommand): Recipient {
  return { channel: body.channel_id, user: body.user_id, responseUrl: body.response_url };
}

function otherCommand(typed: string, command: string): Refusal {
  return refuse(
    'unknown_verb',
    `This app handles ${command}, not ${typed.slice(0, 40)}.`,
    `Type ${command} help.`,
  );
}

function oldDialog(): Refusal {
  return refuse('not_open', 'This dialog has expired.', 'Close it, and use the card.');
}
