import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readMapping } from '../../../src/domain/bgp/mapping.ts';
import {
  clashesOf,
  faultyKeys,
  keysOf,
  mappingFaultsOf,
  shortKeyOf,
} from '../../../src/domain/bgp/mapping-faults.ts';
import type { Lookup } from '../../../src/domain/bgp/snapshot.ts';
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
const address = fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.9', '0.0.0.0', '10.0.0.1/32', 'leaf', '');
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
    { numRuns: 50 },
  );
});

/** What is said of a key that the lookups hold so, in a cluster with nodes w1 and w2. */
function faults(key: string, tor: object, torV6: object = {}): readonly string[] {
  const lookups = [
    { name: 'tor', data: {}, ...tor },
    { name: 'tor-v6', data: {}, ...torV6 },
  ].map((one) => [one.name, { uid: 'u', immutable: false, bytes: 0, writers: {}, ...one }] as const);
  const snapshot = snapshotOf({
    clusterUid: 'uid-of-kube-system',
    target: 'rack',
    lookups: new Map(lookups),
    nodes: ['w1', 'w2'].map((name) => ({ name, ready: true, cordoned: false })),
    pods: [],
  });
  const found = mappingFaultsOf(target, snapshot, key);
  expect(faultyKeys(target, snapshot).includes(key) || found.length === 0).toBe(true);
  return found.map(({ code, about, sentence, next }) => `${code} ${about}: ${sentence} ${next}`);
}

test.each<[string, string, object, object, readonly string[]]>([
  ['a key that is as it should be', 'w1', { data: { w1: '10.0.0.1,10.0.0.2' } }, {}, []],
  ['a key that no lookup has', 'w2', { data: { w1: 'leaf' } }, {}, []],
  [
    'a value that cannot be read',
    'w1',
    { data: { w1: 'leaf' } },
    {},
    [
      'unreadable tor: w1 has a value in tor that cannot be read, "leaf": "leaf" is not an address. Give it its peers as addresses alone: rotate w1 IP[,IP…] --lookup tor',
    ],
  ],
  [
    'a value without an address',
    'w1',
    { data: { w1: ' ' } },
    {},
    [
      'empty tor: w1 is in tor with a value that names no address: it gets no peer from there. Give it its peers (rotate w1 IP[,IP…] --lookup tor), or remove it: remove w1 --lookup tor',
    ],
  ],
  [
    'an address that stands there twice',
    'w1',
    { data: { w1: '10.0.0.1,10.0.0.2,10.0.0.1' } },
    {},
    [
      'repeated tor: w1 names 10.0.0.1 more than once in tor. Name it once: rotate w1 10.0.0.1,10.0.0.2 --lookup tor',
    ],
  ],
  [
    'an address that no router can have',
    'w1',
    { data: { w1: '10.0.0.1,ff02::1' } },
    { data: { w1: '127.0.0.1' } },
    [
      'impossible_peer tor: w1 has a peer in tor to which no session can come up: ff02::1 is a multicast address; no router has it as its own. Give it the addresses of its router: rotate w1 IP[,IP…] --lookup tor',
      'impossible_peer tor-v6: w1 has a peer in tor-v6 to which no session can come up: 127.0.0.1 is a loopback address: the TMM pod would peer with itself. Give it the addresses of its router: rotate w1 IP[,IP…] --lookup tor-v6',
    ],
  ],
  [
    'a key in binaryData',
    'w1',
    { binaryKeys: ['w1'] },
    {},
    [
      `binary tor: w1 is in binaryData of tor, not in data: it is not UTF-8 text, and nothing reads it as addresses. Remove it first: kubectl patch configmap tor --type json -p '[{"op": "remove", "path": "/binaryData/w1"}]', then add it as text.`,
    ],
  ],
  ['another key in binaryData', 'w1', { data: { w1: '10.0.0.1' }, binaryKeys: ['w2'] }, {}, []],
  [
    'an address in two lookups of two AS',
    'w1',
    { data: { w1: '10.0.0.1,10.0.0.2' } },
    { data: { w1: '10.0.0.2' } },
    [
      'two_as 10.0.0.2: w1 has 10.0.0.2 in two AS: AS 3535 in tor and AS 3537 in tor-v6. A router has one AS: remove the address from the lookup where it does not belong.',
    ],
  ],
  [
    'an address that is a static peer of another AS',
    'w1',
    { data: { w1: '10.0.0.9' } },
    {},
    [
      'two_as 10.0.0.9: w1 has 10.0.0.9 in two AS: AS 3535 in tor and AS 3536 as neighbors[2].ip of the Helm values. A router has one AS: remove the address from the lookup where it does not belong.',
    ],
  ],
  [
    'a name that a node has in lower case',
    'W1',
    { data: { W1: '10.0.0.1' } },
    {},
    [
      'case_differs w1: W1 differs from node w1 in case only: no TMM reads it. Map the node by its own name (add w1 IP), and remove the other key: remove W1',
    ],
  ],
  ['a name that no node has in lower case either', 'README', { data: { README: '10.0.0.1' } }, {}, []],
  ['a name that a node has in lower case, in no lookup', 'W1', {}, {}, []],
])('what is wrong with the mapping of a node: %s', (_, key, tor, torV6, expected) => {
  expect(faults(key, tor, torV6)).toEqual(expected);
});

test('the keys are those of all lookups, each once and sorted', () => {
  const common = { uid: 'u', immutable: false, bytes: 0, writers: {} };
  const both: readonly Lookup[] = [
    { ...common, name: 'a', data: { w2: '', w1: '' }, binaryKeys: ['w0'] },
    { ...common, name: 'b', data: { w2: '', w3: '' } },
  ];
  const lookups = new Map(both.map((one) => [one.name, one]));
  expect(keysOf({ lookups })).toEqual(['w0', 'w1', 'w2', 'w3']);
});

test('a key without a fault is not among those with one, and an address of two AS is one of both nodes', () => {
  const third = { ...NEIGHBOR6, asn: 3538, nodeLookup: 'third' };
  const neighbors = [...target.bgp.neighbors, third] as const;
  const three: Target = { ...target, bgp: { ...target.bgp, neighbors: [...neighbors] } };
  const common = { uid: 'u', immutable: false, bytes: 0, writers: {} };
  const lookups = [
    { ...common, name: 'tor', data: { w1: '10.0.0.1', w2: '10.0.0.2' } },
    { ...common, name: 'tor-v6', data: { w3: '10.0.0.1' } },
    { ...common, name: 'third', data: { w4: '10.0.0.4' } },
  ];
  const snapshot = snapshotOf({
    clusterUid: 'uid-of-kube-system',
    target: 'rack',
    lookups: new Map(lookups.map((one) => [one.name, one])),
    nodes: [],
    pods: [],
  });
  expect(faultyKeys(three, snapshot)).toEqual(['w1', 'w3']);
});

test('static neighbors alone clash in no mapping: the policy check at start reports that', () => {
  const twice: Target = {
    ...target,
    bgp: {
      ...target.bgp,
      neighbors: [
        NEIGHBOR,
        { ...settings, ip: '10.0.0.9', asn: 3536 },
        { ...settings, ip: '10.0.0.9', asn: 3538 },
      ],
    },
  };
  const found = (addresses: string) => clashesOf(twice, () => readMapping(addresses));
  expect(found('10.0.0.1')).toEqual([]);
  expect(found('10.0.0.9').map(({ address: one }) => one)).toEqual(['10.0.0.9']);
});

test('a key that is the short name of a node says which is meant, and no other key does', () => {
  const names = ['w1.rack', 'w2.rack', 'w2.lab', 'w12.rack'];
  const node = (name: string) => (names.includes(name) ? { name, ready: true, cordoned: false } : undefined);
  const nodesLabelled = (label: string) => names.filter((name) => name.startsWith(`${label}.`));
  const told = (key: string) => shortKeyOf({ node, nodesLabelled }, key)?.split(',', 1)[0];
  expect(told('w1')).toBe('w1 is not the full name of w1.rack');
  expect(told('W1')).toBe('W1 is not the full name of w1.rack');
  expect(told('w2')).toBe('w2 is not the full name of w2.rack or w2.lab');
  expect(told('w1.rack.')).toBe('w1.rack. is not the full name of w1.rack');
  expect(['w1.rack', 'w3', 'README'].map(told)).toEqual([undefined, undefined, undefined]);
});
