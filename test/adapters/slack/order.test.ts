import { describe, expect, test } from '@jest/globals';
import { slackClient } from '../../../src/adapters/slack/clients.ts';
import { channelRateLimiter } from '../../../src/adapters/slack/publishing/channel-rate-limiter.ts';
import { openNotices } from '../../../src/adapters/slack/publishing/notices.ts';
import { type AuditRecord, chain, GENESIS } from '../../../src/domain/audit/record.ts';
import type { Deduplicator } from '../../../src/ports/store.ts';
import { BOT_TOKEN, openSlack } from '../../sandbox/slack/slack-under-test.ts';
import { aChange, alice, write } from './a-change.ts';
import { openMemory } from './bot-under-test.ts';
import { cardsIn, openReplica, threadsIn } from './cards-under-test.ts';
import { unreliable } from './unreliable-slack.ts';

const AUDIT = 'C02AUDIT';
const ANCHOR = / · #(\d+) [0-9a-f]{20}$/;

describe('lesson 54: after an outage of Slack', () => {
  test('30 records that were appended meanwhile are told in their order, once, each message anchored by its newest', async () => {
    const { slack, way, notices, lines, errors } = await open();
    const records = trail(33);
    const [first, ...others] = records;
    if (first === undefined) throw new Error('there is no record');
    const held = way.hold('chat.postMessage');
    const posted = [notices.post(first)];
    await held.made;
    slack.control.fault({ method: 'chat.postMessage', times: 4, error: 'fatal_error' });
    // They come in while nothing passes, and some while it is tried again.
    for (const record of others.slice(0, 30)) posted.push(notices.post(record));
    held.release();
    await until(() => errors.length >= 2);
    for (const record of others.slice(30)) posted.push(notices.post(record));
    await Promise.all(posted);
    expect(lines().flatMap((line) => /said (\d+)/.exec(line)?.[1] ?? [])).toEqual(
      records.map(({ seq }) => String(seq)),
    );
    expect(lines().map((line) => ANCHOR.exec(line)?.[1])).toEqual(records.map(({ seq }) => String(seq)));
  });

  test('the cards of new changes stand in the order in which they were proposed, and their threads in order', async () => {
    const slack = await openSlack();
    const kept = await openMemory();
    // Who posts a card has 1 s to keep its place, not 15.
    const seen: Deduplicator = { first: (key, ttlMs) => kept.seen.first(key, ttlMs / 15) };
    const memory = { ...kept, seen };
    const cards = openReplica(slack.apiUrl, memory);
    slack.control.fault({ method: 'chat.postMessage', times: 3, error: 'fatal_error' });
    const shown: Promise<void>[] = [];
    const ids: string[] = [];
    for (let at = 0; at < 3; at += 1) {
      const change = aChange(await memory.store.newChangeId(), { state: 'running' });
      ids.push(change.id);
      shown.push(again(cards, await write(memory.store, change, 'change.proposed')));
      for (let turn = 1; turn <= 4; turn += 1) {
        const next = { ...change, version: turn + 1, progress: `turn ${turn}` };
        const record = await write(memory.store, next, 'change.halted', { sentence: `turn ${turn}` });
        shown.push(again(cards, record));
      }
    }
    await Promise.all(shown);
    expect(cardsIn(slack).map(({ metadata }) => metadata?.event_payload.change)).toEqual(ids);
    for (const { ts } of cardsIn(slack)) {
      const thread = threadsIn(slack).filter(({ thread_ts }) => thread_ts === ts);
      const turns = thread.flatMap(({ text }) => [...text.matchAll(/turn (\d)/g)].map(([, turn]) => turn));
      expect(turns).toEqual(['1', '2', '3', '4']);
    }
  }, 30_000);

  test('what waits for Slack is given back when the process stops', async () => {
    const stopping = new AbortController();
    const { slack, notices, errors } = await open({ stopping: stopping.signal });
    slack.control.fault({ method: 'chat.postMessage', times: 1_000, error: 'fatal_error' });
    const posted = Promise.allSettled(trail(3).map((record) => notices.post(record)));
    await until(() => errors.length > 0);
    stopping.abort();
    expect((await posted).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });
});

describe('lesson 60: whatever order notices go out in', () => {
  test('a message anchors the newest record that it tells', async () => {
    const { way, notices, lines } = await open();
    const [first, ...others] = trail(6);
    if (first === undefined) throw new Error('there is no record');
    const held = way.hold('chat.postMessage');
    const posted = [notices.post(first)];
    await held.made;
    for (const record of others.toReversed()) posted.push(notices.post(record));
    posted.push(notices.postUnreadable(7, 'it is not JSON'));
    held.release();
    await Promise.all(posted);
    const anchors = lines().flatMap((line) => ANCHOR.exec(line)?.[1] ?? []);
    expect(anchors).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(lines().at(-1)).toContain(
      'Record #7 cannot be read by this release and is skipped (it is not JSON)',
    );
  });

  test('the newest record of a long trail is anchored as soon as Slack is back', async () => {
    const newest = trail(1_000).at(-1);
    const { slack, notices, lines } = await open({ newest: async () => newest });
    slack.control.fault({ method: 'chat.postMessage', times: 3, error: 'fatal_error' });
    await Promise.all(trail(100, 'x'.repeat(200)).map((record) => notices.post(record)));
    const anchors = lines().flatMap((line) => ANCHOR.exec(line)?.[1] ?? []);
    // Behind what was formed into the first message, and before everything else.
    expect(slack.control.messages(AUDIT)[1]?.text).toMatch(
      /^⏩ \d+ more records follow below; .* · #1000 [0-9a-f]{20}$/,
    );
    expect(anchors.filter((seq) => seq === '1000')).toHaveLength(1);
  }, 30_000);
});

test('lesson 52: a record of a later release is told as one of which this release knows no more', async () => {
  const { notices, lines } = await open();
  const [record] = trail(1);
  if (record === undefined) throw new Error('there is no record');
  await notices.post({ ...record, v: 2, event: 'moon.rose' });
  expect(lines()[0]).toContain('moon rose');
  expect(lines()[0]).toContain('this release does not know this kind of record');
});

/** As the record stream does it: the same record until it is shown. */
async function again(cards: ReturnType<typeof openReplica>, record: AuditRecord): Promise<void> {
  for (;;) {
    try {
      return await cards.show(record);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 300));
    }
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

function trail(count: number, padding = ''): readonly AuditRecord[] {
  const records: AuditRecord[] = [];
  for (let seq = 1; seq <= count; seq += 1) {
    const draft = {
      atMs: 0,
      event: 'request.refused',
      actor: alice,
      data: { said: `${padding}said ${seq}` },
    } as const;
    records.push(chain(draft, seq, records.at(-1)?.hash ?? GENESIS));
  }
  return records;
}

async function open(options: Parameters<typeof openNotices>[3] = {}) {
  const slack = await openSlack();
  const way = await unreliable(slack);
  const client = slackClient({ botToken: BOT_TOKEN, apiUrl: way.apiUrl }, () => undefined);
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const notices = openNotices(client, AUDIT, channelRateLimiter(), { ...options, onError });
  const lines = (): readonly string[] =>
    slack.control.messages(AUDIT).flatMap(({ text }) => text.split('\n'));
  return { slack, way, notices, errors, lines };
}
