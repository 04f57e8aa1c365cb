import { describe, expect, test } from '@jest/globals';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { explain } from '../../../src/workflow/requests/explain.ts';
import { haltedRotation, ROTATE } from '../../doubles/halted-rotation.ts';
import { CHANNEL, RACK } from '../../doubles/sample-policy.ts';
import { openWorld, type World, type WorldOptions } from '../../doubles/world.ts';

/** What the policy answers to whom; `-` stands for *allowed*. BGP-1 is a rotation of Alice's that waits for approval. */
const TABLE: readonly (readonly [text: string, alice: string, bob: string, dave: string, mallory: string])[] =
  [
    ['help', '-', '-', '-', 'guest'],
    ['whoami', '-', '-', '-', '-'],
    ['changes', '-', '-', 'not_allowed', 'guest'],
    ['status BGP-1', '-', '-', 'not_allowed', 'guest'],
    ['status', 'missing_argument', 'missing_argument', 'not_allowed', 'guest'],
    ['show worker1', '-', '-', 'not_allowed', 'guest'],
    ['config worker1.rack.example.com', '-', '-', 'not_allowed', 'guest'],
    [ROTATE, '-', '-', 'not_allowed', 'guest'],
    [`${ROTATE} --dry-run`, '-', '-', 'not_allowed', 'guest'],
    [`${ROTATE} --break-glass`, 'not_allowed', '-', 'not_allowed', 'guest'],
    [`${ROTATE} --target attic`, 'unknown_target', 'unknown_target', 'unknown_target', 'guest'],
    ['rotate', 'missing_argument', 'missing_argument', 'missing_argument', 'guest'],
    ['rotat worker1', 'unknown_verb', 'unknown_verb', 'unknown_verb', 'unknown_verb'],
    [`${ROTATE} --at-once`, 'unknown_flag', 'unknown_flag', 'unknown_flag', 'guest'],
    ['freeze new routers', 'not_allowed', '-', 'not_allowed', 'guest'],
    ['approve BGP-1', 'own_change', '-', 'not_an_approver', 'guest'],
    ['reject BGP-1 no', 'own_change', '-', 'not_an_approver', 'guest'],
    ['cancel BGP-1', '-', '-', 'not_an_approver', 'guest'],
    ['break-glass BGP-1 r1 is dead', 'not_allowed', '-', 'not_allowed', 'guest'],
    ['approve BGP-77', 'unknown_change', 'unknown_change', 'unknown_change', 'guest'],
    ['approve', 'missing_argument', 'missing_argument', 'missing_argument', 'guest'],
    ['rollback BGP-77', 'unknown_change', 'unknown_change', 'unknown_change', 'guest'],
    ['freeze x --target attic', 'unknown_target', 'unknown_target', 'unknown_target', 'guest'],
    ['status BGP-1 --nonsense', 'unknown_flag', 'unknown_flag', 'unknown_flag', 'unknown_flag'],
  ];
/** Those who may the least come first: what they are refused leaves everything as it was for the others. */
const WHO = ['mallory', 'dave', 'alice', 'bob'] as const;

describe('explain and submit agree', () => {
  test.each(TABLE)('about %s', async (text, alice, bob, dave, mallory) => {
    const answers = { alice, bob, dave, mallory };
    let world = await openWith();
    for (const who of WHO) {
      const explained = await explainedTo(world, who, text);
      const submitted = await submittedBy(world, who, text);
      expect([who, explained, submitted]).toEqual([who, answers[who], answers[who]]);
      // What is refused leaves everything as it was.
      if (submitted === '-') world = await openWith();
    }
  });

  type Case = [string, string, (typeof WHO)[number], string, (world: World) => unknown, WorldOptions?];
  const frozen = (world: World) => world.carol.submit('freeze new core routers');
  const oneLead = (world: World) => world.people.setMembers('S02LEADS', ['U02BOB']);
  test.each<Case>([
    ['a change in a freeze', ROTATE, 'alice', 'frozen', frozen],
    ['a dry run in a freeze', `${ROTATE} --dry-run`, 'alice', '-', frozen],
    ['break-glass in a freeze', `${ROTATE} --break-glass`, 'bob', '-', frozen],
    ['an approval in a freeze', 'approve BGP-1', 'bob', 'frozen', frozen],
    ['a rejection in a freeze', 'reject BGP-1 no', 'bob', '-', frozen],
    ['a query that needs approval, in a freeze', 'config worker1.rack.example.com', 'alice', '-', frozen],
    ['a change that nobody else could approve', ROTATE, 'bob', 'nobody_can_approve', oneLead],
    ['the same with break-glass', `${ROTATE} --break-glass`, 'bob', '-', oneLead],
    [
      'a query that nobody else could approve',
      'config worker1.rack.example.com',
      'bob',
      'nobody_can_approve',
      oneLead,
    ],
    [
      'a rule without approvers',
      ROTATE,
      'alice',
      'nobody_can_approve',
      () => undefined,
      { changes: { requiredApprovals: [] } },
    ],
    [
      'anything while Slack cannot be asked',
      ROTATE,
      'alice',
      'people_unreachable',
      (world) => {
        world.people.unreachable = true;
      },
    ],
    [
      'a local query while Slack cannot be asked',
      'changes',
      'alice',
      'people_unreachable',
      (world) => {
        world.people.unreachable = true;
      },
    ],
  ])('about %s', async (_, text, who, answer, prepare, options = {}) => {
    expect(await both(who, text, prepare, options)).toEqual([answer, answer]);
  });

  test('about the rollback of a halted change, where the rule waives its approval', async () => {
    const options = { changes: { waiveRollback: true } };
    const prepare = async (world: World) => {
      await world.alice.decide('cancel', 'BGP-1');
      await haltedRotation(world);
      world.people.setMembers('S02LEADS', []);
    };
    expect(await both('alice', 'rollback BGP-2', prepare, options)).toEqual(['-', '-']);
    expect(await both('alice', 'rollback BGP-2', prepare)).toEqual([
      'nobody_can_approve',
      'nobody_can_approve',
    ]);
  });

  test('about a freeze, which names no target where all are meant', async () => {
    const world = await openWorld({ targets: [RACK, { ...RACK, name: 'barn' }] });
    expect(await explainedTo(world, 'bob', 'freeze new routers')).toBe('-');
    expect(await submittedBy(world, 'bob', 'freeze new routers')).toBe('-');
  });

  test('in a channel that is not listed', async () => {
    const world = await openWorld();
    for (const text of [
      ROTATE,
      'show',
      'changes',
      'changes --public',
      'freeze x',
      'whoami',
      'help',
      'help --public',
    ]) {
      const submitted = await world.bob.submit(text, 'C99LUNCH');
      const { refusal } = await explain(
        { person: world.bob.person, channel: 'C99LUNCH', text },
        world.dependencies,
      );
      expect([text, refusal?.reasonCode ?? '-']).toEqual([
        text,
        isRefusal(submitted) ? submitted.reasonCode : '-',
      ]);
    }
  });
});

test('the slash command once more means nothing, whatever the policy calls it', async () => {
  const { dependencies, bob } = await openWorld();
  const policy = { ...dependencies.policy, command: '/tor' };
  const asked = { person: bob.person, channel: CHANNEL, text: `/tor ${ROTATE}` };
  expect((await explain(asked, { ...dependencies, policy })).refusal).toBeUndefined();
});

test('what is allowed is explained with the rule that allows it, and without a refusal', async () => {
  const world = await openWith();
  const asked = { person: world.alice.person, channel: CHANNEL, text: 'cancel BGP-1' };
  const { rule, refusal } = await explain(asked, world.dependencies);
  expect([rule?.name, refusal]).toEqual(['changes', undefined]);
});

test('explaining records nothing, asks nothing of the cluster, and names the rule and the groups', async () => {
  const world = await openWorld();
  const explanation = await explain(
    { person: world.bob.person, channel: CHANNEL, text: ROTATE },
    world.dependencies,
  );
  expect(explanation).toMatchObject({ rule: { name: 'changes' }, refusal: undefined });
  expect([...explanation.membership]).toEqual(['leads']);
  expect(world.store.trail).toEqual([]);
  expect(world.cluster.calls.size).toBe(0);
});

test('what a rule allows and a freeze does not is explained with both', async () => {
  const world = await openWorld();
  await world.carol.submit('freeze new core routers');
  const asked = { person: world.alice.person, channel: CHANNEL, text: ROTATE };
  expect(await explain(asked, world.dependencies)).toMatchObject({
    rule: { name: 'changes' },
    refusal: { reasonCode: 'frozen' },
  });
});

test('what cannot be read as a command is explained so, in the words of the refusal', async () => {
  const world = await openWorld();
  const text = `rotate ${'x'.repeat(20_000)}`;
  expect(await explainedTo(world, 'alice', text)).toBe('text_too_long');
  expect(await submittedBy(world, 'alice', text)).toBe('text_too_long');
});

test('a stranger is in no group, and no rule is named to them', async () => {
  const world = await openWorld();
  const asked = { person: world.mallory.person, channel: CHANNEL, text: ROTATE };
  const { membership, rule } = await explain(asked, world.dependencies);
  expect([membership.size, rule]).toEqual([0, undefined]);
});

/** What explain says, and what comes of submitting the same right afterwards: explaining leaves no trace. */
async function both(
  who: (typeof WHO)[number],
  text: string,
  prepare: (world: World) => unknown = () => undefined,
  options: WorldOptions = {},
): Promise<readonly [string, string]> {
  const world = await openWith(options);
  await prepare(world);
  return [await explainedTo(world, who, text), await submittedBy(world, who, text)];
}

/** A world in which BGP-1 waits for approval, where a rotation may be proposed at all. */
async function openWith(options: WorldOptions = {}): Promise<World> {
  const world = await openWorld(options);
  if (options.changes?.requiredApprovals?.length !== 0) await world.alice.propose(ROTATE);
  return world;
}

async function explainedTo(world: World, who: (typeof WHO)[number], text: string): Promise<string> {
  const asked = { person: world[who].person, channel: CHANNEL, text };
  return (await explain(asked, world.dependencies)).refusal?.reasonCode ?? '-';
}

async function submittedBy(world: World, who: (typeof WHO)[number], text: string): Promise<string> {
  const reply = await world[who].submit(text);
  return isRefusal(reply) ? reply.reasonCode : '-';
}
