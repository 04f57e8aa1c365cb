import { describe, expect, test } from '@jest/globals';
import type { Slack } from '../../../sandbox/src/slack/start-slack.ts';
import { slackClient } from '../../../src/adapters/slack/clients.ts';
import { openAlerts } from '../../../src/adapters/slack/publishing/alerts.ts';
import { channelRateLimiter } from '../../../src/adapters/slack/publishing/channel-rate-limiter.ts';
import { mentionsOf } from '../../../src/adapters/slack/publishing/mentions.ts';
import type { EventName } from '../../../src/domain/audit/record.ts';
import { BOT_TOKEN, CHANGES, openSlack } from '../../sandbox/slack/slack-under-test.ts';
import { aChange, alice, bob, write } from './a-change.ts';
import { openMemory } from './bot-under-test.ts';
import { cardsIn, openReplica, threadsIn } from './cards-under-test.ts';

const LEADS = '<!subteam^S02LEADS>';
const LEAD_GROUP = { name: 'leads', users: ['U09ZOE'], userGroups: ['S02LEADS'] };
const OUTCOME = { reasonCode: 'session_down', sentence: 'It did not come up.', atMs: 1 } as const;

describe('lesson 70: who has to act is called', () => {
  test('approvers by the card that waits for them, and nobody by its later drawings in the thread', async () => {
    const { slack, memory, cards } = await open();
    const change = aChange('BGP-1');
    await cards.show(await write(memory.store, change, 'change.proposed'));
    expect(JSON.stringify(cardsIn(slack)[0]?.blocks)).toContain(`1 of leads (${LEADS} <@U09ZOE>)`);
    expect(threadsIn(slack)).toEqual([]);
  });

  test.each<[EventName, string]>([
    ['change.halted', `<@${alice.userId}> ${LEADS} <@U09ZOE> 🛑 Halted`],
    ['change.outcome_unknown', `<@${alice.userId}> ${LEADS} <@U09ZOE> ❓ Outcome unknown`],
  ])('requester and approvers by the line that says that it stopped: %s', async (event, line) => {
    const { slack, memory, cards } = await open();
    const state = event === 'change.halted' ? 'halted' : 'outcome_unknown';
    const change = aChange('BGP-1', { state, outcome: OUTCOME });
    await cards.show(await write(memory.store, change, event, { sentence: 'No session.' }));
    expect(threadsIn(slack).map(({ text }) => text)).toEqual([expect.stringContaining(line)]);
  });

  test.each<EventName>(['change.reminded', 'change.approval_void'])(
    'approvers once more when it still or again waits for them: %s',
    async (event) => {
      const { slack, memory, cards } = await open();
      await cards.show(await write(memory.store, aChange('BGP-1'), event, { missing: '1 of leads' }));
      expect(threadsIn(slack).map(({ text }) => text)).toEqual([
        expect.stringMatching(/^<!subteam\^S02LEADS> <@U09ZOE> .*1 of leads/),
      ]);
    },
  );

  test('nobody by what was approved or done', async () => {
    const { slack, memory, cards } = await open();
    const change = aChange('BGP-1', { state: 'approved' });
    await cards.show(await write(memory.store, change, 'change.approved'));
    expect(threadsIn(slack).map(({ text }) => text)).toEqual([`👍 <@${bob.userId}> approved.`]);
  });

  test('a quiet group is named, and not called', () => {
    const quiet = new Map([['leads', { ...LEAD_GROUP, quiet: true }]]);
    expect(mentionsOf({ groups: quiet }).size).toBe(0);
    const loud = new Map([['leads', { ...LEAD_GROUP, quiet: false }]]);
    expect(mentionsOf({ groups: loud }).get('leads')).toBe(`${LEADS} <@U09ZOE>`);
  });
});

describe('the end of a change', () => {
  test('is told to its requester by direct message, with the way to the card', async () => {
    const { slack, memory, cards, alert } = await open();
    const change = aChange('BGP-1', { state: 'failed', outcome: OUTCOME });
    const record = await write(memory.store, change, 'change.failed');
    await cards.show(record);
    await alert(record);
    const [told, ...more] = direct(slack);
    expect(more).toEqual([]);
    expect(told?.text).toContain('BGP-1 · Rotate worker1.rack · failed');
    expect(JSON.stringify(told?.blocks)).toMatch(/<https:\/\/rack\.slack\.com\/archives\/C01CHANGES\/p\d+\|/);
    expect(JSON.stringify(told?.blocks)).toContain('It did not come up.');
  });

  test('is not told to whoever ended it', async () => {
    const { slack, memory, alert } = await open();
    const change = aChange('BGP-1', { state: 'withdrawn', requester: bob, outcome: OUTCOME });
    const record = await write(memory.store, change, 'change.withdrawn');
    await alert({ ...record, actor: { user: bob.userId, team: bob.teamId } });
    expect(slack.control.messages(`D${bob.userId.slice(1)}`)).toEqual([]);
  });

  test('is not tried for ever with an account that takes no message', async () => {
    const { slack, memory, alert, errors } = await open();
    slack.control.fault({ method: 'chat.postMessage', times: 1, error: 'messages_tab_disabled' });
    const change = aChange('BGP-1', { state: 'failed', outcome: OUTCOME });
    await alert(await write(memory.store, change, 'change.failed'));
    expect(errors).toHaveLength(1);
    expect(direct(slack)).toEqual([]);
  });

  test.each(['token_revoked', 'internal_error'])(
    'comes again where Slack takes no message at all: %s',
    async (error) => {
      const { slack, memory, alert, errors } = await open();
      slack.control.fault({ method: 'chat.postMessage', times: 1, error });
      const change = aChange('BGP-1', { state: 'failed', outcome: OUTCOME });
      const record = await write(memory.store, change, 'change.failed');
      await expect(alert(record)).rejects.toThrow(error);
      await alert(record);
      expect(direct(slack)).toHaveLength(1);
      expect(errors).toEqual([]);
    },
  );
});

test('a freeze is told in every channel, and marks every open card until it is lifted', async () => {
  const { slack, memory, cards, alert } = await open();
  await cards.show(await write(memory.store, aChange('BGP-1'), 'change.proposed'));
  const freeze = async (next: { reason: string; by: typeof bob; atMs: number } | null) => {
    const event = next === null ? 'freeze.lifted' : 'freeze.declared';
    const data = next === null ? {} : { reason: next.reason };
    const appended = await memory.store.append({
      record: { atMs: Date.now(), event, actor: bob, data },
      freeze: { target: '*', next },
    });
    if (appended.kind !== 'appended') throw new Error(appended.kind);
    await Promise.all([cards.show(appended.record), alert(appended.record)]);
  };
  await freeze({ reason: 'new core routers', by: bob, atMs: 0 });
  expect(JSON.stringify(cardsIn(slack)[0]?.blocks)).toContain('🧊 *Frozen* by <@');
  const told = slack.control.messages(CHANGES).filter(({ text }) => text.startsWith('🧊'));
  expect(told.map(({ text }) => text)).toEqual([expect.stringContaining('froze all targets')]);
  await freeze(null);
  expect(JSON.stringify(cardsIn(slack)[0]?.blocks)).not.toContain('🧊');
});

function direct(slack: Slack) {
  return slack.control.messages(`D${alice.userId.slice(1)}`);
}

async function open() {
  const slack = await openSlack();
  const memory = await openMemory();
  const calls = mentionsOf({ groups: new Map([['leads', LEAD_GROUP]]) });
  const errors: unknown[] = [];
  const alert = openAlerts({
    ...memory,
    client: slackClient({ botToken: BOT_TOKEN, apiUrl: slack.apiUrl }, () => undefined),
    channels: [CHANGES],
    rateLimiter: channelRateLimiter(),
    workspaceUrl: () => 'https://rack.slack.com/',
    onError: (error) => void errors.push(error),
  });
  return { slack, memory, errors, alert, cards: openReplica(slack.apiUrl, memory, calls) };
}
