import { describe, expect, test } from '@jest/globals';
import type { Change, ChangeState } from '../../../src/domain/change/change.ts';
import { DECISION_VERBS, type DecisionVerb } from '../../../src/domain/change/decisions.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { readRemainingPlan } from '../../../src/workflow/decisions/remaining-plan.ts';
import type { Reply } from '../../../src/workflow/requests.ts';
import { haltedRotation, move, ROTATE, runningRotation } from '../../doubles/halted-rotation.ts';
import { type Actor, openWorld, type World, type WorldOptions } from '../../doubles/world.ts';

const NODE = 'worker1.rack.example.com';
const TWO: WorldOptions = { changes: { requiredApprovals: [{ groups: ['leads'], count: 2 }] } };

/** What came of it: the state of the change, or why not. */
function outcomeOf(reply: Reply): string {
  if (reply.kind === 'card') return reply.change.state;
  return isRefusal(reply) ? reply.reasonCode : reply.kind;
}

/** A change of Alice's in a state, as it comes to it. */
const REACH = {
  proposed: (world) => world.alice.propose(ROTATE),
  async approved(world) {
    const change = await world.alice.propose(ROTATE);
    await world.bob.decide('approve', change);
    return world.change(change.id);
  },
  running: runningRotation,
  halted: haltedRotation,
  async succeeded(world) {
    const atMs = world.clock.now();
    const outcome = { reasonCode: 'done', sentence: 'Done', atMs } as const;
    return move(world, await runningRotation(world), { kind: 'end', state: 'succeeded', outcome });
  },
  async rejected(world) {
    const change = await world.alice.propose(ROTATE);
    await world.bob.decide('reject', change);
    return world.change(change.id);
  },
  async expired(world) {
    const change = await world.alice.propose(ROTATE);
    await world.clock.advance(3_600_000);
    await world.work();
    return world.change(change.id);
  },
} satisfies Partial<Record<ChangeState, (world: World) => Promise<Change>>>;

describe('who may decide what, and when', () => {
  /** What comes of it for Alice, who requested it, and for Bob, who is a lead. */
  type Row = Readonly<Record<DecisionVerb, readonly [alice: string, bob: string]>>;
  const OVER: Row = {
    approve: ['own_change', 'not_open'],
    reject: ['own_change', 'not_open'],
    cancel: ['not_open', 'not_open'],
    resume: ['not_open', 'not_open'],
    'go-on': ['own_change', 'not_open'],
    close: ['not_open', 'not_open'],
    'break-glass': ['not_allowed', 'not_open'],
    review: ['own_change', 'break_glass_not_used'],
  };
  const NOT_STARTED: Row = {
    ...OVER,
    cancel: ['withdrawn', 'withdrawn'],
    'break-glass': ['not_allowed', 'approved'],
  };
  const TABLE: Readonly<Record<keyof typeof REACH, Row>> = {
    proposed: {
      ...NOT_STARTED,
      approve: ['own_change', 'approved'],
      reject: ['own_change', 'rejected'],
    },
    approved: NOT_STARTED,
    // Nobody carries it out in this test.
    running: { ...OVER, cancel: ['running', 'running'], close: ['closed', 'closed'] },
    halted: {
      ...OVER,
      resume: ['running', 'running'],
      close: ['closed', 'closed'],
      'break-glass': ['not_allowed', 'running'],
    },
    succeeded: OVER,
    rejected: OVER,
    expired: OVER,
  };
  const STATES = ['proposed', 'approved', 'running', 'halted', 'succeeded', 'rejected', 'expired'] as const;
  const rows = STATES.flatMap((state) => DECISION_VERBS.map((verb) => ({ state, verb })));

  test.each(rows)('$verb of a change that is $state', async ({ state, verb }) => {
    const [alice, bob] = TABLE[state][verb];
    const dave = verb === 'break-glass' ? 'not_allowed' : 'not_an_approver';
    for (const [who, outcome] of Object.entries({ mallory: 'guest', dave, alice, bob })) {
      const { world, change } = await reached(state);
      const seq = world.store.trail.length + 1;
      const actor = { alice: world.alice, bob: world.bob, dave: world.dave }[who] ?? world.mallory;
      const reply = await actor.decide(verb, change, { reason: 'r1 is dead' });
      expect([who, outcomeOf(reply)]).toEqual([who, outcome]);
      // Whatever came of it is one record.
      expect(world.events(seq)).toEqual([
        isRefusal(reply) ? `request.refused ${reply.reasonCode}` : expect.stringMatching(/^change\./),
      ]);
      expect((await world.change(change.id)).version).toBe(change.version + (isRefusal(reply) ? 0 : 1));
      if (!isRefusal(reply)) unmoved.delete(state);
    }
  });

  /** Those who are refused leave a change as it is, for the next one. */
  const unmoved = new Map<keyof typeof REACH, { readonly world: World; readonly change: Change }>();
  async function reached(state: keyof typeof REACH) {
    const before = unmoved.get(state);
    if (before !== undefined) return before;
    const world = await openWorld();
    const fresh = { world, change: await REACH[state](world) };
    unmoved.set(state, fresh);
    return fresh;
  }
});

describe('an approval', () => {
  test('starts the second deadline and is told by the person, with the groups that counted', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    await world.clock.advance(1_000);
    expect(outcomeOf(await world.bob.decide('approve', change))).toBe('approved');
    expect(await world.change(change.id)).toMatchObject({
      executeByMs: world.clock.now() + 30 * 60_000,
      decisions: [{ kind: 'approval', by: world.bob.person, digest: change.digest, groups: ['leads'] }],
    });
    expect(world.store.trail.at(-1)).toMatchObject({
      event: 'change.approved',
      actor: { user: 'U02BOB' },
      change: change.id,
      digest: change.digest,
      target: 'rack',
    });
  });

  test('of one of two is recorded as such, and of the same person never counts twice', async () => {
    const world = await openWorld(TWO);
    const change = await world.alice.propose(ROTATE);
    await world.bob.decide('approve', change);
    expect(await world.bob.decide('approve', change)).toMatchObject({ reasonCode: 'already_decided_by_you' });
    await world.carol.decide('approve', change);
    expect(world.events()).toEqual([
      'change.proposed',
      'change.approval',
      'request.refused already_decided_by_you',
      'change.approved',
    ]);
  });

  test('is for the digest that was seen: another one is refused', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    const reply = await world.bob.decide('approve', change, { digest: 'f'.repeat(64) });
    expect(reply).toMatchObject({ reasonCode: 'wrong_digest' });
    expect(world.store.trail.at(-1)).toMatchObject({ reason_code: 'wrong_digest', digest: 'f'.repeat(64) });
  });

  test('by a typed command is for the plan as it is', async () => {
    const world = await openWorld();
    await world.alice.propose(ROTATE);
    expect(outcomeOf(await world.bob.submit('approve bgp-1'))).toBe('approved');
    expect(await world.carol.submit('approve BGP-1')).toMatchObject({ reasonCode: 'not_open' });
    expect(world.store.trail.at(-1)).toMatchObject({
      event: 'request.refused',
      change: 'BGP-1',
      data: { said: 'approve BGP-1' },
    });
  });

  test('of a plan that the cluster would not give any more makes the change stale, and says so', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    world.cluster.edit('spk-tor-bgp', NODE, '10.20.1.2');
    const reply = await world.bob.decide('approve', change);
    expect(reply).toMatchObject({
      reasonCode: 'stale_plan',
      next: expect.stringContaining('Request it again'),
    });
    const stale = await world.change(change.id);
    expect(stale).toMatchObject({ state: 'stale', decisions: [] });
    expect(stale.freshPlan?.differences).toMatchObject([{ before: '10.20.1.2', after: '10.20.1.9' }]);
    expect(world.events()).toEqual([
      'change.proposed',
      'change.stale stale_plan',
      'request.refused stale_plan',
    ]);
  });

  test('goes by the cluster as it is now, not by watches that lag behind', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    world.cluster.setWatch('behind');
    world.cluster.edit('spk-tor-bgp', NODE, '10.20.1.2');
    expect(await world.bob.decide('approve', change)).toMatchObject({ reasonCode: 'stale_plan' });
  });

  test('while the cluster cannot be read decides nothing, and the change waits', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    const sentence = 'The API server does not answer.';
    world.cluster.unreachable = {
      kind: 'refusal',
      reasonCode: 'cluster_unreachable',
      sentence,
      next: 'Wait.',
    };
    expect(await world.bob.decide('approve', change)).toMatchObject({ reasonCode: 'cluster_unreachable' });
    expect((await world.change(change.id)).state).toBe('proposed');
    world.cluster.unreachable = undefined;
    expect(outcomeOf(await world.bob.decide('approve', change))).toBe('approved');
  });

  test.each(['approve', 'resume'] as const)(
    'in a freeze, %s is refused; reject, cancel and close are not',
    async (verb) => {
      const world = await openWorld();
      const change = verb === 'approve' ? await world.alice.propose(ROTATE) : await haltedRotation(world);
      await world.carol.submit('freeze new core routers');
      expect(await world.bob.decide(verb, change)).toMatchObject({ reasonCode: 'frozen' });
      const ends = verb === 'approve' ? 'cancel' : 'close';
      expect(outcomeOf(await world.bob.decide(ends, change))).toBe(
        verb === 'approve' ? 'withdrawn' : 'closed',
      );
    },
  );

  test('comes too late at the very moment at which its time is up', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    await world.clock.advance(3_600_000);
    expect(await world.bob.decide('approve', change)).toMatchObject({ reasonCode: 'expired' });
    expect((await world.change(change.id)).state).toBe('proposed');
  });

  test('by somebody whom a new policy lets approve, but whom this change does not need, says who is missing', async () => {
    const world = await openWorld(TWO);
    const change = await world.alice.propose(ROTATE);
    const groups = new Map([
      ...world.policy.groups,
      ['platform', { name: 'platform', users: ['U05DAVE'], userGroups: [] }],
    ]);
    const [rule, ...rules] = world.policy.rules;
    if (rule === undefined) throw new Error('the policy has no rule');
    const platform = { ...rule, requiredApprovals: [{ groups: ['platform'], count: 1 }] };
    Object.assign(world.policy, { groups, rules: [platform, ...rules] });
    expect(await world.dave.decide('approve', change)).toMatchObject({
      reasonCode: 'approval_not_needed',
      next: 'It still needs 2 of leads.',
    });
  });
});

describe('two decisions at the same instant', () => {
  test('two approvals where one is needed: one counts, the other is refused and recorded', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    const replies = await Promise.all([world.bob, world.carol].map((lead) => lead.decide('approve', change)));
    expect(replies.map(outcomeOf).sort()).toEqual(['approved', 'not_open']);
    expect(world.events()).toEqual(['change.proposed', 'change.approved', 'request.refused not_open']);
  });

  test('two approvals where two are needed: both count, and the change is approved once', async () => {
    const world = await openWorld(TWO);
    const change = await world.alice.propose(ROTATE);
    await Promise.all([world.bob, world.carol].map((lead) => lead.decide('approve', change)));
    expect(world.events()).toEqual(['change.proposed', 'change.approval', 'change.approved']);
    await world.stream.deliverAll();
    expect(world.jobs.due().map(({ kind }) => kind)).toEqual(['change']);
  });

  test('the same person twice counts once', async () => {
    const world = await openWorld(TWO);
    const change = await world.alice.propose(ROTATE);
    await Promise.all([1, 2].map(() => world.bob.decide('approve', change)));
    expect((await world.change(change.id)).decisions).toHaveLength(1);
  });

  test('an approval and a withdrawal: whichever is first stands', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    const [approval, withdrawal] = await Promise.all([
      world.bob.decide('approve', change),
      world.alice.decide('cancel', change),
    ]);
    // An approved change may still be withdrawn; a withdrawn one is not approved any more.
    expect(['approved', 'not_open']).toContain(outcomeOf(approval));
    expect(outcomeOf(withdrawal)).toBe('withdrawn');
    expect((await world.change(change.id)).state).toBe('withdrawn');
  });
});

describe('a reason', () => {
  test('is what the requester reads of a rejection', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    await world.bob.submit(`reject ${change.id} not before Monday`);
    expect((await world.change(change.id)).outcome).toMatchObject({ sentence: 'not before Monday' });
    expect(world.store.trail.at(-1)).toMatchObject({ data: { reason: 'not before Monday' } });
  });

  test.each([undefined, '', '  '])('of %p is none: a rejection says that there is none', async (reason) => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    await world.bob.decide('reject', change, reason === undefined ? {} : { reason });
    expect((await world.change(change.id)).outcome?.sentence).toBe('No reason was given.');
    expect(world.store.trail.at(-1)?.data).toEqual({});
  });

  test.each([undefined, '', '  '])('of %p is not enough to break the glass', async (reason) => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    const reply = await world.bob.decide('break-glass', change, reason === undefined ? {} : { reason });
    expect(reply).toMatchObject({ reasonCode: 'reason_missing' });
    expect(world.events()).toEqual(['change.proposed', 'request.refused reason_missing']);
  });
});

describe('break-glass', () => {
  const WHY = { reason: 'router r1 is dead' };

  test('runs a change without approval, in a freeze, and is marked until somebody else reviewed it', async () => {
    const world = await openWorld();
    await world.carol.submit('freeze new core routers');
    const change = await world.bob.propose(`${ROTATE} --break-glass`);
    expect(outcomeOf(await world.bob.decide('break-glass', change, WHY))).toBe('approved');
    expect(world.events(3)).toEqual(['change.break_glass break_glass']);
    expect(await world.bob.decide('review', change)).toMatchObject({ reasonCode: 'own_change' });
    expect(outcomeOf(await world.carol.decide('review', change, { reason: 'it was right' }))).toBe(
      'approved',
    );
    expect((await world.change(change.id)).breakGlassUse).toMatchObject({
      by: world.bob.person,
      reason: WHY.reason,
      review: { by: world.carol.person, note: 'it was right' },
    });
    expect(await world.carol.decide('review', change)).toMatchObject({
      reasonCode: 'already_reviewed',
      inChat: expect.arrayContaining([{ kind: 'person', userId: world.carol.person.userId }]),
    });
  });

  test('by a typed command is confirmed by a second click: nothing happens before', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    const reply = await world.bob.submit(`break-glass ${change.id} r1 is dead`);
    expect(reply).toMatchObject({ kind: 'confirm', verb: 'break-glass', reason: 'r1 is dead' });
    expect(world.events()).toEqual(['change.proposed']);
  });

  test('has a halted change go on in a freeze, without planning it again', async () => {
    const world = await openWorld();
    const change = await haltedRotation(world);
    await world.carol.submit('freeze new core routers');
    expect(outcomeOf(await world.bob.decide('break-glass', change, WHY))).toBe('running');
  });

  test('asks with what is live now, and without the restart that a halted change has behind it', async () => {
    const world = await openWorld();
    const asked = async (change: Change) => {
      const reply = await world.bob.submit(`break-glass ${change.id} r1 is dead`);
      if (reply.kind !== 'confirm') throw new Error(reply.kind);
      return reply.remaining;
    };
    const proposed = await world.alice.propose('restart worker2.rack.example.com');
    await world.clock.advance(60_000);
    expect((await asked(proposed))?.impact?.readAtMs).toBe(world.clock.now());
    const halted = await haltedRotation(world);
    expect((await asked(halted))?.plan.restarts).toHaveLength(1);
    const step = { kind: 'evict', node: 'worker1.rack.example.com', pod: 'f5-tmm-1', uid: 'uid-1' } as const;
    const begun: Change = { ...halted, journal: [{ step, phase: 'found', atMs: 0 }] };
    const remaining = await readRemainingPlan('break-glass', begun, world.dependencies);
    expect(remaining).toEqual({
      plan: { ...halted.plan, restarts: [] },
      traffic: '✓ worker1, worker2, worker3 carry',
    });
  });

  test('of a plan that does not hold any more makes the change stale', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    world.cluster.edit('spk-tor-bgp', NODE, '10.20.1.2');
    expect(await world.bob.decide('break-glass', change, WHY)).toMatchObject({ reasonCode: 'stale_plan' });
    expect((await world.change(change.id)).breakGlassUse).toBeUndefined();
  });

  test('is reviewed also when the change became stale before it began, and the review is no refusal', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    await world.bob.decide('break-glass', change, WHY);
    world.cluster.edit('spk-tor-bgp', NODE, '10.20.1.2');
    await world.work();
    expect((await world.change(change.id)).state).toBe('stale');
    const seq = world.store.trail.length + 1;
    expect(outcomeOf(await world.carol.decide('review', change))).toBe('stale');
    expect(world.events(seq)).toEqual(['change.reviewed']);
  });
});

describe('before somebody is asked to confirm', () => {
  const cases: readonly [string, DecisionVerb, (world: World) => Actor, string][] = [
    ['a lead who may approve', 'approve', (world) => world.bob, 'confirm'],
    ['the requester, who may not', 'approve', (world) => world.alice, 'own_change'],
    ['a lead who may break the glass, without a reason yet', 'break-glass', (world) => world.bob, 'confirm'],
    ['an engineer, who may not', 'break-glass', (world) => world.alice, 'not_allowed'],
    ['somebody in no group', 'reject', (world) => world.dave, 'not_an_approver'],
    ['a decision that has no sense now', 'resume', (world) => world.bob, 'not_open'],
  ];
  test.each(cases)('%s: %s', async (_, verb, who, outcome) => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    expect(outcomeOf(await who(world).prepare(verb, change))).toBe(outcome);
    const refused = outcome === 'confirm' ? [] : [`request.refused ${outcome}`];
    expect(world.events()).toEqual(['change.proposed', ...refused]);
    expect((await world.change(change.id)).version).toBe(1);
  });
});

describe('a change that is not there', () => {
  test('is refused and recorded once, by button and by command', async () => {
    const world = await openWorld();
    expect(await world.bob.decide('approve', 'BGP-77')).toMatchObject({ reasonCode: 'unknown_change' });
    expect(await world.bob.submit('approve 77')).toMatchObject({ reasonCode: 'unknown_change' });
    expect(world.events()).toEqual(['request.refused unknown_change', 'request.refused unknown_change']);
  });

  test('is nobody’s business who may do nothing here', async () => {
    const world = await openWorld();
    expect(await world.mallory.decide('approve', 'BGP-77')).toMatchObject({ reasonCode: 'guest' });
    expect(await world.mallory.submit('approve 77')).toMatchObject({ reasonCode: 'guest' });
  });
});
