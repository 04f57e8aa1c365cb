import { expect, test } from '@jest/globals';
import { ALICE, aGate, CHANGES, openSlack, until } from '../../sandbox/slack/slack-under-test.ts';
import { openMemory, saying, startBot } from './bot-under-test.ts';
import { unreliable } from './unreliable-slack.ts';

const parsed = { channel: CHANGES, user: ALICE, command: '/bgp', text: 'show' };

test('an envelope that is delivered twice acts once', async () => {
  const slack = await openSlack();
  const way = await unreliable(slack);
  const { texts, ask } = asking();
  await startBot(way.apiUrl, await openMemory(), { submit: ask });
  way.deliverTwice();
  for (const text of ['one', 'two']) await slack.control.command({ ...parsed, text });
  await until(() => slack.control.messages(CHANGES).length === 2);
  // Whatever comes of the second delivery comes before what is sent now.
  await slack.control.command({ ...parsed, text: 'three' });
  await until(() => slack.control.messages(CHANGES).length >= 3);
  expect(texts).toEqual(['one', 'two', 'three']);
  expect(slack.control.messages(CHANGES)).toHaveLength(3);
});

test('no command is lost while Slack renews a connection, or after one was cut', async () => {
  const slack = await openSlack();
  const { texts, ask } = asking();
  await startBot(slack.apiUrl, await openMemory(), { submit: ask });
  await until(() => slack.control.connections() === 2);
  const errors = [
    { reason: 'refresh_requested' },
    { reason: 'warning' },
    { reason: 'refresh_requested', cut: true },
  ] as const;
  const sent: string[] = [];
  const count = (event: 'opened' | 'closed'): number =>
    slack.control.log().filter((line) => line.kind === 'socket' && line.event === event).length;
  for (const trouble of errors) {
    await until(() => slack.control.connections() === 2);
    const [opened, closed] = [count('opened'), count('closed')];
    expect(slack.control.disconnect(trouble)).toBe(1);
    await until(() => count('closed') > closed);
    // One after the other until the connection is replaced, and once more then.
    for (let renewed = false; !renewed; ) {
      renewed = count('opened') > opened;
      const text = `${trouble.reason} ${sent.length}`;
      sent.push(text);
      expect(await slack.control.command({ ...parsed, text })).toMatchObject({ ok: true });
      await until(() => slack.control.messages(CHANGES).length === sent.length);
    }
  }
  await until(() => texts.length === sent.length);
  expect([...texts].sort()).toEqual([...sent].sort());
});

test('it comes back after all connections were cut at once, and silence is counted meanwhile', async () => {
  const slack = await openSlack();
  const { slack: app } = await startBot(slack.apiUrl, await openMemory(), {});
  expect(app.silenceMs()).toBe(0);
  slack.control.disconnect({ reason: 'refresh_requested', all: true, cut: true });
  await until(() => app.silenceMs() > 0);
  await until(() => app.silenceMs() === 0);
  expect(await slack.control.command(parsed)).toMatchObject({ ok: true });
});

test('a connection that is open and dead is noticed', async () => {
  const slack = await openSlack();
  const way = await unreliable(slack);
  const { slack: app } = await startBot(way.apiUrl, await openMemory(), {});
  expect(app.silenceMs()).toBe(0);
  way.freeze();
  // The client itself waits 5 s for a pong.
  await until(() => app.silenceMs() > 0);
});

test('who stops takes no more commands and finishes what it has in hand', async () => {
  const slack = await openSlack();
  const work = aGate();
  const { slack: app } = await startBot(slack.apiUrl, await openMemory(), {
    submit: async () => {
      await work.opened;
      return saying('finished');
    },
  });
  await slack.control.command(parsed);
  const stopped = app.stop(10_000);
  await until(() => slack.control.connections() === 0);
  work.open();
  await stopped;
  expect(slack.control.messages(CHANGES)).toMatchObject([{ text: expect.stringContaining('finished') }]);
  expect(await slack.control.command(parsed)).toMatchObject({ ok: false });
});

test('who stops waits no longer than it may for what does not end', async () => {
  const slack = await openSlack();
  const { slack: app } = await startBot(slack.apiUrl, await openMemory(), {
    submit: () => new Promise(() => undefined),
  });
  await slack.control.command(parsed);
  await app.stop(100);
  await until(() => slack.control.connections() === 0);
});

function asking() {
  const texts: string[] = [];
  const ask = async ({ text }: { readonly text: string }) => {
    texts.push(text);
    return saying(text);
  };
  return { texts, ask };
}
