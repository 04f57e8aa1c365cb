import { describe, expect, test } from '@jest/globals';
import type { App } from '@slack/bolt';
import type { Slack } from '../../../sandbox/src/slack/start-slack.ts';
import { startHttpApp, startSocketApp } from './app-under-test.ts';
import { ALICE, aGate, BOB, CHANGES, openSlack, until } from './slack-under-test.ts';

const ways: [string, (slack: Slack, prepare: (app: App) => void) => Promise<unknown>][] = [
  ['over Socket Mode', startSocketApp],
  ['over signed HTTP', startHttpApp],
];

describe.each(ways)('a Bolt app %s', (_, startApp) => {
  test('hears a command, posts a card, hears its button and redraws the card', async () => {
    const slack = await openSlack();
    const heard: unknown[] = [];
    await startApp(slack, (app) => {
      app.command('/bgp', async ({ command, ack, client }) => {
        await ack();
        heard.push(command);
        await client.chat.postMessage({
          channel: command.channel_id,
          text: 'BGP-1',
          blocks: card('proposed', true),
        });
      });
      app.action('approve', async ({ body, ack, client }) => {
        await ack();
        if (body.type !== 'block_actions' || body.message === undefined) return;
        heard.push(body);
        const { ts } = body.message;
        await client.chat.update({ channel: CHANGES, ts, text: 'BGP-1', blocks: card('approved', false) });
      });
    });

    const typed = { channel: CHANGES, user: ALICE, command: '/bgp', text: 'rotate a & <b>' };
    expect(await slack.control.command(typed)).toMatchObject({ ok: true });
    await until(() => slack.control.messages(CHANGES).length === 1);
    const [message] = slack.control.messages(CHANGES);
    const click = { channel: CHANGES, messageTs: message?.ts ?? '', user: BOB };
    const action = { block_id: 'decide', action_id: 'approve' };
    expect(await slack.control.interact({ ...click, action })).toMatchObject({ ok: true });
    await until(() => slack.control.messages(CHANGES)[0]?.edited !== undefined);

    expect(slack.control.messages(CHANGES)).toMatchObject([
      { text: 'BGP-1', bot_id: 'B00BOT', blocks: [{ text: { text: 'approved' } }] },
    ]);
    expect(heard).toMatchObject([
      {
        command: '/bgp',
        text: 'rotate a &amp; &lt;b&gt;',
        user_id: ALICE,
        team_id: 'T01RACK',
        channel_id: CHANGES,
      },
      {
        actions: [
          { type: 'button', action_id: 'approve', value: '{"change":"BGP-1"}', text: { text: 'Approve' } },
        ],
        user: { id: BOB, team_id: 'T01RACK' },
        container: { type: 'message', message_ts: message?.ts, is_ephemeral: false },
      },
    ]);
  });

  test('that acknowledges too late leaves the person with operation_timeout', async () => {
    const slack = await openSlack({ ackTimeoutMs: 300 });
    const [timedOut, acknowledged] = [aGate(), aGate()];
    await startApp(slack, (app) => {
      app.command('/bgp', async ({ ack }) => {
        await timedOut.opened;
        await ack().catch(() => undefined);
        acknowledged.open();
      });
    });
    const outcome = await slack.control.command({ channel: CHANGES, user: ALICE, command: '/bgp', text: '' });
    expect(outcome).toMatchObject({ ok: false, error: 'operation_timeout' });
    expect(slack.control.messages(CHANGES)).toMatchObject([
      {
        text: '/bgp failed with the error "operation_timeout"',
        subtype: 'ephemeral',
        ephemeral_to: ALICE,
        user: 'USLACKBOT',
      },
    ]);
    expect(slack.control.log()).toContainEqual(
      expect.objectContaining({ kind: 'envelope', type: 'slash_commands', error: 'operation_timeout' }),
    );
    timedOut.open();
    await acknowledged.opened;
  });

  test('answers a command in the acknowledgement itself, to the one who asked', async () => {
    const slack = await openSlack();
    await startApp(slack, (app) => {
      app.command('/bgp', async ({ ack }) => ack('here is help'));
      app.command('/loud', async ({ ack }) => ack({ text: 'all see', response_type: 'in_channel' }));
    });
    const typed = { channel: CHANGES, user: ALICE, text: '' };
    await slack.control.command({ ...typed, command: '/bgp' });
    await slack.control.command({ ...typed, command: '/loud' });
    const [quiet, loud] = slack.control.messages(CHANGES);
    expect(quiet).toMatchObject({ text: 'here is help', subtype: 'ephemeral', ephemeral_to: ALICE });
    expect(loud).toMatchObject({ text: 'all see' });
    expect(loud).not.toHaveProperty('ephemeral_to');
  });

  test('opens a modal, corrects an entry, and hears what was entered', async () => {
    const slack = await openSlack();
    const submitted: unknown[] = [];
    await startApp(slack, (app) => {
      app.command('/bgp', async ({ ack, client, command }) => {
        await ack();
        await client.views.open({ trigger_id: command.trigger_id, view: modal('ask') });
      });
      app.view('ask', async ({ ack, view }) => {
        const entered = view.state.values.reason?.text?.value;
        if (entered === 'no') await ack({ response_action: 'errors', errors: { reason: 'say more' } });
        else await ack();
        submitted.push(entered);
      });
    });
    await slack.control.command({ channel: CHANGES, user: ALICE, command: '/bgp', text: '' });
    await until(() => slack.control.views(ALICE).views.length === 1);
    const viewId = slack.control.views(ALICE).views[0]?.id ?? '';
    const submit = (text: string) =>
      slack.control.submitView({ user: ALICE, viewId, values: { reason: { text } } });
    expect(await submit('')).toMatchObject({ ok: false, error: 'invalid_entries' });
    expect(await submit('no')).toMatchObject({
      ok: true,
      response_action: 'errors',
      errors: { reason: 'say more' },
    });
    expect(slack.control.views(ALICE).views).toHaveLength(1);
    expect(await submit('because')).toMatchObject({ ok: true });
    expect(slack.control.views(ALICE).views).toHaveLength(0);
    expect(submitted).toEqual(['no', 'because']);
  });

  test('offers options while somebody types', async () => {
    const slack = await openSlack();
    await startApp(slack, (app) => {
      app.options('node', async ({ ack, payload }) => {
        await ack({ options: [{ text: { type: 'plain_text', text: `${payload.value}1` }, value: 'w1' }] });
      });
      app.command('/bgp', async ({ ack, client, command }) => {
        await ack();
        const element = { type: 'external_select' as const, action_id: 'node' };
        const label = { type: 'plain_text' as const, text: 'Node' };
        const blocks = [{ type: 'input' as const, block_id: 'node', label, element }];
        await client.views.open({ trigger_id: command.trigger_id, view: { ...modal('pick'), blocks } });
      });
    });
    await slack.control.command({ channel: CHANGES, user: ALICE, command: '/bgp', text: '' });
    await until(() => slack.control.views(ALICE).views.length === 1);
    const viewId = slack.control.views(ALICE).views[0]?.id ?? '';
    const typing = { user: ALICE, viewId, block_id: 'node', action_id: 'node', value: 'worker' };
    expect(await slack.control.suggest(typing)).toMatchObject({ options: [{ text: { text: 'worker1' } }] });
  });

  test('is told of events', async () => {
    const slack = await openSlack();
    const seen: unknown[] = [];
    await startApp(slack, (app) => {
      app.event('app_home_opened', async ({ event, body }) => void seen.push([event.user, body.event_id]));
    });
    const event = { type: 'app_home_opened', user: ALICE, channel: 'D01ALICE', tab: 'home' };
    const outcome = await slack.control.event(event);
    await until(() => seen.length === 1);
    expect(seen).toEqual([[ALICE, outcome.event_id]]);
  });
});

function card(text: string, withButtons: boolean) {
  const button = {
    type: 'button' as const,
    action_id: 'approve',
    text: { type: 'plain_text' as const, text: 'Approve' },
    value: '{"change":"BGP-1"}',
  };
  const header = { type: 'header' as const, text: { type: 'plain_text' as const, text } };
  const actions = { type: 'actions' as const, block_id: 'decide', elements: [button] };
  return withButtons ? [header, actions] : [header];
}

function modal(callbackId: string) {
  return {
    type: 'modal' as const,
    callback_id: callbackId,
    title: { type: 'plain_text' as const, text: 'Rotate' },
    submit: { type: 'plain_text' as const, text: 'Go' },
    blocks: [
      {
        type: 'input' as const,
        block_id: 'reason',
        label: { type: 'plain_text' as const, text: 'Reason' },
        element: { type: 'plain_text_input' as const, action_id: 'text' },
      },
    ],
  };
}
