import { describe, expect, test } from '@jest/globals';
import type { Change } from '../../src/domain/change/change.ts';
import type { Rule } from '../../src/domain/policy/policy.ts';
import { isRefusal } from '../../src/domain/refusal.ts';
import { holderInTheWay } from '../../src/workflow/ledger.ts';
import type { Reply } from '../../src/workflow/requests.ts';
import { haltedRotation, move, ROTATE, runningRotation } from '../doubles/halted-rotation.ts';
import { openWorld, type World, type WorldOptions } from '../doubles/world.ts';

const MINUTE_MS = 60_000;
const OTHER = 'rotate worker2.rack.example.com 10.20.2.9';
const TWO: WorldOptions = { changes: { requiredApprovals: [{ groups: ['leads'], count: 2 }] } };

function outcomeOf(reply: Reply): string {
  if (reply.kind === 'card') return reply.change.state;
  return isRefusal(reply) ? reply.reasonCode : reply.kind;
}

/** Alice's, approved by Bob, and not yet begun. */
async function approved(world: World, text = ROTATE): Promise<Change> {
  const change = await world.alice.propose(text);
  await world.bob.decide('approve', change);
  return world.change(change.id);
}

/** What carrying it out comes to, at most so long. */
async function changeAfter(world: World, ms: number, { id }: Change): Promise<Change> {
  await world.pass(ms);
  return world.change(id);
}

/** Takes what the policy says of every rule of change commands, as a new file would after a restart. */
function newRules(world: World, commands: readonly string[]): void {
  const rules = world.policy.rules.map((rule) => (rule.name === 'changes' ? { ...rule, commands } : rule));
  Object.assign(world.policy, { rules: rules.filter((rule) => rule.name !== 'questions') });
}

/** Takes a new version of the rule of change commands. */
function rewriteChangesRule(world: World, more: Partial<Rule>): void {
  const rules = world.policy.rules.map((rule) => (rule.name === 'changes' ? { ...rule, ...more } : rule));
  Object.assign(world.policy, { rules });
}

describe('a halt holds its TMM pods', () => {
  test('lesson 40: a halted change holds its target: what was approved behind it waits and says for what', async () => {
    const world = await openWorld();
    const halted = await haltedRotation(world);
    const waiting = await approved(world, OTHER);
    expect(await changeAfter(world, 3_000, waiting)).toMatchObject({
      state: 'approved',
      progress: 'Waits: BGP-1 halted (It did not come up.)',
      waitsFor: 'BGP-1',
    });
    expect(world.cluster.calls.get('evict') ?? 0).toBe(0);
    await world.bob.decide('close', halted);
    expect((await changeAfter(world, 5_000, waiting)).state).toBe('running');
  });

  test('what waits expires by its own clock', async () => {
    const world = await openWorld();
    await haltedRotation(world);
    const waiting = await approved(world, OTHER);
    expect(await changeAfter(world, 31 * MINUTE_MS, waiting)).toMatchObject({
      state: 'expired',
      outcome: { reasonCode: 'execution_window_passed' },
    });
  });

  test('break-glass takes over, and the halted change still holds them afterwards', async () => {
    const world = await openWorld();
    const halted = await haltedRotation(world);
    const urgent = await world.alice.propose(OTHER);
    await world.bob.decide('break-glass', urgent, { reason: 'r2 is dead' });
    expect((await changeAfter(world, 3_000, urgent)).state).toBe('running');
    expect(await world.bob.decide('resume', halted)).toMatchObject({ reasonCode: 'scope_held' });
    await world.carol.decide('cancel', urgent);
    await changeAfter(world, 5 * MINUTE_MS, urgent);
    expect(await world.store.scopeHolders(scopeOf(world))).toContain(halted.id);
  });

  test('break-glass passes a change that halted, and none that runs', async () => {
    const world = await openWorld();
    const halted = await haltedRotation(world);
    const urgent = await world.alice.propose(OTHER);
    await world.bob.decide('break-glass', urgent, { reason: 'r2 is dead' });
    expect((await changeAfter(world, 3_000, urgent)).state).toBe('running');
    expect(await world.bob.decide('break-glass', halted, { reason: 'r1 is dead' })).toMatchObject({
      reasonCode: 'scope_held',
      sentence: expect.stringContaining(urgent.id),
    });
    expect((await world.change(halted.id)).state).toBe('halted');
  });

  test('its own rollback starts, and nothing else beside it', async () => {
    const world = await openWorld();
    const halted = await haltedRotation(world);
    const rollback = await approved(world, `rollback ${halted.id}`);
    await move(world, rollback, { kind: 'start', atMs: 0 });
    expect(await world.store.scopeHolders(scopeOf(world))).toEqual([halted.id, rollback.id]);
    expect(outcomeOf(await world.bob.decide('resume', halted))).toBe('scope_held');
    expect((await changeAfter(world, 3_000, rollback)).state).toBe('succeeded');
    expect(await world.store.scopeHolders(scopeOf(world))).toEqual([]);
  });

  test('its own rollback does not start once it goes on', async () => {
    const world = await openWorld();
    const halted = await haltedRotation(world);
    const rollback = await approved(world, `rollback ${halted.id}`);
    expect(outcomeOf(await world.bob.decide('resume', halted))).toBe('running');
    expect(await holderInTheWay(rollback, world.dependencies)).toMatchObject({ id: halted.id });
  });

  test('of two starts in the same instant the append lets one through', async () => {
    const world = await openWorld();
    const [one, other] = [await approved(world), await approved(world, OTHER)];
    await move(world, one, { kind: 'start', atMs: 0 });
    const refused = await world.dependencies.ledger.commit(other, { kind: 'start', atMs: 0 }, 'bot');
    expect(refused).toMatchObject({ reasonCode: 'scope_held', sentence: expect.stringContaining(one.id) });
    expect((await world.change(other.id)).state).toBe('approved');
  });

  test('a query that needed approval does not wait for it', async () => {
    const world = await openWorld();
    await haltedRotation(world);
    const query = await approved(world, 'config worker1.rack.example.com');
    expect((await changeAfter(world, 2_000, query)).state).toBe('succeeded');
  });
});

describe('a rollback that needed no approval because what it undoes is halted', () => {
  const waivedRollback = async () => {
    const world = await openWorld({ changes: { waiveRollback: true } });
    const halted = await haltedRotation(world);
    const rollback = await world.alice.propose(`rollback ${halted.id}`);
    expect(rollback.state).toBe('approved');
    return { world, halted, rollback };
  };
  const WAITS = { state: 'proposed', requiredApprovals: [{ groups: ['leads'], count: 1 }] };

  test('needs one where an approver closed that before it starts', async () => {
    const { world, halted, rollback } = await waivedRollback();
    await world.bob.decide('close', halted);
    expect(await changeAfter(world, 3_000, rollback)).toMatchObject(WAITS);
    await world.bob.decide('approve', await world.change(rollback.id));
    expect((await changeAfter(world, 3_000, rollback)).state).toBe('succeeded');
  });

  test('needs one where that went on and is done before it starts', async () => {
    const { world, halted, rollback } = await waivedRollback();
    await move(world, halted, { kind: 'resume', atMs: world.clock.now() });
    const outcome = { reasonCode: 'done', sentence: 'Done', atMs: world.clock.now() } as const;
    await move(world, halted, { kind: 'end', state: 'succeeded', outcome });
    expect(await changeAfter(world, 3_000, rollback)).toMatchObject(WAITS);
  });

  test('needs one where the policy does not waive it any more', async () => {
    const { world, rollback } = await waivedRollback();
    rewriteChangesRule(world, { waiveRollback: false });
    expect(await changeAfter(world, 3_000, rollback)).toMatchObject(WAITS);
  });

  test('goes on once it has begun, whatever becomes of that', async () => {
    const { world, halted, rollback } = await waivedRollback();
    await move(world, rollback, { kind: 'start', atMs: 0 });
    const outcome = { reasonCode: 'session_down', sentence: 'Down.', atMs: world.clock.now() } as const;
    await move(world, rollback, { kind: 'end', state: 'halted', outcome });
    await world.bob.decide('close', halted);
    expect(outcomeOf(await world.alice.decide('resume', rollback))).toBe('running');
  });
});

describe('who approved it', () => {
  test.each<[string, (world: World) => void, string]>([
    ['was deactivated', ({ people }) => people.set('U02BOB', { deactivated: true }), 'deactivated'],
    ['became a guest', ({ people }) => people.set('U02BOB', { guest: true }), 'guest'],
    ['went to another workspace', ({ people }) => people.set('U02BOB', { teamId: 'T99' }), 'other_workspace'],
    ['left the group', ({ people }) => people.setMembers('S02LEADS', ['U03CAROL']), 'not_an_approver'],
  ])(
    'lesson 46: %s before the start: the approval does not count, and the change waits for another one',
    async (_, leave, reason) => {
      const world = await openWorld();
      const change = await approved(world);
      await world.clock.advance(10 * MINUTE_MS);
      leave(world);
      const waits = await changeAfter(world, 2_000, change);
      expect(waits).toMatchObject({
        state: 'proposed',
        approveByMs: expect.any(Number),
        decisions: [{ by: { userId: 'U02BOB' }, void: reason }],
      });
      expect(waits).not.toHaveProperty('executeByMs');
      expect(waits.approveByMs).toBeGreaterThan(world.clock.now() + 59 * MINUTE_MS);
      expect(world.records('change.approval_void')).toMatchObject([
        { reason_code: 'approval_void', data: { void: [{ by: 'U02BOB', reason }], missing: '1 of leads' } },
      ]);
      await world.carol.decide('approve', waits);
      expect((await changeAfter(world, 2_000, change)).state).toBe('running');
    },
  );

  test('is enough no more, because the policy wants more by now: the change waits for the others', async () => {
    const world = await openWorld();
    const change = await approved(world);
    rewriteChangesRule(world, { requiredApprovals: [{ groups: ['leads'], count: 2 }] });
    const waits = await changeAfter(world, 2_000, change);
    expect(waits).toMatchObject({ state: 'proposed', requiredApprovals: [{ groups: ['leads'], count: 2 }] });
    expect(waits.decisions).toMatchObject([{ by: { userId: 'U02BOB' }, groups: ['leads'] }]);
    expect(world.records('change.approval_void')).toMatchObject([
      { data: { void: [], missing: '1 of leads' } },
    ]);
    expect(outcomeOf(await world.carol.decide('approve', waits))).toBe('approved');
    expect((await changeAfter(world, 2_000, change)).state).toBe('running');
  });

  test('is enough no more for a change that halted: Check again says that it has to be approved again', async () => {
    const world = await openWorld();
    const halted = await haltedRotation(world);
    rewriteChangesRule(world, { requiredApprovals: [{ groups: ['leads'], count: 2 }] });
    expect(await world.alice.decide('resume', halted)).toMatchObject({
      reasonCode: 'approval_void',
      sentence: 'The policy now requires more approvals for BGP-1 than it has.',
      next: expect.stringContaining('1 of leads'),
    });
    await world.carol.decide('approve', halted);
    expect(outcomeOf(await world.alice.decide('resume', halted))).toBe('running');
  });

  test('is no approval of those whom the policy names by now: these may give it', async () => {
    const world = await openWorld();
    const change = await approved(world);
    rewriteChangesRule(world, { requiredApprovals: [{ groups: ['engineers'], count: 1 }] });
    world.people.set('U06ERIN');
    const engineers = world.policy.groups.get('engineers');
    if (engineers === undefined) throw new Error('the policy has engineers');
    Object.assign(engineers, { users: [...engineers.users, 'U06ERIN'] });
    const waits = await changeAfter(world, 2_000, change);
    expect(waits).toMatchObject({ state: 'proposed', decisions: [{ void: 'not_an_approver' }] });
    expect(outcomeOf(await world.actor('U06ERIN').decide('approve', waits))).toBe('approved');
  });

  test('is one of two: only the one who may not any more is missing', async () => {
    const world = await openWorld(TWO);
    const change = await world.alice.propose(ROTATE);
    await world.bob.decide('approve', change);
    await world.carol.decide('approve', change);
    world.people.set('U03CAROL', { deactivated: true });
    await changeAfter(world, 2_000, change);
    world.people.set('U03CAROL', { deactivated: false });
    expect(outcomeOf(await world.bob.decide('approve', change))).toBe('already_decided_by_you');
    expect(outcomeOf(await world.carol.decide('approve', change))).toBe('approved');
    expect((await changeAfter(world, 2_000, change)).state).toBe('running');
  });

  test('and is not to be had again: the change expires, and says whose approval did not come', async () => {
    const world = await openWorld();
    const change = await approved(world);
    world.people.set('U02BOB', { deactivated: true });
    expect(await changeAfter(world, 61 * MINUTE_MS, change)).toMatchObject({
      state: 'expired',
      outcome: { sentence: expect.stringContaining('1 of leads did not approve') },
    });
  });

  test('cannot be asked about: the change waits, and starts once Slack answers', async () => {
    const world = await openWorld();
    const change = await approved(world);
    world.people.unreachable = true;
    const waits = await changeAfter(world, 5_000, change);
    expect(waits).toMatchObject({ state: 'approved', decisions: [{ by: { userId: 'U02BOB' } }] });
    expect(waits.progress).toContain('Slack could not be asked');
    world.people.unreachable = false;
    expect((await changeAfter(world, 3_000, change)).state).toBe('running');
  });

  test('stays unknown until the time to start is up: it expires', async () => {
    const world = await openWorld({ changes: { executeByMs: 3 * MINUTE_MS } });
    const change = await approved(world);
    world.people.unreachable = true;
    expect((await changeAfter(world, 2 * MINUTE_MS, change)).state).toBe('approved');
    expect((await changeAfter(world, 2 * MINUTE_MS, change)).state).toBe('expired');
  });

  test('used break-glass, and lost the right to it: it needs approval', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    await world.bob.decide('break-glass', change, { reason: 'r1 is dead' });
    world.people.setMembers('S02LEADS', ['U03CAROL']);
    expect(await changeAfter(world, 2_000, change)).toMatchObject({
      state: 'proposed',
      breakGlassUse: { by: { userId: 'U02BOB' }, void: 'not_allowed' },
    });
  });

  test('lesson 46: who requested it may not any more: nothing is done', async () => {
    const world = await openWorld();
    const change = await approved(world);
    world.people.set('U01ALICE', { deactivated: true });
    expect(await changeAfter(world, 2_000, change)).toMatchObject({
      state: 'failed',
      journal: [],
      outcome: {
        reasonCode: 'deactivated',
        sentence:
          'Nothing was done: U01ALICE may not request BGP-1 any more, because the account is deactivated.',
      },
    });
  });
});

describe('a halted change', () => {
  /** Alice's rotation, which this person stopped. */
  async function stoppedBy(world: World, who: 'alice' | 'bob'): Promise<Change> {
    const running = await runningRotation(world);
    await world[who].decide('cancel', running);
    const outcome = { reasonCode: 'cancelled', sentence: 'Stopped.', atMs: world.clock.now() } as const;
    return move(world, running, { kind: 'end', state: 'halted', outcome });
  }

  test('lesson 47: what a lead stopped is resumed by a lead, never by the requester alone', async () => {
    const world = await openWorld();
    const halted = await stoppedBy(world, 'bob');
    expect(await world.alice.decide('resume', halted)).toMatchObject({
      reasonCode: 'stopped_by_another',
      sentence: 'U02BOB stopped BGP-1; you may not resume it yourself.',
      next: 'It can be resumed by whoever stopped it or by leads.',
    });
    expect(outcomeOf(await world.carol.decide('resume', halted))).toBe('running');
  });

  test('that the requester stopped is resumed by the requester', async () => {
    const world = await openWorld();
    expect(outcomeOf(await world.alice.decide('resume', await stoppedBy(world, 'alice')))).toBe('running');
  });

  test('stays stopped by the lead when the requester asks to stop it as well, and the other way round', async () => {
    for (const order of [
      ['bob', 'alice'],
      ['alice', 'bob'],
    ] as const) {
      const world = await openWorld();
      const running = await runningRotation(world);
      for (const who of order) await world[who].decide('cancel', running);
      expect((await world.change(running.id)).cancelledBy).toEqual(world.bob.person);
    }
  });

  test('lesson 47: older than its approval holds, it needs a new one, and then goes on', async () => {
    const world = await openWorld();
    const halted = await haltedRotation(world);
    await world.clock.advance(30 * MINUTE_MS);
    const refusal = await world.bob.decide('resume', halted);
    expect(refusal).toMatchObject({
      reasonCode: 'approval_lapsed',
      sentence: 'BGP-1 has been halted for longer than its approval is valid.',
      next: 'It needs approval by 1 of leads: approve BGP-1, then resume BGP-1.',
    });
    expect(outcomeOf(await world.alice.decide('approve', halted))).toBe('own_change');
    expect(outcomeOf(await world.carol.decide('approve', halted))).toBe('halted');
    expect(outcomeOf(await world.alice.decide('resume', halted))).toBe('running');
    expect((await world.change(halted.id)).resumedAtMs).toBe(world.clock.now());
  });

  test('that nobody tries to resume lapses by itself, so that its card asks for approval', async () => {
    const world = await openWorld();
    const halted = await haltedRotation(world);
    expect(await changeAfter(world, 30 * MINUTE_MS, halted)).toMatchObject({
      state: 'halted',
      decisions: [{ void: 'approval_lapsed' }],
    });
    await world.bob.decide('approve', halted);
    // The new approval holds as long as the first.
    expect((await changeAfter(world, 29 * MINUTE_MS, halted)).decisions.at(-1)).not.toHaveProperty('void');
    expect((await changeAfter(world, 2 * MINUTE_MS, halted)).decisions.at(-1)).toMatchObject({
      void: 'approval_lapsed',
    });
    expect(outcomeOf(await world.bob.decide('resume', halted))).toBe('approval_lapsed');
  });

  test('lesson 47: is resumed by nobody where no rule allows it any more', async () => {
    const world = await openWorld();
    const halted = await haltedRotation(world);
    newRules(world, ['add']);
    expect(await world.alice.decide('resume', halted)).toMatchObject({
      reasonCode: 'not_allowed',
      sentence: 'No rule of the policy allows rotate on rack any more.',
    });
    expect(isRefusal(await world.bob.decide('resume', halted))).toBe(true);
    expect(outcomeOf(await world.alice.decide('close', halted))).toBe('closed');
  });

  test('whose approver may not approve any more needs another approval before it goes on', async () => {
    const world = await openWorld();
    const halted = await haltedRotation(world);
    world.people.set('U02BOB', { deactivated: true });
    expect(outcomeOf(await world.alice.decide('resume', halted))).toBe('approval_void');
    expect(outcomeOf(await world.carol.decide('approve', halted))).toBe('halted');
    expect(outcomeOf(await world.alice.decide('resume', halted))).toBe('running');
  });

  test('whose requester may not ask for it any more is resumed by nobody', async () => {
    const world = await openWorld();
    const halted = await haltedRotation(world);
    world.people.set('U01ALICE', { deactivated: true });
    expect(outcomeOf(await world.bob.decide('resume', halted))).toBe('deactivated');
    expect(await world.change(halted.id)).toMatchObject({ state: 'halted', version: halted.version });
  });

  test('is not resumed while Slack cannot be asked about those whose change it is', async () => {
    const world = await openWorld();
    const halted = await haltedRotation(world);
    world.people.unreachable = true;
    expect(outcomeOf(await world.bob.decide('resume', halted))).toBe('people_unreachable');
    expect((await world.change(halted.id)).decisions).toHaveLength(1);
  });

  test('because a node has no TMM any more goes on without it, when an approver says so', async () => {
    const world = await openWorld();
    const outcome = {
      reasonCode: 'node_without_tmm',
      sentence: 'worker1 has no TMM.',
      node: 'worker1',
      atMs: world.clock.now(),
    } as const;
    const halted = await move(world, await runningRotation(world), { kind: 'end', state: 'halted', outcome });
    expect(outcomeOf(await world.alice.decide('go-on', halted))).toBe('own_change');
    expect(outcomeOf(await world.bob.decide('go-on', halted))).toBe('running');
    expect(await world.change(halted.id)).toMatchObject({ acceptedWithout: ['worker1'] });
    expect(world.records('change.resumed')).toMatchObject([{ data: { without: 'worker1' } }]);
  });

  test('for which somebody used break-glass lapses as well, and is approved then', async () => {
    const world = await openWorld();
    const halted = await haltedRotation(world);
    await world.bob.decide('break-glass', halted, { reason: 'r1 is dead' });
    expect((await world.change(halted.id)).resumedAtMs).toBe(world.clock.now());
    const atMs = world.clock.now();
    await move(world, halted, {
      kind: 'end',
      state: 'halted',
      outcome: { reasonCode: 'session_down', sentence: 'Down.', atMs },
    });
    expect((await changeAfter(world, 31 * MINUTE_MS, halted)).breakGlassUse?.void).toBe('approval_lapsed');
    expect(outcomeOf(await world.carol.decide('approve', halted))).toBe('halted');
    expect(outcomeOf(await world.alice.decide('resume', halted))).toBe('running');
  });
});

test('break-glass is used once: the first user stays the one whom somebody else reviews', async () => {
  const world = await openWorld();
  const change = await world.alice.propose(ROTATE);
  await world.bob.decide('break-glass', change, { reason: 'r1 is dead' });
  const { executeByMs } = await world.change(change.id);
  await world.clock.advance(MINUTE_MS);
  expect(await world.carol.decide('break-glass', change, { reason: 'me too' })).toMatchObject({
    reasonCode: 'break_glass_used_already',
  });
  expect(await world.change(change.id)).toMatchObject({
    executeByMs,
    breakGlassUse: { by: world.bob.person },
  });
});

test('lesson 48: two targets with the same TMM pods: one change works on them at a time', async () => {
  const world = await openWorld();
  const [rack] = world.policy.targets;
  const twin = { ...rack, name: 'twin' };
  Object.assign(world.policy, { targets: [rack, twin] });
  const clusters = new Map([...world.dependencies.clusters, ['twin', world.cluster]]);
  Object.assign(world.dependencies, { clusters });
  const one = await approved(world, `${ROTATE} --target rack`);
  const other = await approved(world, `${OTHER} --target twin`);
  expect(other.plan.target).toBe('twin');
  await world.pass(3_000);
  const states = [(await world.change(one.id)).state, (await world.change(other.id)).state];
  expect(states.toSorted()).toEqual(['approved', 'running']);
});

function scopeOf({ policy: { targets } }: World): string {
  const { namespace, selector } = targets[0].tmm;
  return `uid-of-kube-system/${namespace}/${selector}`;
}

describe('Stop', () => {
  test('in the moment in which the change halts by itself does not end it: it can still be resumed', async () => {
    const world = await openWorld();
    const running = await runningRotation(world);
    const outcome = { reasonCode: 'session_down', sentence: 'It did not come up.', atMs: 0 } as const;
    await move(world, running, { kind: 'end', state: 'halted', outcome });
    expect(await world.bob.decide('cancel', running)).toMatchObject({
      reasonCode: 'not_open',
      sentence: 'BGP-1 halted before it was stopped.',
      next: 'Type resume BGP-1 to continue it, or close BGP-1 to end it where it is.',
    });
    expect((await world.change(running.id)).state).toBe('halted');
    expect(outcomeOf(await world.alice.decide('resume', running))).toBe('running');
  });
});
