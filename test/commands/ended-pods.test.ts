import { expect, test } from '@jest/globals';
import { openWorld } from '../doubles/world.ts';
import { asked } from './asked.ts';

test('a pod that ended is no TMM pod: it is counted nowhere, and named once as left over', async () => {
  const world = await openWorld();
  const [first] = world.cluster.tmms.pods();
  const name = first?.name ?? '';
  world.cluster.tmms.fail(name);
  await world.pass(60_000);
  const verify = await asked(world, 'verify');
  expect(verify).toMatch(/all \d+ checks passed/);
  const nodes = await asked(world, 'nodes');
  const show = await asked(world, 'show');
  const showNode = await asked(world, `show ${first?.node}`);
  for (const told of [verify, nodes, show, showNode]) {
    expect(told.split(name)).toHaveLength(3);
    expect(told).toMatch(new RegExp(`Leftover pods that have ended: ${name} on [^ ]+ \\(Failed: Evicted`));
    expect(told).toContain(`kubectl delete pod ${name} -n spk-ingress`);
  }
});

test('a node with an ended pod only has no TMM, and is not told to lack a mapping', async () => {
  const world = await openWorld();
  world.cluster.tmms.setNode('worker9');
  world.cluster.tmms.setNode('worker1.rack.example.com', { cordoned: true });
  const [first] = world.cluster.tmms.pods();
  world.cluster.tmms.fail(first?.name ?? '');
  await world.pass(60_000);
  const [moved] = world.cluster.tmms.pods().filter(({ node }) => node === 'worker9');
  world.cluster.tmms.fail(moved?.name ?? '');
  world.cluster.tmms.setNode('worker9', { cordoned: true });
  await world.pass(60_000);
  expect(await asked(world, 'nodes')).not.toContain('A TMM pod runs on worker9');
  expect(await asked(world, 'restart worker1.rack.example.com')).toContain('no_tmm_pods');
});
