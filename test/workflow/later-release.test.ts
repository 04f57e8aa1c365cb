import { describe, expect, test } from '@jest/globals';
import { isRefusal } from '../../src/domain/refusal.ts';
import { jobHandlers } from '../../src/workflow/execution/job-handlers.ts';
import type { Reply } from '../../src/workflow/requests.ts';
import { haltedRotation, ROTATE } from '../doubles/halted-rotation.ts';
import { openWorld, type World } from '../doubles/world.ts';

const NODE = 'worker1.rack.example.com';

/** A world with BGP-1, which nobody can read, and BGP-2, which a later release wrote. */
async function openDowngraded(): Promise<World> {
  const world = await openWorld();
  const broken = await world.alice.propose(`rotate ${NODE} 10.20.1.7`);
  const later = await world.alice.propose(`rotate ${NODE} 10.20.1.8`);
  await world.bob.decide('approve', later);
  const approved = await world.change(later.id);
  world.store.damageChange(broken.id, '{"state":"moonstruck"}');
  world.store.damageChange(later.id, JSON.stringify({ ...approved, v: 2, moon: 'full' }));
  return world;
}

const wordsOf = (reply: Reply): string => JSON.stringify(reply);

describe('lesson 52: after a downgrade', () => {
  test('changes and history answer, and name what they leave out', async () => {
    const world = await openDowngraded();
    for (const words of ['changes', `history ${NODE}`]) {
      const answer = wordsOf(await world.alice.submit(words));
      expect(answer).toContain('BGP-1 cannot be read by this release of the bot and is left out.');
      expect(answer).toContain('"BGP-2"');
    }
  });

  test('what others ask for is proposed, approved and carried out', async () => {
    const world = await openDowngraded();
    const change = await world.alice.propose(ROTATE);
    await world.bob.decide('approve', change);
    await world.pass(5 * 60_000);
    expect((await world.change(change.id)).state).toBe('succeeded');
    expect(world.stream.failures).toEqual([]);
    expect(world.jobs.failures).toEqual([]);
  });

  test('the deadline and the reminder of what it does not understand wait for a replica that does', async () => {
    const world = await openDowngraded();
    const { signal } = new AbortController();
    for (const deadline of ['execute-by', 'remind-by'])
      expect(await world.handlers.expiry(`BGP-2.${deadline}.1`, signal)).toEqual({
        kind: 'later',
        afterMs: 5_000,
      });
  });

  test('what it does not understand is left alone, and whoever asks about it hears why', async () => {
    const world = await openDowngraded();
    const before = await world.change('BGP-2');
    for (const verb of ['cancel', 'approve'] as const) {
      expect(await world.bob.decide(verb, 'BGP-1')).toMatchObject({ reasonCode: 'unreadable' });
      expect(await world.bob.decide(verb, 'BGP-2')).toMatchObject({ reasonCode: 'later_release' });
    }
    for (const words of ['status BGP-1', 'audit BGP-1', 'rollback BGP-1']) {
      const reply = await world.alice.submit(words);
      expect([words, isRefusal(reply) && reply.reasonCode]).toEqual([words, 'unreadable']);
    }
    expect(wordsOf(await world.alice.submit('status BGP-2'))).toContain('a later release of the bot');
    await world.pass(60_000);
    expect(await world.change('BGP-2')).toEqual(before);
    // Its jobs wait for a replica that can read it.
    expect(world.jobs.waiting().map(({ id }) => id.split('.')[0])).toContain('BGP-2');
  });

  test('an approved change behind one that cannot be read waits, and says for which', async () => {
    const world = await openWorld();
    const halted = await haltedRotation(world);
    const next = await world.alice.propose(`rotate ${NODE} 10.20.1.7`);
    await world.bob.decide('approve', next);
    world.store.damageChange(halted.id, '{"state":"moonstruck"}');
    await world.pass(10_000);
    expect(await world.change(next.id)).toMatchObject({
      state: 'approved',
      progress: expect.stringContaining(`Waits: ${halted.id} cannot be read by this release`),
      waitsFor: halted.id,
    });
  });

  test('the job of what cannot be read stays for a release that can', async () => {
    const world = await openDowngraded();
    const handlers = jobHandlers({ ...world.dependencies, replies: world.replies });
    const { signal } = new AbortController();
    for (const id of ['BGP-1', 'BGP-2']) {
      expect(await handlers.change(`${id}.9`, signal)).toMatchObject({ kind: 'later' });
      expect(await handlers.expiry(`${id}.approve-by.9`, signal)).toMatchObject({ kind: 'later' });
    }
  });
});
