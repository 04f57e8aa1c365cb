import { expect, test } from '@jest/globals';
import { openWorld } from '../doubles/world.ts';
import { asked } from './asked.ts';

const W1 = 'worker1.rack.example.com';
const W2 = 'worker2.rack.example.com';
const LOOKUP = 'spk-tor-bgp';

test('peers tells which nodes, lookups, AS and sessions a router serves', async () => {
  const world = await openWorld();
  world.cluster.edit(LOOKUP, W2, '10.20.2.1,10.20.1.1');
  const told = await asked(world, 'peers 10.20.1.1');
  expect(told).toContain('10.20.1.1 on rack: 2 nodes mapped, 1 of 2 sessions Established');
  expect(told).toMatch(new RegExp(`${W1} \\| ${LOOKUP} \\| 3535 \\| f5-tmm-\\d \\| Established, 2 prefixes`));
  expect(told).toMatch(
    new RegExp(`${W2} \\| ${LOOKUP} \\| 3535 \\| f5-tmm-\\d \\| absent: not configured in the pod`),
  );
  expect(told).toContain('warning: 0 down, 1 absent, 0 unknown.');
  expect(await asked(world, 'peers 2001:DB8:20:1:0::1')).toContain('2001:db8:20:1::1 on rack: 1 node mapped');
});

test('peers tells a session that is left over from an older mapping, and a router that nobody has', async () => {
  const world = await openWorld();
  world.cluster.edit(LOOKUP, W1, '10.20.1.9');
  expect(await asked(world, 'peers 10.20.1.1')).toMatch(
    new RegExp(`${W1} \\| not mapped \\| - \\| f5-tmm-\\d \\| Established`),
  );
  expect(await asked(world, 'peers 10.99.9.9')).toContain(
    'No lookup maps it, and no TMM pod has it as a peer.',
  );
});

test('peers says where the router stands in a value that cannot be read', async () => {
  const world = await openWorld();
  world.cluster.edit(LOOKUP, W1, '10.20.1.1/32');
  world.cluster.edit(LOOKUP, W2, 'leaf2');
  const told = await asked(world, 'peers 10.20.1.1');
  expect(told).toContain(
    `bad: It is in the value of ${W1} in ${LOOKUP}, "10.20.1.1/32", which cannot be read`,
  );
  expect(told).toContain('unknown: 1 more value cannot be read');
});

test('peers takes one address', async () => {
  const world = await openWorld();
  expect(await asked(world, 'peers 10.20.1.1 10.20.1.2')).toContain('unknown_argument');
  expect(await asked(world, 'peers')).toContain('missing_argument');
  expect(await asked(world, 'peers worker1')).toContain('not_an_address');
});
