import { describe, expect, test } from '@jest/globals';
import type { ChangeCommand } from '../../../src/commands/grammar/declaration.ts';
import { MAX_REASON_LENGTH } from '../../../src/domain/well-formed.ts';
import { openUseCases } from '../../../src/workflow/requests/use-cases.ts';
import { haltedRotation, ROTATE } from '../../doubles/halted-rotation.ts';
import { noRateLimit } from '../../doubles/memory-request-limiter.ts';
import { CHANNEL } from '../../doubles/sample-policy.ts';
import { openWorld, type World } from '../../doubles/world.ts';

/** Notes how old what Slack said of somebody may be, whenever it is asked. */
function asked(world: World): string[] {
  const ages: string[] = [];
  const accountStatus = world.people.accountStatus.bind(world.people);
  Object.assign(world.people, {
    accountStatus: (...args: Parameters<typeof accountStatus>) => {
      ages.push(args[1] ?? 'now');
      return accountStatus(...args);
    },
  });
  return ages;
}

describe('while nothing can be written', () => {
  const request = (world: World, text: string, person = world.alice.person) =>
    world.useCases.answerWithoutWriting({ requestId: 'r1', person, channel: CHANNEL, text });

  test('what the bot knows is answered as ever, from what Slack said lately', async () => {
    const world = await openWorld();
    const ages = asked(world);
    expect(await request(world, 'help')).toMatchObject({ kind: 'answer' });
    expect(await request(world, 'changes')).toMatchObject({ kind: 'answer' });
    expect(new Set(ages)).toEqual(new Set(['cached']));
    expect(world.store.trail).toEqual([]);
  });

  test.each([
    'rotat',
    'help --nonsense',
    ROTATE,
    'show',
    'freeze x',
    'approve BGP-1',
    'status',
    'status BGP-77',
  ])('“%s” is left for later: it would have to be recorded', async (text) => {
    const world = await openWorld();
    expect(await request(world, text)).toBeUndefined();
    expect(world.store.trail).toEqual([]);
  });

  test('a stranger is not answered', async () => {
    const world = await openWorld();
    expect(await request(world, 'help', world.mallory.person)).toBeUndefined();
  });
});

test.each([
  [ROTATE, 'now'],
  ['freeze new routers', 'now'],
  ['show worker1', 'cached'],
  ['changes', 'cached'],
])('who somebody is that types “%s” is what Slack says %s', async (text, age) => {
  const world = await openWorld();
  const ages = asked(world);
  await world.bob.submit(text);
  expect(ages[0]).toBe(age);
});

test('the command alone is answered with help where Slack cannot be asked for a menu', async () => {
  const world = await openWorld();
  const accountStatus = world.people.accountStatus.bind(world.people);
  let times = 0;
  Object.assign(world.people, {
    accountStatus: (...args: Parameters<typeof accountStatus>) => {
      times += 1;
      return times > 1 ? Promise.resolve(undefined) : accountStatus(...args);
    },
  });
  expect(await world.alice.submit('')).toMatchObject({ kind: 'answer' });
});

describe('a decision that is typed', () => {
  test('takes its reason from the words behind the change, or from --reason, no longer than a record holds', async () => {
    const reasons: unknown[] = [];
    const long = 'x'.repeat(MAX_REASON_LENGTH + 10);
    for (const words of ['r1 is dead', '--reason r2 is dead', long, '']) {
      const world = await openWorld();
      await world.alice.propose(ROTATE);
      await world.bob.submit(`reject BGP-1 ${words}`);
      reasons.push((await world.change('BGP-1')).outcome?.sentence);
    }
    expect(reasons.slice(0, 2)).toEqual([
      expect.stringContaining('r1 is dead'),
      expect.stringContaining('r2 is dead'),
    ]);
    expect(String(reasons[2]).length).toBeLessThan(MAX_REASON_LENGTH + 10);
    expect(reasons[3]).not.toContain('undefined');
  });

  test('is the same as the button; break-glass is confirmed first', async () => {
    const world = await openWorld();
    await world.alice.propose(ROTATE);
    expect(await world.bob.submit('break-glass BGP-1 r1 is dead')).toMatchObject({
      kind: 'confirm',
      reason: 'r1 is dead',
    });
    expect((await world.change('BGP-1')).state).toBe('proposed');
    expect(await world.bob.submit('approve BGP-1')).toMatchObject({
      kind: 'card',
      change: { state: 'approved' },
    });
  });
});

test('what a rule does not allow is recorded with the target that it was about', async () => {
  const world = await openWorld();
  await world.dave.submit(ROTATE);
  expect(world.store.trail).toMatchObject([{ reason_code: 'not_allowed', target: 'rack' }]);
});

test('a question keeps where its answer goes', async () => {
  const world = await openWorld();
  const asked = { requestId: 'q1', person: world.alice.person, channel: CHANNEL, text: 'show' };
  await world.useCases.submit({ ...asked, responseUrl: 'https://example.com/r', directly: true });
  await world.useCases.submit({ ...asked, requestId: 'q2' });
  const { pendingQueries } = world.dependencies;
  expect(await pendingQueries.find('q1')).toMatchObject({
    responseUrl: 'https://example.com/r',
    directly: true,
  });
  const bare = await pendingQueries.find('q2');
  expect([bare && 'responseUrl' in bare, bare && 'directly' in bare]).toEqual([false, false]);
});

test('a local query is answered to the channel where that is asked for, and to nobody else otherwise', async () => {
  const world = await openWorld();
  expect(await world.alice.submit('changes --public')).toMatchObject({ kind: 'answer', isPublic: true });
  expect(await world.alice.submit('changes')).not.toHaveProperty('isPublic');
});

describe('a dry run', () => {
  test('offers the command without it, with the flags as they were typed', async () => {
    const world = await openWorld();
    expect(await world.alice.submit(`${ROTATE} --dry-run --allow-outage --reason r1`)).toMatchObject({
      proposes: { verb: 'rotate', args: expect.anything(), flags: { 'allow-outage': true, reason: 'r1' } },
    });
  });

  test('of a rollback that is impossible says so like the rollback itself', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    expect(await world.alice.submit(`rollback ${change.id} --dry-run`)).toMatchObject({
      reasonCode: 'not_open',
    });
  });
});

test('a reason is kept no longer than a record holds', async () => {
  const world = await openWorld();
  const { reason = '' } = await world.alice.propose(
    `${ROTATE} --reason ${'x'.repeat(MAX_REASON_LENGTH + 10)}`,
  );
  expect(reason.length).toBeLessThanOrEqual(MAX_REASON_LENGTH);
  expect(await world.alice.propose('restart worker2.rack.example.com')).not.toHaveProperty('reason');
});

test('a change that cannot be requested again says in which state it is, in words', async () => {
  const world = await openWorld();
  const halted = await haltedRotation(world);
  expect(await world.alice.followUp('re-request', halted)).toMatchObject({
    sentence: 'BGP-1 is halted; only a stale change is requested again.',
    next: 'Type status BGP-1 to see what became of it.',
  });
  await world.bob.decide('close', halted);
  world.store.damageChange(
    'BGP-2',
    JSON.stringify({ ...(await world.change('BGP-1')), id: 'BGP-2', state: 'outcome_unknown' }),
  );
  expect(await world.alice.followUp('re-request', 'BGP-2')).toMatchObject({
    sentence: 'BGP-2 is outcome unknown; only a stale change is requested again.',
  });
});

test('a target without a cluster is a fault of the bot, and no answer', async () => {
  const world = await openWorld();
  const { submit } = openUseCases({ ...world.dependencies, clusters: new Map() }, noRateLimit);
  const request = { requestId: 'r1', person: world.alice.person, channel: CHANNEL, text: ROTATE };
  await expect(submit(request)).rejects.toThrow('planning for rack: no cluster is open for this target');
});

describe('words that only the TMM pods can resolve', () => {
  test('are refused where no TMM pod is meant by them', async () => {
    const world = await openWorld();
    expect(await world.alice.submit('restart --stale')).toMatchObject({
      reasonCode: 'nothing_to_do',
      sentence: 'No TMM pod is known to be stale.',
    });
    expect(world.events()).toEqual(['request.refused nothing_to_do']);
  });

  test('are refused where the command does not take what they were resolved to', async () => {
    const world = await openWorld();
    const { registry } = world.dependencies;
    const restart = registry.find('restart');
    if (restart?.kind !== 'change') throw new Error('it is a change command');
    const resolve: ChangeCommand['resolve'] = async (parsed) => ({ ...parsed, args: [] });
    const find = () => ({ ...restart, resolve });
    const { submit } = openUseCases({ ...world.dependencies, registry: { ...registry, find } }, noRateLimit);
    const text = 'restart worker1.rack.example.com';
    const request = { requestId: 'r1', person: world.alice.person, channel: CHANNEL, text };
    expect(await submit(request)).toMatchObject({ reasonCode: 'missing_argument' });
    expect(world.records('change.proposed')).toEqual([]);
  });
});
