import { describe, expect, test } from '@jest/globals';
import { openWorld, type World } from '../doubles/world.ts';
import { asked } from './asked.ts';

const LOOKUP = 'spk-tor-bgp';
const SHORT = Array.from({ length: 12 }, (_, at) => `worker${at + 1}`);
const nameOf = (short: string) => `${short}.rack.example.com`;

/** Twelve mapped nodes with a TMM pod each. */
async function rack(): Promise<World> {
  const nodes = SHORT.map(nameOf);
  const data = Object.fromEntries(SHORT.map((short, at) => [nameOf(short), `10.20.${at + 1}.1`]));
  return openWorld({ cluster: { nodes, lookups: { [LOOKUP]: data } } });
}

/** The nodes of the rack in the order in which they are first named. */
function orderIn(told: string): readonly string[] {
  return [...new Set([...told.matchAll(/\b(worker\d+)\.rack/g)].map(([, short = '']) => short))];
}

describe('of twelve nodes', () => {
  test.each(['nodes', 'show'])('%s names them as people count', async (verb) => {
    const order = orderIn(await asked(await rack(), verb));
    expect(order.slice(0, SHORT.length)).toEqual(SHORT);
  });

  test('verify too, in what holds', async () => {
    const holds = (await asked(await rack(), 'verify')).split('passed.')[1] ?? '';
    expect(orderIn(holds)).toEqual(SHORT);
  });

  test.each(['show', 'verify'])('%s tells the broken one first', async (verb) => {
    const world = await rack();
    world.cluster.routers.set('10.20.11.1', 'down');
    await world.pass(60_000);
    const told = await asked(world, verb);
    expect(orderIn(told)[0]).toBe('worker11');
  });

  test('nodes tells a faulty one first', async () => {
    const world = await rack();
    world.cluster.edit(LOOKUP, nameOf('worker11'), 'router-1');
    await world.pass(1_000);
    const told = await asked(world, 'nodes');
    expect(orderIn(told.slice(told.indexOf('Node | ')))).toEqual([
      'worker11',
      ...SHORT.filter((short) => short !== 'worker11'),
    ]);
  });

  test('stale names them as people count', async () => {
    const world = await rack();
    for (const short of ['worker10', 'worker2', 'worker1'])
      world.cluster.edit(LOOKUP, nameOf(short), '10.20.99.1');
    expect(orderIn(await asked(world, 'stale'))).toEqual(['worker1', 'worker2', 'worker10']);
  });

  test('peers tells the broken session first', async () => {
    const world = await rack();
    for (const short of SHORT) world.cluster.edit(LOOKUP, nameOf(short), '10.20.50.1');
    const told = await asked(world, 'peers 10.20.50.1');
    expect(orderIn(told)).toEqual(SHORT);
  });
});
