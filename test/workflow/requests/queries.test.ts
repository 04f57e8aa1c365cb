import { describe, expect, test } from '@jest/globals';
import { refuse } from '../../../src/domain/refusal.ts';
import { CHANNEL } from '../../doubles/sample-policy.ts';
import { openWorld } from '../../doubles/world.ts';

const CONFIG = 'config worker1.rack.example.com';

describe('a query to the cluster', () => {
  test('is recorded, taken up by a worker, and answered to the asker, once', async () => {
    const world = await openWorld();
    expect(await world.alice.submit('show worker1 --target rack')).toEqual({ kind: 'working' });
    expect(await world.dependencies.pendingQueries.find('id-1')).toMatchObject({
      id: 'id-1',
      parsed: { verb: 'show', args: ['worker1'], flags: { target: 'rack' } },
      target: 'rack',
      person: world.alice.person,
      channel: CHANNEL,
    });
    await world.work();
    expect(world.replies.sent).toMatchObject([
      { query: { id: 'id-1' }, answer: { parts: expect.anything() } },
    ]);
    expect(world.events()).toEqual(['query.requested', 'query.answered']);
    expect(world.store.trail).toMatchObject([
      {
        actor: { user: 'U01ALICE' },
        target: 'rack',
        data: { query: 'id-1', verb: 'show', args: ['worker1'] },
      },
      { actor: 'bot', target: 'rack', data: { query: 'id-1', verb: 'show', for: 'U01ALICE' } },
    ]);
    expect(await world.dependencies.pendingQueries.find('id-1')).toBeUndefined();
    await world.work();
    expect(world.replies.sent).toHaveLength(1);
  });

  test('that means nothing is refused at once, and given to no worker', async () => {
    const world = await openWorld();
    expect(await world.alice.submit('show --routes')).toMatchObject({ kind: 'refusal' });
    await world.work();
    expect(world.replies.sent).toEqual([]);
  });

  test('that the cluster cannot answer is answered with the reason, and recorded so', async () => {
    const world = await openWorld();
    await world.alice.submit('show worker77');
    await world.work();
    expect(world.replies.sent[0]?.answer).toMatchObject({ reasonCode: 'unknown_node' });
    expect(world.events()).toEqual(['query.requested', 'query.answered unknown_node']);
  });

  test('is answered when the chat is back, and is recorded as answered only then', async () => {
    const world = await openWorld();
    await world.alice.submit('show worker1');
    world.replies.unreachable = true;
    await world.work();
    expect(world.events()).toEqual(['query.requested']);
    expect(world.jobs.failures).toHaveLength(1);
    world.replies.unreachable = false;
    await world.clock.advance(1_000);
    await world.work();
    expect(world.events()).toEqual(['query.requested', 'query.answered']);
  });

  test('that nobody took up for half an hour is forgotten', async () => {
    const world = await openWorld();
    await world.alice.submit('show worker1');
    await world.clock.advance(30 * 60_000);
    await world.work();
    expect(world.replies.sent).toEqual([]);
    expect(world.events()).toEqual(['query.requested']);
  });

  test('needs a rule that lets the person ask', async () => {
    const world = await openWorld();
    expect(await world.dave.submit('show worker1')).toMatchObject({ reasonCode: 'not_allowed' });
    expect(world.events()).toEqual(['request.refused not_allowed']);
  });
});

describe('a query whose rule names approvers', () => {
  test('waits for approval like a change, and is answered to who requested it', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(CONFIG);
    expect(change).toMatchObject({
      state: 'proposed',
      plan: {
        verb: 'config',
        differences: [],
        restarts: [],
        strategy: 'none',
        allowOutage: false,
        warnings: [],
      },
    });
    await world.work();
    expect(world.replies.sent).toEqual([]);
    await world.bob.decide('approve', change);
    await world.work();
    expect(world.replies.sent).toMatchObject([{ query: { id: change.id, person: world.alice.person } }]);
    expect(world.events()).toEqual([
      'change.proposed',
      'change.approved',
      'change.started',
      'change.succeeded done',
    ]);
  });

  test('is not for its requester alone: without another lead nobody could approve it', async () => {
    const world = await openWorld();
    world.people.setMembers('S02LEADS', ['U02BOB']);
    expect(await world.bob.submit(CONFIG)).toMatchObject({ reasonCode: 'nobody_can_approve' });
    expect(world.events()).toEqual(['request.refused nobody_can_approve']);
  });

  test('is not frozen: it changes nothing', async () => {
    const world = await openWorld();
    await world.bob.submit('freeze new core routers');
    const change = await world.alice.propose(CONFIG);
    expect((await world.bob.decide('approve', change)).kind).toBe('card');
    await world.work();
    expect((await world.change(change.id)).state).toBe('succeeded');
  });
});

describe('a local query', () => {
  test.each<['mallory' | 'dave' | 'alice', string, string]>([
    ['mallory', 'help', 'guest'],
    ['mallory', '', 'guest'],
    ['dave', '', 'menu'],
    ['mallory', 'whoami', 'answer'],
    ['mallory', 'changes', 'guest'],
    ['dave', 'whoami', 'answer'],
    ['dave', 'changes', 'not_allowed'],
    ['alice', 'changes', 'answer'],
    ['alice', 'status', 'missing_argument'],
    ['alice', 'status BGP-77', 'unknown_change'],
  ])('%s types %p: %s', async (who, text, outcome) => {
    const world = await openWorld();
    const reply = await world[who].submit(text);
    expect(reply.kind === 'refusal' ? reply.reasonCode : reply.kind).toBe(outcome);
    // An answer out of what the bot knows leaves no record; a refusal always does.
    expect(world.events()).toEqual(
      outcome === 'answer' || outcome === 'menu' ? [] : [`request.refused ${outcome}`],
    );
    expect(world.cluster.calls.size).toBe(0);
  });

  test('of somebody who may not ask is refused for that, however it was typed', async () => {
    const world = await openWorld();
    expect(await world.dave.submit('status')).toMatchObject({ reasonCode: 'not_allowed' });
  });
});

test('whoami tells a member of their groups, and a guest why they have none', async () => {
  const world = await openWorld();
  expect(JSON.stringify(await world.alice.submit('whoami'))).toContain('engineers');
  expect(JSON.stringify(await world.mallory.submit('whoami'))).toContain('Guests may not');
  expect(JSON.stringify(await world.alice.submit('whoami'))).not.toMatch(/Guests|may do nothing/);
});

test('a query that has to be approved is not proposed while the cluster cannot be read', async () => {
  const world = await openWorld();
  world.cluster.unreachable = refuse('cluster_unreachable', 'The API server is away.', 'Look at it.');
  world.cluster.setWatch('lost');
  expect(await world.alice.submit(CONFIG)).toMatchObject({ reasonCode: 'cluster_unreachable' });
  expect(world.records('change.proposed')).toEqual([]);
});
