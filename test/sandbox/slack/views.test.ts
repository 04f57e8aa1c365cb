import { expect, test } from '@jest/globals';
import type { Slack } from '../../../sandbox/src/slack/start-slack.ts';
import { startSocketApp } from './app-under-test.ts';
import { ALICE, CHANGES, clientOf, openSlack, refusalOf } from './slack-under-test.ts';

const view = (text: string) => ({
  type: 'modal' as const,
  title: { type: 'plain_text' as const, text },
  notify_on_close: true,
  blocks: [{ type: 'divider' as const }],
});

test('a trigger opens one view within three seconds', async () => {
  let now = Date.now();
  const { slack, trigger } = await listening({ clock: () => now });
  const { views } = clientOf(slack);
  const first = await trigger();
  await views.open({ trigger_id: first, view: view('One') });
  expect(await refusalOf(views.open({ trigger_id: first, view: view('Two') }))).toBe('exchanged_trigger_id');
  const second = await trigger();
  now += 3001;
  expect(await refusalOf(views.open({ trigger_id: second, view: view('Two') }))).toBe('expired_trigger_id');
  expect(await refusalOf(views.open({ trigger_id: 'none', view: view('Two') }))).toBe('invalid_trigger_id');
});

test('three views lie on each other, and no fourth', async () => {
  const { slack, trigger } = await listening();
  const { views } = clientOf(slack);
  await views.open({ trigger_id: await trigger(), view: view('1') });
  await views.push({ trigger_id: await trigger(), view: view('2') });
  await views.push({ trigger_id: await trigger(), view: view('3') });
  expect(await refusalOf(views.push({ trigger_id: await trigger(), view: view('4') }))).toBe(
    'push_limit_reached',
  );
  const [root, , top] = slack.control.views(ALICE).views;
  expect(top).toMatchObject({ title: { text: '3' }, root_view_id: root?.id });
});

test('an update with an old hash is refused, and a view that is closed is not found', async () => {
  const { slack, trigger, closed } = await listening();
  const { views } = clientOf(slack);
  const opened = await views.open({ trigger_id: await trigger(), view: view('1') });
  const viewId = opened.view?.id ?? '';
  const hash = opened.view?.hash ?? '';
  await views.update({ view_id: viewId, hash, view: view('2') });
  expect(await refusalOf(views.update({ view_id: viewId, hash, view: view('3') }))).toBe('hash_conflict');
  await slack.control.closeView({ user: ALICE, viewId });
  expect(await refusalOf(views.update({ view_id: viewId, view: view('3') }))).toBe('not_found');
  expect(closed).toEqual([viewId]);
});

test('a wrong view is refused with its place', async () => {
  const { slack, trigger } = await listening();
  const bad = { ...view('x'.repeat(25)) };
  expect(await refusalOf(clientOf(slack).views.open({ trigger_id: await trigger(), view: bad }))).toBe(
    'invalid_arguments',
  );
});

test('the Home tab is published', async () => {
  const slack = await openSlack();
  const home = { type: 'home' as const, blocks: [{ type: 'divider' as const }] };
  await clientOf(slack).views.publish({ user_id: ALICE, view: home });
  expect(slack.control.views(ALICE)).toMatchObject({ views: [], home: { type: 'home' } });
});

async function listening(options: { clock?: () => number } = {}) {
  const slack: Slack = await openSlack(options);
  const triggers: string[] = [];
  const closed: string[] = [];
  await startSocketApp(slack, (app) => {
    app.command('/bgp', async ({ ack, command }) => {
      triggers.push(command.trigger_id);
      await ack();
    });
    app.view({ type: 'view_closed', callback_id: /.*/ }, async ({ ack, body }) => {
      closed.push(body.view.id);
      await ack();
    });
  });
  const trigger = async () => {
    await slack.control.command({ channel: CHANGES, user: ALICE, command: '/bgp', text: '' });
    return triggers.at(-1) ?? '';
  };
  return { slack, trigger, closed };
}
