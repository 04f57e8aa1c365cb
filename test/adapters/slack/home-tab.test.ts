import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { LinksTo } from '../../../src/adapters/slack/publishing/card-context.ts';
import { openHomeTab } from '../../../src/adapters/slack/publishing/home-tab.ts';
import type { AuditRecord, EventName } from '../../../src/domain/audit/record.ts';
import type { Deduplicator } from '../../../src/ports/store.ts';
import type { HomePage } from '../../../src/workflow/requests/read-home.ts';
import { memoryHomeViewers } from '../../doubles/memory-chat.ts';
import { ALICE, BOB, clientOf, openSlack, until } from '../../sandbox/slack/slack-under-test.ts';
import { aChange } from './a-change.ts';
import { openMemory } from './bot-under-test.ts';

const alice = { userId: ALICE, teamId: 'T01RACK' };
const bob = { userId: BOB, teamId: 'T01RACK' };

interface Given {
  readonly seen?: Deduplicator;
  readonly page?: HomePage;
  readonly linksTo?: LinksTo;
}

async function openTab({ seen, page, linksTo = async () => new Map() }: Given = {}) {
  const slack = await openSlack();
  const memory = await openMemory();
  const errors: unknown[] = [];
  const reads: { readonly who: string; readonly atMs: number }[] = [];
  const tab = openHomeTab({
    client: clientOf(slack),
    viewers: memoryHomeViewers(),
    seen: seen ?? memory.seen,
    async read({ userId }): Promise<HomePage> {
      reads.push({ who: userId, atMs: performance.now() });
      if (page !== undefined) return page;
      return { kind: 'refusal', reasonCode: 'guest', sentence: `Read ${reads.length} times.`, next: 'x' };
    },
    linksTo,
    stopping: new AbortController().signal,
    onError: (error) => errors.push(error),
  });
  return { slack, tab, reads, errors };
}

test('a storm of records is at most one publish a second for each of those who opened it, and the last one is shown', async () => {
  const { slack, tab, reads } = await openTab();
  await tab.opened(alice);
  await until(() => reads.length === 1);
  for (let at = 0; at < 100; at += 1) await tab.show(aRecord('step.done', 'BGP-1'));
  await until(() => reads.length === 2);
  await sleep(300);
  expect(reads.map(({ who }) => who)).toEqual([ALICE, ALICE]);
  expect((reads[1]?.atMs ?? 0) - (reads[0]?.atMs ?? 0)).toBeGreaterThan(900);
  await until(() => JSON.stringify(slack.control.views(ALICE).home).includes('Read 2 times.'));
  expect(slack.control.views(BOB).home).toBeNull();
});

test('what changes nothing on it publishes nothing', async () => {
  const { tab, reads } = await openTab();
  await tab.opened(bob);
  await until(() => reads.length === 1);
  await tab.show(aRecord('query.requested'));
  await tab.show(aRecord('bot.started'));
  await sleep(1_300);
  expect(reads).toHaveLength(1);
});

test('a new change whose card is posted a moment later gets its link without anything else happening', async () => {
  const change = aChange('BGP-7');
  const none = { needDecision: [], underWay: [], frozen: [], sessions: [], capabilities: [] };
  const page: HomePage = {
    ...none,
    kind: 'home',
    command: '/bgp',
    person: bob,
    atMs: Date.now(),
    waitsForMe: [change],
    recent: [change],
    menu: { changes: [], queries: [] },
  };
  let posted = false;
  const url = 'https://rack.slack.com/archives/C01CHANGES/p1';
  const { slack, tab, reads } = await openTab({
    page,
    linksTo: async () => (posted ? new Map([[change.id, url]]) : new Map()),
  });
  await tab.opened(bob);
  await until(() => reads.length === 1);
  posted = true;
  await until(() => JSON.stringify(slack.control.views(BOB).home).includes(url));
  await sleep(1_300);
  expect(reads).toHaveLength(2);
});

test.each(['not_enabled', 'missing_scope'])(
  'an app that has no Home tab (%s) is noted once',
  async (error) => {
    const { slack, tab, reads, errors } = await openTab({ seen: { first: async () => true } });
    slack.control.fault({ method: 'views.publish', times: 3, error });
    for (let at = 1; at <= 3; at += 1) {
      await tab.opened(alice);
      await until(() => reads.length === at);
      await sleep(50);
    }
    await until(() => errors.length > 0);
    expect(errors).toHaveLength(1);
    expect(String(errors[0])).toContain(error);
  },
);

function aRecord(event: EventName, change: string | null = null): AuditRecord {
  const at = new Date().toISOString();
  const hashes = { prev: '0'.repeat(64), hash: '0'.repeat(64) };
  const about = { target: null, change, reason_code: null, digest: null, data: {} };
  return { v: 1, seq: 1, at, event, actor: 'bot', ...about, ...hashes };
}
