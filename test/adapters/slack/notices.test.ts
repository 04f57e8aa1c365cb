import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { Slack } from '../../../sandbox/src/slack/start-slack.ts';
import { slackClient } from '../../../src/adapters/slack/clients.ts';
import { channelRateLimiter } from '../../../src/adapters/slack/publishing/channel-rate-limiter.ts';
import { openNotices } from '../../../src/adapters/slack/publishing/notices.ts';
import { readSlackAnchors } from '../../../src/adapters/slack/read-anchors.ts';
import { type AuditRecord, chain, GENESIS } from '../../../src/domain/audit/record.ts';
import { BOT_TOKEN, CHANGES, openSlack } from '../../sandbox/slack/slack-under-test.ts';
import { alice } from './a-change.ts';
import { mentionsOf } from './cards-under-test.ts';

const AUDIT = 'C02AUDIT';

test('every record has its line, in order, and every line ends with the anchor of its record', async () => {
  const { slack, notices } = await open();
  const records = trail(40);
  await Promise.all(records.map((record) => notices.post(record)));
  const lines = linesIn(slack);
  expect(lines.map((line) => /said (\d+)/.exec(line)?.[1])).toEqual(records.map((_, at) => String(at + 1)));
  for (const [at, line] of lines.entries()) {
    const { seq, hash } = records[at] ?? { seq: 0, hash: '' };
    expect(line.endsWith(` · #${seq} ${hash.slice(0, 20)}`)).toBe(true);
  }
  expect(mentionsOf(slack, 'chat.postMessage', false)).toBe(0);
  expect(slack.control.messages(AUDIT).length).toBeLessThan(5);
});

describe('a record without a line of its own', () => {
  const going = (
    seq: number,
    prev: string,
    event: 'change.started' | 'change.progress' = 'change.progress',
  ) => chain({ atMs: Date.now(), event, actor: 'bot', change: 'BGP-1' }, seq, prev);

  test('is anchored by the next line, and done with then', async () => {
    const { slack, notices } = await open();
    const started = going(1, GENESIS, 'change.started');
    const goesOn = going(2, started.hash);
    const done = chain({ atMs: 0, event: 'change.succeeded', actor: 'bot' }, 3, goesOn.hash);
    await Promise.all([started, goesOn, done].map((record) => notices.post(record)));
    expect(linesIn(slack)).toEqual([`✅ succeeded · #3 ${done.hash.slice(0, 20)}`]);
  });

  test('lesson 60: is anchored soon where no line follows, by one line that is edited while it goes on', async () => {
    const { slack, notices } = await open({ headAfterMs: 300 });
    let last = going(1, GENESIS, 'change.started');
    await notices.post(last);
    for (let seq = 2; seq <= 4; seq += 1) {
      last = going(seq, last.hash);
      await notices.post(last);
    }
    expect(linesIn(slack)).toEqual([`⏳ More records; the newest is · #4 ${last.hash.slice(0, 20)}`]);
    const halted = chain({ atMs: 0, event: 'change.halted', actor: 'bot' }, 5, last.hash);
    await notices.post(halted);
    const next = going(6, halted.hash);
    await notices.post(next);
    // What was told in between stands where it was told.
    expect(linesIn(slack).map((line) => /#(\d+) /.exec(line)?.[1])).toEqual(['4', '5', '6']);
  });

  test('is given back when the process stops before it is anchored', async () => {
    const stopping = new AbortController();
    const { slack, notices } = await open({ stopping: stopping.signal });
    const posted = Promise.allSettled([notices.post(going(1, GENESIS, 'change.started'))]);
    stopping.abort();
    expect((await posted).map(({ status }) => status)).toEqual(['rejected']);
    expect(linesIn(slack)).toEqual([]);
  });

  test('does not wait for ever where many of them come at once', async () => {
    const { slack, notices } = await open();
    let last = going(1, GENESIS, 'change.started');
    const posted = [notices.post(last)];
    for (let seq = 2; seq <= 150; seq += 1) {
      last = going(seq, last.hash);
      posted.push(notices.post(last));
    }
    await Promise.all(posted);
    expect(linesIn(slack)).toHaveLength(1);
  });

  test('is anchored as well where what cannot be read comes after it in the same message', async () => {
    const { slack, notices } = await open();
    const first = chain({ atMs: 0, event: 'bot.started', actor: 'bot' }, 1, GENESIS);
    const records = [going(2, first.hash)];
    for (let seq = 3; seq <= 101; seq += 1) records.push(going(seq, records.at(-1)?.hash ?? ''));
    const waiting = records.map((record) => notices.post(record));
    // The channel is busy with this one when the line about the newest record becomes due.
    slack.control.fault({ method: 'chat.postMessage', times: 1, status: 429, retryAfterSec: 1 });
    const told = notices.post(first);
    await sleep(600);
    await Promise.all([told, ...waiting, notices.postUnreadable(102, 'unknown')]);
    expect(linesIn(slack)).toContainEqual(
      expect.stringMatching(new RegExp(` · #101 ${records.at(-1)?.hash.slice(0, 20)}$`)),
    );
  });

  test('leaves the anchor of a newer one where it is, when a restored trail tells older ones again', async () => {
    const { slack, notices } = await open({ headAfterMs: 100 });
    const older = going(1, GENESIS, 'change.started');
    const newer = going(2, older.hash);
    await notices.post(newer);
    await notices.post(older);
    expect(linesIn(slack).map((line) => /#(\d+) /.exec(line)?.[1])).toEqual(['2', '1']);
  });

  test('a line about the newest record that somebody deleted is posted anew', async () => {
    const { slack, notices } = await open({ headAfterMs: 100 });
    const first = going(1, GENESIS, 'change.started');
    await notices.post(first);
    const ts = slack.control.messages(AUDIT)[0]?.ts ?? '';
    const client = slackClient({ botToken: BOT_TOKEN, apiUrl: slack.apiUrl }, () => undefined);
    await client.chat.delete({ channel: AUDIT, ts });
    await notices.post(going(2, first.hash));
    expect(linesIn(slack)).toEqual([expect.stringContaining(' · #2 ')]);
  });
});

test('what the channel was told is found again, line by line, as well as what an earlier release told', async () => {
  const { slack, notices } = await open();
  const records = trail(3);
  const [first] = records;
  const client = slackClient({ botToken: BOT_TOKEN, apiUrl: slack.apiUrl }, () => undefined);
  const earlier = `*BGP-1* ✅ succeeded\n#1 ${first?.hash}`;
  await client.chat.postMessage({ channel: AUDIT, text: earlier });
  await Promise.all(records.map((record) => notices.post(record)));
  await notices.postUnreadable(4, `a lie · #9 ${'a'.repeat(20)}`);
  slack.control.say({ channel: AUDIT, user: alice.userId, text: `mine · #8 ${'b'.repeat(20)}` });
  const { anchors, error } = await readSlackAnchors({ botToken: BOT_TOKEN, apiUrl: slack.apiUrl }, AUDIT);
  expect(error).toBeUndefined();
  const found = anchors.map(({ anchor }) => `${anchor.seq}:${anchor.hash}`).toSorted();
  const told = records.map(({ seq, hash }) => `${seq}:${hash.slice(0, 20)}`);
  expect(found).toEqual([`1:${first?.hash}`, ...told].toSorted());
});

test('a signature is not told: the notice before it still ends with the anchor of what is told', async () => {
  const { slack, notices } = await open();
  const started = chain({ atMs: 0, event: 'bot.started', actor: 'bot' }, 1, GENESIS);
  await notices.post(started);
  await notices.post(chain({ atMs: 0, event: 'audit.signed', actor: 'bot' }, 2, started.hash));
  const messages = slack.control.messages(AUDIT).map(({ text }) => text);
  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatch(new RegExp(` · #1 ${started.hash.slice(0, 20)}$`));
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
  expect(mentionsOf(slack, 'chat.postMessage', false)).toBeLessThanOrEqual(2);
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

function linesIn(slack: Slack): readonly string[] {
  return slack.control.messages(AUDIT).flatMap(({ text }) => text.split('\n'));
}

async function open(options: Parameters<typeof openNotices>[3] = {}) {
  const slack = await openSlack();
  const client = slackClient({ botToken: BOT_TOKEN, apiUrl: slack.apiUrl }, () => undefined);
  return { slack, notices: openNotices(client, AUDIT, channelRateLimiter(), options) };
}
