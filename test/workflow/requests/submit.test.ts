import { describe, expect, test } from '@jest/globals';
import { MONDAY_MORNING_MS } from '../../doubles/fake-clock.ts';
import { haltedRotation, ROTATE } from '../../doubles/halted-rotation.ts';
import { openWorld, type World, type WorldOptions } from '../../doubles/world.ts';

const HOUR_MS = 3_600_000;

describe('a request that is refused', () => {
  type Who = (world: World) => World['alice'];
  const alice: Who = (world) => world.alice;
  const bob: Who = (world) => world.bob;

  test.each<[string, Who, string, string, WorldOptions?]>([
    ['an unknown verb', alice, 'rotat worker1 10.20.1.9', 'unknown_verb'],
    ['too few words', alice, 'rotate', 'missing_argument'],
    ['too many words', alice, 'remove worker1 worker2', 'unknown_argument'],
    ['a flag that the verb does not have', alice, `${ROTATE} --at-once`, 'unknown_flag'],
    ['what is no address', alice, 'rotate worker1 10.20.1.300', 'not_an_address'],
    ['an unknown node', alice, 'rotate worker77 10.20.1.9', 'unknown_node'],
    ['a short name of a node', alice, 'rotate worker1 10.20.1.9', 'short_node_name'],
    ['what is so already', alice, 'rotate worker2.rack.example.com 10.20.2.1', 'nothing_to_do'],
    ['an unknown target', alice, `${ROTATE} --target attic`, 'unknown_target'],
    ['an unknown lookup', alice, `${ROTATE} --lookup attic`, 'unknown_lookup'],
    ['a rollback of what never was', alice, 'rollback BGP-77', 'unknown_change'],
    ['a guest', (world) => world.mallory, ROTATE, 'guest'],
    ['somebody in no group', (world) => world.dave, ROTATE, 'not_allowed'],
    ['somebody of another team', (world) => world.actor('U01ALICE', 'T99OTHER'), ROTATE, 'other_workspace'],
    ['somebody nobody knows', (world) => world.actor('U99'), ROTATE, 'people_unreachable'],
    ['break-glass without the right to it', alice, `${ROTATE} --break-glass`, 'not_allowed'],
    ['a freeze by an engineer', alice, 'freeze new routers', 'not_allowed'],
    ['a lift of no freeze', bob, 'unfreeze', 'not_frozen'],
    [
      'a rule that names no approver',
      alice,
      ROTATE,
      'nobody_can_approve',
      { changes: { requiredApprovals: [] } },
    ],
    ['a local query of somebody who may request nothing', (world) => world.dave, 'changes', 'not_allowed'],
  ])('%s: answered and recorded once, and nothing else', async (_, who, text, reasonCode, options = {}) => {
    const world = await openWorld(options);
    const actor = who(world);
    expect(await actor.submit(text)).toMatchObject({ kind: 'refusal', reasonCode });
    expect(world.events()).toEqual([`request.refused ${reasonCode}`]);
    expect(world.store.trail[0]).toMatchObject({
      actor: { user: actor.person.userId, team: actor.person.teamId },
      data: { said: text, channel: 'C01CHANGES' },
    });
    await world.work();
    expect(world.jobs.waiting()).toEqual([]);
  });

  test.each(['rotate', 'rotate worker1.rack.example.com', 'restart', 'add'])(
    'for want of an argument in “%s” offers the form of the command',
    async (text) => {
      const world = await openWorld();
      const [form] = text.split(' ');
      expect(await world.alice.submit(text)).toMatchObject({ reasonCode: 'missing_argument', form });
    },
  );

  test('a query that lacks an argument has no form to offer', async () => {
    const world = await openWorld();
    expect(await world.alice.submit('history')).not.toHaveProperty('form');
  });

  test('in a channel that is not listed is told where to go', async () => {
    const world = await openWorld();
    const refusal = await world.alice.submit(ROTATE, 'C99LUNCH');
    expect(refusal).toMatchObject({ reasonCode: 'channel_not_listed', channels: ['C01CHANGES'] });
    expect(world.events()).toEqual(['request.refused channel_not_listed']);
  });

  test('while Slack cannot be asked, the answer is no', async () => {
    const world = await openWorld();
    world.people.unreachable = true;
    expect(await world.alice.submit(ROTATE)).toMatchObject({ reasonCode: 'people_unreachable' });
    expect(world.events()).toEqual(['request.refused people_unreachable']);
  });

  test('while the cluster cannot be read, says so and names the target in the record', async () => {
    const world = await openWorld();
    world.cluster.setWatch('lost');
    const sentence = 'The API server does not answer.';
    const refusal = { kind: 'refusal', reasonCode: 'cluster_unreachable', sentence, next: 'Wait.' } as const;
    world.cluster.unreachable = refusal;
    expect(await world.alice.submit(ROTATE)).toEqual(refusal);
    expect(world.store.trail).toMatchObject([{ reason_code: 'cluster_unreachable', target: 'rack' }]);
  });
});

describe('a change that somebody may request', () => {
  test('waits for approval, with both its deadlines and everything that the rule asks for', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(`${ROTATE} --reason router r1 is replaced`);
    expect(change).toMatchObject({
      id: 'BGP-1',
      version: 1,
      state: 'proposed',
      requester: world.alice.person,
      authors: [world.alice.person],
      channel: 'C01CHANGES',
      reason: 'router r1 is replaced',
      requiredApprovals: [{ groups: ['leads'], count: 1 }],
      breakGlass: ['leads'],
      decisions: [],
      createdAtMs: MONDAY_MORNING_MS,
      approveByMs: MONDAY_MORNING_MS + HOUR_MS,
      executeWithinMs: HOUR_MS / 2,
    });
    expect(change.plan.differences).toMatchObject([{ before: '10.20.1.1', after: '10.20.1.9' }]);
    expect(await world.change('BGP-1')).toEqual(change);
    expect(world.events()).toEqual(['change.proposed']);
    expect(world.store.trail[0]).toMatchObject({ target: 'rack', change: 'BGP-1', digest: change.digest });
  });

  test('touches nothing in the cluster', async () => {
    const world = await openWorld();
    await world.alice.propose(ROTATE);
    await world.work();
    expect([...world.cluster.calls.keys()]).toEqual(['cachedSnapshot', 'imish']);
  });

  test('is planned from the API server while the watches are not in sync', async () => {
    const world = await openWorld();
    world.cluster.setWatch('lost');
    expect((await world.alice.propose(ROTATE)).plan.tmmCount).toBe(3);
  });

  test('a dry run shows the plan to the asker, proposes nothing and is not recorded', async () => {
    const world = await openWorld();
    expect(await world.alice.submit(`${ROTATE} --dry-run`)).toMatchObject({
      kind: 'answer',
      answer: { title: 'What rotate would do on rack' },
    });
    expect(world.events()).toEqual([]);
  });

  test('a dry run is answered in a freeze, and where nobody could approve', async () => {
    const world = await openWorld();
    await world.bob.submit('freeze new core routers');
    world.people.setMembers('S02LEADS', []);
    expect((await world.alice.submit(`${ROTATE} --dry-run`)).kind).toBe('answer');
  });

  test('one that needs a group of its own is refused where too few of it are there', async () => {
    const world = await openWorld();
    world.people.setMembers('S02LEADS', ['U02BOB']);
    expect(await world.bob.submit(ROTATE)).toMatchObject({ reasonCode: 'nobody_can_approve' });
    world.people.setMembers('S02LEADS', ['U02BOB', 'U03CAROL']);
    world.people.set('U03CAROL', { deactivated: true });
    expect(await world.bob.submit(ROTATE)).toMatchObject({ reasonCode: 'nobody_can_approve' });
    expect(world.events()).toEqual([
      'request.refused nobody_can_approve',
      'request.refused nobody_can_approve',
    ]);
    world.people.set('U03CAROL', { deactivated: false });
    expect((await world.bob.propose(ROTATE)).state).toBe('proposed');
  });

  test('two approvals of different groups are not satisfied by one person who is in both', async () => {
    const both = [
      { groups: ['leads'], count: 1 },
      { groups: ['platform'], count: 1 },
    ];
    const group = (name: string, users: readonly string[]) =>
      [name, { name, users, userGroups: [] }] as const;
    const world = await openWorld({
      changes: { requiredApprovals: both },
      groups: new Map([
        group('engineers', ['U01ALICE']),
        group('leads', ['U02BOB']),
        group('platform', ['U02BOB']),
      ]),
    });
    expect(await world.alice.submit(ROTATE)).toMatchObject({ reasonCode: 'nobody_can_approve' });
  });
});

describe('in a freeze', () => {
  test('what means nothing is refused for that, not for the freeze', async () => {
    const world = await openWorld();
    await world.carol.submit('freeze new routers');
    expect(await world.alice.submit('rotate worker1.rack.example.com 10.20.1.300')).toMatchObject({
      reasonCode: 'not_an_address',
    });
  });

  test('a change is refused, a query is not, and break-glass passes', async () => {
    const world = await openWorld();
    await world.bob.submit('freeze new core routers');
    expect(await world.alice.submit(ROTATE)).toMatchObject({
      reasonCode: 'frozen',
      sentence: expect.stringContaining('new core routers'),
    });
    expect((await world.alice.submit('show worker1')).kind).toBe('working');
    expect((await world.bob.propose(`${ROTATE} --break-glass`)).state).toBe('proposed');
    expect(world.events(2)).toEqual(['request.refused frozen', 'query.requested', 'change.proposed']);
  });

  test('by the calendar the refusal says when it ends, and then the change is taken', async () => {
    const world = await openWorld({
      freezes: [
        {
          kind: 'dated',
          reason: 'year-end',
          targets: ['*'],
          commands: ['*'],
          timeZone: 'UTC',
          from: '2026-11-23 09:00',
          to: '2026-11-23 10:30',
        },
      ],
    });
    expect(await world.alice.submit(ROTATE)).toMatchObject({
      reasonCode: 'frozen',
      sentence: expect.stringContaining('until mon 2026-11-23 10:30 UTC'),
    });
    await world.clock.advance(30 * 60_000);
    expect((await world.alice.propose(ROTATE)).state).toBe('proposed');
  });
});

describe('the rollback of a change that halted', () => {
  test('is approved by the record that proposes it, where the rule waives the approval', async () => {
    const world = await openWorld({ changes: { waiveRollback: true } });
    const halted = await haltedRotation(world);
    const seq = world.store.trail.length + 1;
    const rollback = await world.alice.propose(`rollback ${halted.id}`);
    expect(rollback).toMatchObject({ state: 'approved', requiredApprovals: [], version: 1 });
    expect(rollback.plan).toMatchObject({ rollsBack: { change: halted.id, verb: 'rotate' } });
    expect(rollback.executeByMs).toBe(world.clock.now() + HOUR_MS / 2);
    expect(world.events(seq)).toEqual(['change.proposed approval_waived']);
    await world.stream.deliverAll();
    expect(world.jobs.due().map(({ id }) => id)).toContain(`${rollback.id}.${seq}`);
  });

  test('needs approval where the rule does not waive it, and so does the rollback of one that succeeded', async () => {
    const strict = await openWorld();
    const halted = await haltedRotation(strict);
    expect((await strict.alice.propose(`rollback ${halted.id}`)).state).toBe('proposed');

    const world = await openWorld({ changes: { waiveRollback: true } });
    const closed = await haltedRotation(world);
    await world.alice.decide('close', closed);
    expect((await world.alice.propose(`rollback ${closed.id}`)).state).toBe('proposed');
  });

  test('may be waived where nobody is there to approve, but not for whom the rule does not let ask', async () => {
    const world = await openWorld({ changes: { waiveRollback: true } });
    const halted = await haltedRotation(world);
    world.people.setMembers('S02LEADS', []);
    expect(await world.dave.submit(`rollback ${halted.id}`)).toMatchObject({ reasonCode: 'not_allowed' });
    expect((await world.alice.propose(`rollback ${halted.id}`)).state).toBe('approved');
  });
});
