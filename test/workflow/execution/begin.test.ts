import { describe, expect, test } from '@jest/globals';
import { refuse } from '../../../src/domain/refusal.ts';
import type { People } from '../../../src/ports/chat.ts';
import { jobHandlers } from '../../../src/workflow/execution/job-handlers.ts';
import { ROTATE, runningRotation } from '../../doubles/halted-rotation.ts';
import { openWorld, type World } from '../../doubles/world.ts';
import { aSite, restart } from './a-site.ts';

/** Something happens while Slack is asked about requester and approvers, which is the last question before the start. */
function whileSlackIsAsked(world: World, happens: () => Promise<unknown>): void {
  const asFound = world.people.accountStatus.bind(world.people);
  let asked = false;
  const accountStatus: People['accountStatus'] = async (person) => {
    if (!asked) {
      asked = true;
      await happens();
    }
    return asFound(person);
  };
  Object.assign(world.people, { accountStatus });
}

async function approved(world: World): Promise<string> {
  const change = await world.alice.propose(ROTATE);
  await world.bob.decide('approve', change);
  return change.id;
}

describe('what is asked first before the start holds at the start', () => {
  test('a freeze that is declared meanwhile: nothing starts', async () => {
    const world = await openWorld();
    const id = await approved(world);
    whileSlackIsAsked(world, () => world.carol.submit('freeze core routers'));
    await world.pass(1_000);
    expect(await world.change(id)).toMatchObject({
      state: 'approved',
      progress: expect.stringContaining('Frozen'),
    });
    expect(world.records('change.started')).toEqual([]);
  });

  test('a time to start that is up meanwhile: nothing starts', async () => {
    const world = await openWorld();
    const id = await approved(world);
    const { executeByMs = 0 } = await world.change(id);
    whileSlackIsAsked(world, async () => world.clock.setWallClock(executeByMs));
    await world.pass(3_000);
    expect((await world.change(id)).state).toBe('expired');
    expect(world.records('change.started')).toEqual([]);
  });
});

test('lesson 44: a cluster that refuses the credentials once is waited for before the start as well', async () => {
  const world = await openWorld();
  const id = await approved(world);
  world.cluster.unreachable = refuse(
    'cluster_forbidden',
    'The API server rejected the credentials of the bot.',
    'Renew it.',
  );
  await world.pass(5_000);
  expect(await world.change(id)).toMatchObject({
    state: 'approved',
    progress: 'Waits: The API server rejected the credentials of the bot.',
  });
  world.cluster.unreachable = undefined;
  await world.pass(3_000);
  expect((await world.change(id)).state).toBe('running');
});

test('a change is not started at the very moment at which its time to start is up', async () => {
  const site = aSite();
  const bot = site.worker(restart('tmm-1'));
  bot.edit({ executeByMs: site.clock.now() });
  expect((await bot.run()).state).toBe('expired');
  expect(site.rack.calls).toEqual([]);
});

test('a change that somebody runs by break-glass starts in spite of a freeze', async () => {
  const world = await openWorld();
  const change = await world.alice.propose(ROTATE);
  await world.carol.submit('freeze core routers');
  await world.bob.decide('break-glass', change, { reason: 'r1 is dead' });
  await world.pass(1_000);
  expect(world.records('change.started')).toHaveLength(1);
});

test('a change that is frozen waits for people, and the cluster is not asked anything', async () => {
  const world = await openWorld();
  const id = await approved(world);
  await world.carol.submit('freeze core routers');
  world.cluster.unreachable = refuse('cluster_unreachable', 'The API server is away.', 'Look at it.');
  await world.pass(3_000);
  expect((await world.change(id)).progress).toMatch(/^Frozen, waiting: /);
});

describe('a change that waits for another one', () => {
  const run = (world: World, handlers = world.handlers) =>
    handlers.change('BGP-2', new AbortController().signal);

  async function waiting(): Promise<World> {
    const world = await openWorld();
    await runningRotation(world);
    await world.bob.decide('approve', await world.alice.propose('restart worker2.rack.example.com'));
    return world;
  }

  test('says which one runs, also where that lost its worker', async () => {
    const world = await waiting();
    expect(await run(world)).toEqual({ kind: 'later', afterMs: 2_000 });
    expect(await world.change('BGP-2')).toMatchObject({
      state: 'approved',
      progress: 'Waits: BGP-1 is running',
    });
  });

  test('fails with what went wrong where the store does not say which', async () => {
    const world = await waiting();
    const scopeHolders = () => Promise.reject(new Error('the store is away'));
    const store = { ...world.dependencies.store, scopeHolders };
    const handlers = jobHandlers({ ...world.dependencies, store, replies: world.replies });
    await expect(run(world, handlers)).rejects.toThrow('the store is away');
  });
});
