import { describe, expect, test } from '@jest/globals';
import { openWorld, type World } from '../doubles/world.ts';
import { asked } from './asked.ts';

const W1 = 'worker1.rack.example.com';

async function withOneChange(): Promise<World> {
  const world = await openWorld();
  await world.alice.propose(`rotate ${W1} 10.20.1.9`);
  return world;
}

describe('the history of a node', () => {
  test.each([W1, 'worker1', 'Worker1.', `node/${W1}`, `http://${W1}/`, `${W1}?`, `${W1},`])(
    'is found by %j',
    async (typed) => {
      expect(await asked(await withOneChange(), `history ${typed}`)).toMatch(
        /^BGP-1 \| proposed \| [-: \d]+ \| rotate worker1\.rack\.example\.com 10\.20\.1\.9 \| U01ALICE \| -$/m,
      );
    },
  );

  test('of a mistyped node offers the one that was probably meant', async () => {
    const told = await asked(await withOneChange(), 'history worker1.rack.exmaple.com');
    expect(told).toContain(`Did you mean history ${W1}?`);
  });

  test('names as approvers only those whose approval counts', async () => {
    const world = await openWorld({ changes: { requiredApprovals: [{ groups: ['leads'], count: 2 }] } });
    const change = await world.alice.propose(`rotate ${W1} 10.20.1.9`);
    await world.bob.decide('approve', change);
    expect(await asked(world, 'history worker1')).toContain('| U02BOB');
    const approved = await world.change(change.id);
    const decisions = approved.decisions.map((one) => ({ ...one, void: 'not_an_approver' as const }));
    world.store.damageChange(change.id, JSON.stringify({ ...approved, decisions }));
    expect(await asked(world, 'history worker1')).not.toContain('U02BOB');
  });

  test.each(['history worker1', 'changes'])('%s shows where a command is cut', async (typed) => {
    const world = await openWorld();
    const long = '10.20.1.111,10.20.1.112,10.20.1.113';
    await world.alice.propose(`rotate ${W1} ${long}`);
    expect(await asked(world, typed)).toContain(`rotate ${W1} 10.20.1.111,10.20.1.112,10.…`);
  });
});
