import { expect, test } from '@jest/globals';
import { comparedSettings } from '../../../src/domain/bgp/compare-settings.ts';
import { type ExpectedPeer, expectedPeersOf } from '../../../src/domain/bgp/inspection.ts';
import { anInspection, aPod } from '../checks/an-inspection.ts';

test('multihop is claimed to be compared only where the Helm values ask for it', () => {
  const expected = expectedPeersOf(
    anInspection([], { mapping: { worker1: '10.20.1.1, 10.20.1.2' } }),
    aPod('tmm', 'worker1'),
  );
  const [first, second] = expected.peers;
  if (first === undefined || second === undefined) throw new Error('the node has two peers');
  const told = (peers: readonly ExpectedPeer[]) => comparedSettings({ ...expected, peers });
  expect(told([first, second])).toBe(
    'AS numbers, address families, soft-reconfiguration, BFD, route maps, max-paths ebgp, and whether a password is set',
  );
  const hops = { ...second, neighbor: { ...second.neighbor, ebgpMultihop: 2 } };
  expect(told([first, hops])).toMatch(/^AS numbers, multihop, address families, /);
  expect(told([])).not.toContain('multihop');
});
