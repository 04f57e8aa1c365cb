import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { ReasonCode } from '../../../src/domain/refusal.ts';
import { CHANGES, openSlack, until } from '../../sandbox/slack/slack-under-test.ts';
import { aChange, bob, write } from './a-change.ts';
import { openMemory } from './bot-under-test.ts';
import { cardsIn, mentionsOf, openReplica, threadsIn } from './cards-under-test.ts';
import { unreliable } from './unreliable-slack.ts';

test('a change has one card, and what happens to it is drawn there and told in its thread', async () => {
  const { slack, memory, cards } = await open();
  const proposed = aChange(await memory.store.newChangeId());
  await cards.show(await write(memory.store, proposed, 'change.proposed'));
  expect(cardsIn(slack)).toMatchObject([
    { metadata: { event_payload: { change: proposed.id } }, text: expect.stringContaining(proposed.id) },
  ]);
  expect(JSON.stringify(cardsIn(slack)[0])).toContain('"approve"');
  const approved = {
    ...proposed,
    version: 2,
    state: 'approved' as const,
    decisions: [
      { kind: 'approval' as const, by: bob, digest: proposed.digest, atMs: Date.now(), groups: ['leads'] },
    ],
  };
  await cards.show(await write(memory.store, approved, 'change.approved'));
  expect(cardsIn(slack)).toHaveLength(1);
  expect(JSON.stringify(cardsIn(slack)[0])).not.toContain('"approve"');
  expect(threadsIn(slack)).toMatchObject([
    { thread_ts: cardsIn(slack)[0]?.ts, text: expect.stringContaining(bob.userId) },
  ]);
});

test('a refused click leaves the card as it is; one that an old card offered has it drawn again', async () => {
  const { slack, memory, cards } = await open();
  const change = aChange(await memory.store.newChangeId());
  await cards.show(await write(memory.store, change, 'change.proposed'));
  const refused = async (reasonCode: ReasonCode) => {
    const appended = await memory.store.append({
      record: {
        atMs: Date.now(),
        event: 'request.refused',
        actor: bob,
        reasonCode,
        change: change.id,
        data: {},
      },
    });
    if (appended.kind !== 'appended') throw new Error(appended.kind);
    await cards.show(appended.record);
  };
  await refused('own_change');
  expect(mentionsOf(slack, 'chat.update')).toBe(0);
  await refused('not_open');
  expect(mentionsOf(slack, 'chat.update')).toBe(1);
});

test('lesson 40: a card that waits for another change has a permalink to its card', async () => {
  const { slack, memory, cards } = await open();
  const holder = aChange(await memory.store.newChangeId(), { state: 'running' });
  await cards.show(await write(memory.store, holder, 'change.started'));
  const [card] = cardsIn(slack);
  const waiting = aChange(await memory.store.newChangeId(), {
    state: 'approved',
    progress: `Waits: ${holder.id} is running`,
    waitsFor: holder.id,
  });
  await cards.show(await write(memory.store, waiting, 'change.progress', { progress: '' }));
  const permalink = `https://rack.slack.com/archives/${CHANGES}/p${card?.ts.replace('.', '')}`;
  expect(JSON.stringify(cardsIn(slack).at(-1))).toContain(`<${permalink}|Card of ${holder.id}>`);
});

test('a change and the one that rolls it back lead to each other', async () => {
  const { slack, memory, cards } = await open();
  const first = aChange(await memory.store.newChangeId(), { state: 'succeeded' });
  await cards.show(await write(memory.store, first, 'change.succeeded'));
  const back = aChange(await memory.store.newChangeId());
  const plan = { ...back.plan, rollsBack: { change: first.id, verb: 'rotate' } };
  await cards.show(await write(memory.store, { ...back, plan }, 'change.proposed'));
  const linkTo = (at: number, id: string) =>
    `<https://rack.slack.com/archives/${CHANGES}/p${cardsIn(slack)[at]?.ts.replace('.', '')}|${id}>`;
  expect(JSON.stringify(cardsIn(slack)[1])).toContain(`Rolls back ${linkTo(0, first.id)}`);
  await until(() =>
    JSON.stringify(cardsIn(slack)[0]).includes(`Roll-back of this change: ${linkTo(1, back.id)}`),
  );
});

test('a change leads to its roll-back also where another card was drawn a moment before', async () => {
  const { slack, memory, cards } = await open();
  const first = aChange(await memory.store.newChangeId(), { state: 'succeeded' });
  await cards.show(await write(memory.store, first, 'change.succeeded'));
  await sleep(2_100);
  const other = aChange(await memory.store.newChangeId());
  await cards.show(await write(memory.store, other, 'change.proposed'));
  const back = aChange(await memory.store.newChangeId(), { createdAtMs: other.createdAtMs + 1 });
  const plan = { ...back.plan, rollsBack: { change: first.id, verb: 'rotate' } };
  await cards.show(await write(memory.store, { ...back, plan }, 'change.proposed'));
  await until(() => JSON.stringify(cardsIn(slack)[0]).includes('Roll-back of this change'));
});

test('many records of a running change are drawn together, and the last one is seen', async () => {
  const { slack, memory, cards } = await open();
  let change = aChange(await memory.store.newChangeId(), { state: 'running' });
  const shown = [cards.show(await write(memory.store, change, 'change.started'))];
  for (let at = 1; at <= 30; at += 1) {
    change = { ...change, version: change.version + 1, progress: `waiting, turn ${at}` };
    const record = await write(memory.store, change, 'change.progress', { progress: change.progress });
    shown.push(cards.show(record));
  }
  await Promise.all(shown);
  expect(JSON.stringify(cardsIn(slack))).toContain('waiting, turn 30');
  expect(mentionsOf(slack, 'chat.update')).toBeLessThan(8);
  // What is waited for is on the card alone: a thread of it would be a line every few seconds.
  expect(JSON.stringify(threadsIn(slack))).not.toContain('waiting, turn');
});

test('what is told while one drawing ends and the next begins overtakes nothing', async () => {
  const { slack, memory } = await open();
  let change = aChange(await memory.store.newChangeId(), { state: 'running' });
  const records = [await write(memory.store, change, 'change.started')];
  for (let at = 1; at <= 20; at += 1) {
    change = { ...change, version: change.version + 1, progress: `waiting, turn ${at}` };
    const step = { kind: 'check', node: 'worker1', pod: `tmm-${at}`, uid: `tmm-${at}` };
    records.push(await write(memory.store, change, 'step.done', { step, found: `waiting, turn ${at}` }));
  }
  const shown: Promise<void>[] = [];
  const showNext = (): void => {
    const record = records.shift();
    if (record !== undefined) shown.push(cards.show(record));
  };
  let reads = 0;
  const store = {
    ...memory.store,
    async change(id: string) {
      const found = await memory.store.change(id);
      reads += 1;
      // The third read is the last thing that the first drawing does.
      if (reads === 3) void showOneATick();
      return found;
    },
  };
  async function showOneATick(): Promise<void> {
    while (records.length > 0) {
      showNext();
      await Promise.resolve();
    }
  }
  const cards = openReplica(slack.apiUrl, { ...memory, store });
  showNext();
  showNext();
  await until(() => records.length === 0);
  await Promise.all(shown);
  const told = threadsIn(slack).flatMap(({ text }) => [...text.matchAll(/waiting, turn (\d+)/g)]);
  expect(told.map(([, turn]) => Number(turn))).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
});

test('two replicas never leave a card older than the change', async () => {
  const { slack, memory, cards: other } = await open();
  const way = await unreliable(slack);
  const cards = openReplica(way.apiUrl, memory);
  const proposed = aChange(await memory.store.newChangeId());
  await cards.show(await write(memory.store, proposed, 'change.proposed'));
  // The first replica is held up while it draws the approval; meanwhile the change ends.
  const held = way.hold('chat.update');
  const approved = { ...proposed, version: 2, state: 'approved' as const };
  const slow = cards.show(await write(memory.store, approved, 'change.approved'));
  await held.made;
  const outcome = { reasonCode: 'withdrawn' as const, sentence: 'Alice took it back.', atMs: Date.now() };
  const withdrawn = { ...approved, version: 3, state: 'withdrawn' as const, outcome };
  await other.show(await write(memory.store, withdrawn, 'change.withdrawn'));
  held.release();
  await slow;
  // What the first replica drew last was the older state.
  await until(() => mentionsOf(slack, 'chat.update') === 3);
  expect(JSON.stringify(cardsIn(slack))).toContain('Alice took it back.');
  expect(JSON.stringify(cardsIn(slack))).not.toContain('"cancel"');
});

test('a 429 delays a card and loses none', async () => {
  const { slack, memory, cards } = await open();
  slack.control.fault({ method: 'chat.postMessage', times: 2, status: 429, retryAfterSec: 1 });
  const changes = await Promise.all(
    Array.from({ length: 3 }, async () => aChange(await memory.store.newChangeId())),
  );
  const records = await Promise.all(changes.map((change) => write(memory.store, change, 'change.proposed')));
  await Promise.all(records.map((record) => cards.show(record)));
  expect(
    cardsIn(slack)
      .map(({ metadata }) => metadata?.event_payload.change)
      .sort(),
  ).toEqual(changes.map(({ id }) => id).sort());
  slack.control.fault({ method: 'chat.update', times: 2, status: 429, retryAfterSec: 1 });
  const [first] = changes;
  if (first === undefined) throw new Error('there is no change');
  await cards.show(await write(memory.store, { ...first, version: 2, state: 'approved' }, 'change.approved'));
  expect(JSON.stringify(cardsIn(slack).find(({ text }) => text.includes(first.id)))).not.toContain(
    '"approve"',
  );
});

test('a channel that is limited holds up no other', async () => {
  const { slack, memory, cards } = await open();
  slack.control.fault({ method: 'chat.postMessage', times: 1, status: 429, retryAfterSec: 20 });
  const [held, free] = [
    aChange(await memory.store.newChangeId()),
    aChange(await memory.store.newChangeId(), { channel: 'C02AUDIT' }),
  ];
  cards.show(await write(memory.store, held, 'change.proposed')).catch(() => undefined);
  await until(() => mentionsOf(slack, 'chat.postMessage', false) === 1);
  await cards.show(await write(memory.store, free, 'change.proposed'));
  expect(cardsIn(slack, 'C02AUDIT')).toHaveLength(1);
  expect(cardsIn(slack)).toEqual([]);
});

async function open() {
  const slack = await openSlack();
  const memory = await openMemory();
  return { slack, memory, cards: openReplica(slack.apiUrl, memory) };
}
