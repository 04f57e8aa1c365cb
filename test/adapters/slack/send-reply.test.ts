import { createServer } from 'node:http';
import { expect, test } from '@jest/globals';
import { openPictures } from '../../../src/adapters/pictures/render-png.ts';
import { slackClient } from '../../../src/adapters/slack/clients.ts';
import { channelRateLimiter } from '../../../src/adapters/slack/publishing/channel-rate-limiter.ts';
import { openSendReply, slackReplies } from '../../../src/adapters/slack/publishing/send-reply.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import {
  ALICE,
  BOT_TOKEN,
  CHANGES,
  openSlack,
  stopAfter,
  until,
} from '../../sandbox/slack/slack-under-test.ts';
import { alice } from './a-change.ts';
import { openMemory, saying, startBot } from './bot-under-test.ts';

const message = { text: 'an answer', blocks: [] };
const parsed = { channel: CHANGES, user: ALICE, command: '/bgp', text: 'show' };

test.each([
  ['is used up', { status: 404, error: 'used_url' }],
  ['has expired', { status: 404, error: 'expired_url' }],
  ['breaks', { status: 500 }],
])('an answer whose response_url %s reaches the person all the same', async (_, fault) => {
  const slack = await openSlack();
  await startBot(slack.apiUrl, await openMemory(), {});
  slack.control.fault({ method: 'response_url', times: 1, ...fault });
  await slack.control.command(parsed);
  await until(() => slack.control.messages(CHANGES).length === 1);
  expect(slack.control.messages(CHANGES)).toMatchObject([{ ephemeral_to: ALICE, subtype: 'ephemeral' }]);
});

test('a long answer that outlives its response_url arrives whole and in order', async () => {
  const { slack, sendReply } = await open();
  const urls: string[] = [];
  await startBot(slack.apiUrl, await openMemory(), {
    submit: async ({ responseUrl = '' }) => {
      urls.push(responseUrl);
      return { kind: 'working' };
    },
  });
  await slack.control.command(parsed);
  await until(() => urls.length === 1);
  const messages = Array.from({ length: 7 }, (_, at) => ({ text: `part ${at}`, blocks: [] }));
  await sendReply({ channel: CHANGES, user: ALICE, responseUrl: urls[0] }, messages);
  expect(slack.control.messages(CHANGES).map(({ text }) => text)).toEqual(messages.map(({ text }) => text));
});

test('what is too long for messages goes as a file to the person alone, or into the channel for a public answer', async () => {
  const { slack, sendReply } = await open();
  const file = { name: 'sessions.csv', content: 'Node,Session\r\n' };
  await sendReply({ channel: CHANGES, user: ALICE }, [message], [file]);
  const direct = slack.control.messages(`D${ALICE.slice(1)}`);
  expect(direct.map(({ text }) => text)[0]).toBe('The full answer: sessions.csv');
  expect(JSON.stringify(direct[1])).toContain('"preview":"Node,Session');
  expect(JSON.stringify(slack.control.messages(CHANGES))).not.toContain('sessions.csv');
  await sendReply({ channel: CHANGES, user: ALICE, isPublic: true }, [message], [file]);
  expect(JSON.stringify(slack.control.messages(CHANGES).at(-1))).toContain('"name":"sessions.csv"');
});

test('a file that Slack refuses is said, not lost in silence', async () => {
  const { slack, sendReply } = await open();
  slack.control.fault({ method: 'files.getUploadURLExternal', times: 1, error: 'missing_scope' });
  await sendReply({ channel: CHANGES, user: ALICE }, [message], [{ name: 'a.csv', content: 'a' }]);
  const told = slack.control.messages(CHANGES).filter(({ ephemeral_to: to }) => to === ALICE);
  expect(told.at(-1)?.text).toContain('could not be uploaded (Slack says missing_scope). Narrow the query');
});

test('a picture that cannot be drawn is said, with the command that tells it as text; the rest of the answer arrives', async () => {
  const { slack, sendReply } = await open();
  const replies = slackReplies(sendReply, {
    png: async () => ({ ok: false, why: 'no renderer for this system' }),
  });
  const picture = { kind: 'picture' as const, name: 'map', svg: '<svg/>', alt: 'a map', asText: 'show' };
  await replies.reply(
    {
      id: 'q1',
      parsed: { verb: 'map', args: [], flags: {} },
      target: 'spk-ingress',
      person: alice,
      channel: CHANGES,
      askedAtMs: Date.now(),
    },
    { title: 'Map', parts: [picture] },
  );
  expect(slack.control.messages(CHANGES).map(({ text }) => text)).toEqual([
    'Map',
    'The picture could not be drawn (no renderer for this system). As text: show',
  ]);
});

test('an answer goes to Slack and nowhere else', async () => {
  const { slack, sendReply } = await open();
  let called = 0;
  const elsewhere = createServer((_, response) => {
    called += 1;
    response.end();
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  stopAfter(async () => elsewhere.close());
  const address = elsewhere.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const host = new URL(slack.apiUrl).host;
  for (const responseUrl of [
    `http://127.0.0.1:${port}/`,
    `http://${host}@127.0.0.1:${port}/`,
    `http://127.0.0.1:${port}/?${host}`,
    'not a url',
    'file:///etc/passwd',
  ]) {
    await sendReply({ channel: CHANGES, user: ALICE, responseUrl }, [message]);
  }
  expect(called).toBe(0);
  expect(slack.control.messages(CHANGES)).toHaveLength(5);
});

test("a worker's answer or refusal reaches who asked, and only them", async () => {
  const { slack, sendReply } = await open();
  const replies = slackReplies(sendReply, openPictures());
  const question = {
    id: 'q1',
    parsed: { verb: 'show', args: [], flags: {} },
    target: 'spk-ingress',
    person: alice,
    channel: CHANGES,
    askedAtMs: Date.now(),
  };
  await replies.reply(question, saying('all is well').answer);
  await replies.reply(
    question,
    refuse('cluster_unreachable', 'The cluster <!channel> is away.', 'Try again.'),
  );
  expect(slack.control.messages(CHANGES)).toMatchObject([
    { ephemeral_to: ALICE, text: expect.stringContaining('all is well') },
    { ephemeral_to: ALICE, text: expect.not.stringContaining('<!channel>') },
  ]);
});

test('an answer asked for with --public goes to the channel and names who asked; a refusal stays theirs alone', async () => {
  const { slack, sendReply } = await open();
  const replies = slackReplies(sendReply, openPictures());
  const query = {
    id: 'q1',
    parsed: { verb: 'show', args: [], flags: { public: true as const } },
    target: 'spk-ingress',
    person: alice,
    channel: CHANGES,
    askedAtMs: Date.now(),
  };
  await replies.reply(query, saying('all is well').answer);
  await replies.reply(query, refuse('cluster_unreachable', 'The cluster does not answer.', 'Try again.'));
  const [answer, refusal] = slack.control.messages(CHANGES);
  expect(answer).toMatchObject({ text: expect.stringMatching(`^<@${ALICE}> asked: .*all is well`) });
  expect(answer).not.toHaveProperty('ephemeral_to');
  expect(JSON.stringify(answer?.blocks)).toContain(`<@${ALICE}> asked`);
  expect(refusal).toMatchObject({ ephemeral_to: ALICE });
});

test('a public answer reaches the channel by response_url, and by the Web API where that breaks', async () => {
  const slack = await openSlack();
  await startBot(slack.apiUrl, await openMemory(), {
    submit: async () => ({ ...saying('all is well'), isPublic: true }),
  });
  await slack.control.command(parsed);
  await until(() => slack.control.messages(CHANGES).length === 1);
  expect(slack.control.log().filter(({ kind }) => kind === 'response_url')).toHaveLength(1);
  slack.control.fault({ method: 'response_url', times: 1, status: 500 });
  await slack.control.command(parsed);
  await until(() => slack.control.messages(CHANGES).length === 2);
  for (const message of slack.control.messages(CHANGES)) {
    expect(message.text).toContain(`<@${ALICE}> asked`);
    expect(message).not.toHaveProperty('ephemeral_to');
  }
});

async function open() {
  const slack = await openSlack();
  const client = slackClient({ botToken: BOT_TOKEN, apiUrl: slack.apiUrl }, () => undefined);
  return { slack, sendReply: openSendReply(client, slack.apiUrl, channelRateLimiter()) };
}
