import { beforeEach, expect, test } from '@jest/globals';
import type { Change } from '../../../src/domain/change/change.ts';
import { trafficNow } from '../../../src/workflow/execution/traffic-now.ts';
import { aChange } from '../../contracts/a-stored-change.ts';
import { TARGET } from '../../domain/checks/an-inspection.ts';
import { aSite, manyNodes, ROTATE, restart, type Site } from './a-site.ts';

let site: Site;
beforeEach(() => {
  site = aSite(manyNodes(3));
});

function traffic(
  parts: Partial<Change['plan']> = restart('tmm-1'),
  about: 'halt' | 'stop' = 'halt',
): Promise<string | undefined> {
  const change = aChange('BGP-1');
  const plan = { ...change.plan, differences: [], restarts: [], ...parts };
  return trafficNow(
    { change: () => ({ ...change, plan }), cluster: site.rack, target: TARGET, clock: site.clock },
    about,
  );
}

test('each TMM pod is told by what its router says', async () => {
  site.rack.down.add('10.20.2.1');
  expect(await traffic()).toBe('✓ worker1, worker3 carry · ✗ worker2 carries nothing');
});

test('a pod that cannot be asked is unknown, one that is ending is not looked at', async () => {
  const [one, two, three] = site.rack.pods;
  if (one === undefined || two === undefined || three === undefined) throw new Error('there are three');
  site.rack.pods.splice(0, 3, { ...one, phase: 'Pending' }, { ...two, terminating: true }, three);
  expect(await traffic()).toBe('✓ worker3 carries · ? worker1 unknown');
});

test('twelve pods are asked, those of the change first', async () => {
  site = aSite(manyNodes(14));
  expect(await traffic(restart('tmm-13'))).toContain('2 TMM pods were not read');
  const asked = new Set(site.calls(/^show/).map((call) => call.replace(/.* of /, '')));
  expect(asked.size).toBe(12);
  expect([asked.has('tmm-13'), asked.has('tmm-11'), asked.has('tmm-12')]).toEqual([true, true, false]);
});

test('a node that is only mapped anew is of the change as well', async () => {
  site = aSite(manyNodes(14));
  await traffic({ differences: [{ ...ROTATE, node: 'worker14' }] });
  expect(site.calls(/of tmm-14$/)).not.toEqual([]);
});

test('nothing is said of a change that touches no TMM pod, nor where the cluster cannot be read', async () => {
  expect(await traffic({})).toBeUndefined();
  expect(site.rack.calls).toEqual([]);
  site.rack.unreadable = 'The API server answers 503.';
  expect(await traffic()).toBeUndefined();
});

test.each([
  ['halt', 2_000],
  ['stop', 700],
] as const)('after a %s, what does not answer within %i ms is not waited for', async (about, timeoutMs) => {
  site.rack.imish = () => new Promise(() => undefined);
  const startedAtMs = site.clock.monotonicMs();
  expect(await traffic(restart('tmm-1'), about)).toBeUndefined();
  expect(site.clock.monotonicMs() - startedAtMs).toBe(timeoutMs);
});

test('a fault in reading it is told in a few words', async () => {
  site.rack.tmmState = () => Promise.reject(new Error('x'.repeat(500)));
  expect(await traffic()).toMatch(/^unknown \(internal error: x{50,100}…?\)$/);
  site.rack.tmmState = () => Promise.reject('no error');
  expect(await traffic()).toBe('unknown (internal error: no error)');
});
