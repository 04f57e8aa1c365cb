import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { faultyKeys, keysOf, mappingFaultsOf } from '../../../src/domain/bgp/mapping-faults.ts';
import type { Target } from '../../../src/domain/bgp/target.ts';
import { snapshotOf } from '../../../src/domain/bgp/target-index.ts';
import { TARGET } from '../checks/an-inspection.ts';

const [NEIGHBOR, NEIGHBOR6] = TARGET.bgp.neighbors;
if (NEIGHBOR === undefined || NEIGHBOR6 === undefined) throw new Error('the target has two neighbors');
const { nodeLookup: _, ...settings } = NEIGHBOR;
const target: Target = {
  ...TARGET,
  bgp: {
    ...TARGET.bgp,
    neighbors: [NEIGHBOR, { ...NEIGHBOR6, asn: 3537 }, { ...settings, ip: '10.0.0.9', asn: 3536 }],
  },
};

const key = fc.constantFrom('w1', 'w2', 'W1', 'README', 'w3');
const address = fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.9', '10.0.0.1/32', 'leaf', '');
const value = fc.array(address, { maxLength: 3 }).map((words) => words.join(' '));
const lookup = (name: string) =>
  fc.record({
    name: fc.constant(name),
    uid: fc.constant('u'),
    immutable: fc.constant(false),
    bytes: fc.constant(0),
    writers: fc.constant({}),
    data: fc.dictionary(key, value),
    binaryKeys: fc.subarray(['w2', 'w4']),
  });

test('the keys with faults are all that have one, whatever the lookups hold', () => {
  fc.assert(
    fc.property(lookup('tor'), lookup('tor-v6'), (tor, tor6) => {
      const snapshot = snapshotOf({
        clusterUid: 'uid-of-kube-system',
        target: 'rack',
        lookups: new Map([tor, tor6].map((one) => [one.name, one])),
        nodes: ['w1', 'w2'].map((name) => ({ name, ready: true, cordoned: false })),
        pods: [],
      });
      const having = (keys: readonly string[]): readonly string[] =>
        keys.filter((one) => mappingFaultsOf(target, snapshot, one).length > 0);
      expect(having(faultyKeys(target, snapshot))).toEqual(having(keysOf(snapshot)));
    }),
  );
});
