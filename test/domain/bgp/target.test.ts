import { expect, test } from '@jest/globals';
import { lookupsOf } from '../../../src/domain/bgp/target.ts';
import { TARGET } from '../checks/an-inspection.ts';

test('the lookups of a target stand in the order of its Helm values, without its static peers', () => {
  const [tor, torV6] = TARGET.bgp.neighbors;
  if (tor === undefined || torV6 === undefined) throw new Error('the target has too few neighbors');
  const { nodeLookup: _, ...common } = tor;
  const bgp = { asn: 64443, neighbors: [torV6, { ...common, ip: '10.9.9.9' }, { ...tor, asn: 65000 }] };
  expect(lookupsOf({ ...TARGET, bgp }).map(({ name, asn }) => [name, asn])).toEqual([
    ['tor-v6', 3535],
    ['tor', 65000],
  ]);
});
