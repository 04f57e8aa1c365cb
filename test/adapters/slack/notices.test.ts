import { expect, test } from '@jest/globals';
import { slackClient } from '../../../src/adapters/slack/clients.ts';
import { channelRateLimiter } from '../../../src/adapters/slack/publishing/channel-rate-limiter.ts';
import { openNotices } from '../../../src/adapters/slack/publishing/notices.ts';
import { type AuditRecord, chain, GENESIS } from '../../../src/domain/audit/record.ts';
import { BOT_TOKEN, CHANGES, openSlack } from '../../sandbox/slack/slack-under-test.ts';
import { alice } from './a-change.ts';
import { callsOf } from './cards-under-test.ts';

const AUDIT = 'C02AUDIT';

test('every record has its line, in order, and every message ends with the anchor of its last record', async () => {
  const { slack, notices } = await open();
  const records = trail(40);
  await Promise.all(records.map((record) => notices.post(record)));
  const messages = slack.control.messages(AUDIT).map(({ text }) => text.split('\n'));
  const lines = messages.flatMap((message) => message.slice(0, -1));
  expect(lines.map((line) => /said (\d+)/.exec(line)?.[1])).toEqual(records.map((_, at) => String(at + 1)));
  let told = 0;
  for (const message of messages) {
    told += message.length - 1;
    const last = records[told - 1];
    expect(message.at(-1)).toBe(`#${last?.seq} ${last?.hash}`);
    expect(last?.hash).toMatch(/^[0-9a-f]{64}$/);
  }
  expect(callsOf(slack, 'chat.postMessage', false)).toBe(0);
  expect(messages.length).toBeLessThan(5);
});

test('a signature is not told: the notice before it still ends with the anchor of what is told', async () => {
  const { slack, notices } = await open();
  const started = chain({ atMs: 0, event: 'bot.started', actor: 'bot' }, 1, GENESIS);
  await notices.post(started);
  await notices.post(chain({ atMs: 0, event: 'audit.signed', actor: 'bot' }, 2, started.hash));
  const messages = slack.control.messages(AUDIT).map(({ text }) => text);
  expect(messages).toHaveLength(1);
  expect(messages[0]).toContain(`#1 ${started.hash}`);
});

test('a 429 loses no notice and tells none twice', async () => {
  const { slack, notices } = await open();
  slack.control.fault({ method: 'chat.postMessage', times: 2, status: 429, retryAfterSec: 1 });
  await Promise.all(trail(5).map((record) => notices.post(record)));
  const lines = slack.control.messages(AUDIT).flatMap(({ text }) => text.split('\n'));
  expect(lines.filter((line) => line.includes('said'))).toHaveLength(5);
});

test('a message stays short enough to be read, however much happens', async () => {
  const { slack, notices } = await open();
  const long = trail(30, 'x'.repeat(280));
  await Promise.all(long.map((record) => notices.post(record)));
  for (const { text } of slack.control.messages(AUDIT)) expect(text.length).toBeLessThan(4_000);
});

test('cards go before thread lines, and thread lines before notices', async () => {
  const rateLimiter = channelRateLimiter(20);
  const order: string[] = [];
  const send = (what: string) => async () => void order.push(what);
  await Promise.all([
    rateLimiter.run(CHANGES, 'notice', send('the first one')),
    rateLimiter.run(CHANGES, 'notice', send('notice')),
    rateLimiter.run(CHANGES, 'thread', send('thread')),
    rateLimiter.run(CHANGES, 'card', send('card')),
    rateLimiter.run(CHANGES, 'thread', send('thread too')),
  ]);
  expect(order).toEqual(['the first one', 'card', 'thread', 'thread too', 'notice']);
});

test('after a 429 the next message does not come at once either', async () => {
  const slack = await openSlack();
  const client = slackClient({ botToken: BOT_TOKEN, apiUrl: slack.apiUrl }, () => undefined);
  const rateLimiter = channelRateLimiter();
  slack.control.fault({ method: 'chat.postMessage', times: 1, status: 429, retryAfterSec: 2 });
  const post = (text: string) =>
    rateLimiter.run(CHANGES, 'card', () => client.chat.postMessage({ channel: CHANGES, text }));
  await Promise.all(['one', 'two', 'three'].map(post));
  // The one that was injected, and at most one that a busy machine delivered too soon; each coming at once would be three.
  expect(callsOf(slack, 'chat.postMessage', false)).toBeLessThanOrEqual(2);
  expect(slack.control.messages(CHANGES).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
});

function trail(count: number, padding = ''): readonly AuditRecord[] {
  const records: AuditRecord[] = [];
  for (let seq = 1; seq <= count; seq += 1) {
    const data = { said: `${padding}said ${seq}` };
    const draft = { atMs: Date.now(), event: 'request.refused' as const, actor: alice, data };
    records.push(chain(draft, seq, records.at(-1)?.hash ?? GENESIS));
  }
  return records;
}

async function open() {
  const slack = await openSlack();
  const client = slackClient({ botToken: BOT_TOKEN, apiUrl: slack.apiUrl }, () => undefined);
  return { slack, notices: openNotices(client, AUDIT, channelRateLimiter()) };
}
