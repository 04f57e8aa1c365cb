import { describe, expect, test } from '@jest/globals';
import { loadRegistry } from '../../../src/commands/registry.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import { runQuery } from '../../../src/workflow/execution/answer-query.ts';
import { jobHandlers } from '../../../src/workflow/execution/job-handlers.ts';
import { haltedRotation, ROTATE } from '../../doubles/halted-rotation.ts';
import { CHANNEL, RACK } from '../../doubles/sample-policy.ts';
import { openWorld, type World } from '../../doubles/world.ts';

const SCOPE = 'uid-of-kube-system/spk-ingress/app=f5-tmm';
const run = (world: World, handlers = world.handlers, id = 'BGP-1') =>
  handlers.change(id, new AbortController().signal);

async function approved(world: World): Promise<void> {
  await world.bob.decide('approve', await world.alice.propose(ROTATE));
}

describe('the job of a change', () => {
  test('is put back for a second while another one works on these TMM pods', async () => {
    const world = await openWorld();
    await approved(world);
    await world.leases.acquire(SCOPE, 'another one');
    expect(await run(world)).toEqual({ kind: 'later', afterMs: 1_000 });
  });

  test('is put back for two seconds while it has to wait for people, and gives its TMM pods free meanwhile', async () => {
    const world = await openWorld();
    await approved(world);
    await world.carol.submit('freeze new routers');
    expect(await run(world)).toEqual({ kind: 'later', afterMs: 2_000 });
    expect((await world.change('BGP-1')).progress).toBe('Frozen, waiting: new routers');
    expect(world.leases.holder(SCOPE)).toBeUndefined();
    // What is waited for is said once.
    const { length } = world.store.trail;
    await run(world);
    expect(world.store.trail).toHaveLength(length);
  });

  test('comes again at once where somebody decided in the same moment', async () => {
    const world = await openWorld();
    await approved(world);
    const ledger = {
      ...world.dependencies.ledger,
      commit: async () => refuse('not_open', 'It is over.', ''),
    };
    const handlers = jobHandlers({ ...world.dependencies, ledger, replies: world.replies });
    expect(await run(world, handlers)).toEqual({ kind: 'later', afterMs: 0 });
    await world.carol.submit('freeze new routers');
    expect(await run(world, handlers)).toEqual({ kind: 'later', afterMs: 0 });
  });

  test('is done where there is no such change, or it is over', async () => {
    const world = await openWorld();
    expect(await run(world)).toEqual({ kind: 'done' });
    await world.bob.decide('close', await haltedRotation(world));
    expect(await run(world)).toEqual({ kind: 'done' });
  });

  test('ends it as stale where its target or its cluster is not there any more, before anything was begun', async () => {
    for (const parts of [{ clusters: new Map() }, { registry: { commands: [], find: () => undefined } }]) {
      const world = await openWorld();
      await approved(world);
      const handlers = jobHandlers({ ...world.dependencies, ...parts, replies: world.replies });
      expect(await run(world, handlers)).toEqual({ kind: 'done' });
      expect(await world.change('BGP-1')).toMatchObject({
        state: 'stale',
        outcome: {
          sentence: expect.stringContaining('Target rack or the verb rotate does not exist any more.'),
        },
      });
    }
  });

  test('halts it and is done where its target is gone or another one by now', async () => {
    const gone = 'The policy has no target rack any more.';
    const other = { ...RACK, namespace: 'elsewhere' };
    const attic = { ...RACK, name: 'attic' };
    const fewer = { ...RACK, bgp: { ...RACK.bgp, neighbors: RACK.bgp.neighbors.slice(1) } };
    for (const [policyTargets, hasCluster, sentence] of [
      [[attic], true, gone],
      [[RACK], false, gone],
      [[other], true, 'Target rack of the policy now means lookups in elsewhere'],
      [[fewer], true, 'Target rack of the policy has no lookup spk-tor-bgp any more; BGP-1 is for it.'],
    ] as const) {
      const world = await openWorld();
      await world.bob.decide('resume', await haltedRotation(world));
      const { policy, clusters } = world.dependencies;
      const handlers = jobHandlers({
        ...world.dependencies,
        policy: { ...policy, targets: policyTargets },
        clusters: hasCluster ? clusters : new Map(),
        replies: world.replies,
      });
      expect(await run(world, handlers)).toEqual({ kind: 'done' });
      expect(await world.change('BGP-1')).toMatchObject({
        state: 'halted',
        outcome: { reasonCode: 'target_gone', sentence: expect.stringContaining(sentence) },
      });
    }
  });

  test('is put back where that it halted could not be written', async () => {
    const world = await openWorld();
    await world.bob.decide('resume', await haltedRotation(world));
    const { ledger, policy } = world.dependencies;
    const handlers = jobHandlers({
      ...world.dependencies,
      policy: { ...policy, targets: [{ ...RACK, name: 'attic' }] },
      ledger: { ...ledger, commit: async () => refuse('not_open', 'It is over.', '') },
      replies: world.replies,
    });
    expect(await run(world, handlers)).toEqual({ kind: 'later', afterMs: 1_000 });
  });

  test('that fails before the start says so on the card as well, once', async () => {
    const world = await openWorld();
    await approved(world);
    const people = { ...world.people, accountStatus: () => Promise.reject(new Error('a bug')) };
    const handlers = jobHandlers({ ...world.dependencies, people, replies: world.replies });
    for (let times = 0; times < 2; times += 1) await expect(run(world, handlers)).rejects.toThrow('a bug');
    expect((await world.change('BGP-1')).progress).toBe(
      "An error keeps it from continuing: it is retried every second. The bot's log has the error under BGP-1.",
    );
    expect(world.records('change.progress')).toHaveLength(1);
  });

  test('that fails where nothing can be written fails with what went wrong first', async () => {
    const world = await openWorld();
    await approved(world);
    const people = { ...world.people, accountStatus: () => Promise.reject(new Error('a bug')) };
    const ledger = {
      ...world.dependencies.ledger,
      commit: () => Promise.reject(new Error('the store is away')),
    };
    const handlers = jobHandlers({ ...world.dependencies, people, ledger, replies: world.replies });
    await expect(run(world, handlers)).rejects.toThrow('a bug');
  });
});

test('a halt without required approvals has no clock', async () => {
  const world = await openWorld({ changes: { waiveRollback: true } });
  const halted = await haltedRotation(world);
  const rollback = await world.alice.propose(`rollback ${halted.id}`);
  const outcome = { reasonCode: 'session_down', sentence: 'x', atMs: world.clock.now() } as const;
  const { ledger } = world.dependencies;
  const started = await ledger.commit(rollback, { kind: 'start', atMs: 0 }, 'bot');
  if (started.kind !== 'committed') throw new Error(started.kind);
  await ledger.commit(started.change, { kind: 'end', state: 'halted', outcome }, 'bot');
  await world.stream.deliverAll();
  const jobs = world.jobs.waiting().map(({ id }) => id.replace(/\.\d+$/, ''));
  expect(jobs).toContain('BGP-1.resume-by');
  expect(jobs).not.toContain('BGP-2.resume-by');
});

describe('a query', () => {
  const asked = (verb: string, target = 'rack') => ({ parsed: { verb, args: [], flags: {} }, target });

  test('whose target, cluster or verb is not there any more is answered so', async () => {
    const { dependencies } = await openWorld();
    const gone = {
      kind: 'refusal',
      reasonCode: 'unknown_target',
      sentence: 'Target rack does not exist any more.',
      next: 'Type the command again.',
    };
    expect(await runQuery(asked('nodes'), { ...dependencies, clusters: new Map() })).toEqual(gone);
    expect(await runQuery(asked('rotate'), dependencies)).toEqual(gone);
    expect(await runQuery(asked('nodes', 'attic'), dependencies)).toMatchObject({
      sentence: 'Target attic does not exist any more.',
    });
  });

  test('that does not mean anything is answered with what is wrong', async () => {
    const { dependencies } = await openWorld();
    const refusal = refuse('missing_argument', 'It needs a node.', 'Type one.');
    const [one] = (await loadRegistry()).commands.filter(({ kind }) => kind === 'query');
    if (one?.kind !== 'query') throw new Error('there is one');
    const registry = { commands: [], find: () => ({ ...one, read: () => refusal }) };
    expect(await runQuery(asked('show'), { ...dependencies, registry })).toBe(refusal);
  });

  test('that fails gives its slot free, and is not waited for where it is not kept any more', async () => {
    const world = await openWorld();
    world.replies.unreachable = true;
    const { pendingQueries, clock } = world.dependencies;
    const { person } = world.alice;
    await pendingQueries.keep({
      id: 'q1',
      ...asked('nodes'),
      person,
      channel: CHANNEL,
      askedAtMs: clock.now(),
    });
    const answer = (id: string) => world.handlers.query(id, new AbortController().signal);
    for (let times = 0; times < 5; times += 1) await expect(answer('q1')).rejects.toThrow('the chat');
    expect(await answer('q2')).toEqual({ kind: 'done' });
  });
});
