import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readBgpValues, unknownBgpKeys } from '../../../src/domain/bgp/helm-values.ts';

const good = {
  asn: 64443,
  neighbors: [
    { nodeLookup: 'spk-tor-bgp', asn: 3535, ebgpMultihop: 100, acceptsIPv4: true, softReconf: true },
  ],
};
const neighbor = (parts: object): object => ({ ...good, neighbors: [{ ...good.neighbors[0], ...parts }] });

describe('the Helm values of BGP', () => {
  test('are taken as people paste them: numbers and flags in quotes too', () => {
    const pasted = {
      asn: '64443',
      maxPathsEbgp: '4',
      maxPathsIbgp: 'null',
      neighbors: [{ nodeLookup: 'spk-tor-bgp', asn: '3535', acceptsIPv4: 'true', fallover: 'false' }],
    };
    expect(readBgpValues(pasted)).toMatchObject({
      asn: 64443,
      maxPathsEbgp: 4,
      neighbors: [{ asn: 3535, acceptsIPv4: true, fallover: false }],
    });
    expect(readBgpValues(pasted)).not.toHaveProperty('maxPathsIbgp');
  });

  test('have the defaults of the chart where they are silent', () => {
    expect(readBgpValues(good)).toMatchObject({ maxPathsEbgp: 2, maxPathsIbgp: 2 });
    expect(readBgpValues({ asn: 1, neighbors: [{ nodeLookup: 'tor', asn: 2 }] })).toEqual({
      asn: 1,
      maxPathsEbgp: 2,
      maxPathsIbgp: 2,
      neighbors: [
        {
          nodeLookup: 'tor',
          asn: 2,
          acceptsIPv4: false,
          acceptsIPv6: false,
          softReconf: false,
          fallover: false,
          passwordSet: false,
        },
      ],
    });
  });

  test('of a newer chart are taken, with keys that are like none of today', () => {
    expect(readBgpValues({ ...good, gracefulRestart: { enabled: true } })).toEqual(readBgpValues(good));
  });

  test.each([
    ['under bgp', { ...good, maxPathsEbgp: 4, maxPathsIbgp: 'null' }],
    ['under a neighbor, as the CNF pages have it', neighbor({ maxPathsEbgp: 4, maxPathsIbgp: 'null' })],
    [
      'at both, which agree',
      {
        ...good,
        maxPathsEbgp: '4',
        maxPathsIbgp: null,
        neighbors: [{ ...good.neighbors[0], maxPathsEbgp: 4 }],
      },
    ],
  ])('lesson 68: have the number of paths %s', (_, values) => {
    const read = readBgpValues(values);
    expect(read).toMatchObject({ maxPathsEbgp: 4 });
    expect(read).not.toHaveProperty('maxPathsIbgp');
    expect(unknownBgpKeys(values)).toEqual([]);
  });

  test('lesson 68: with two numbers of paths are a fault that names both places', () => {
    const values = { ...good, maxPathsEbgp: 4, neighbors: [{ ...good.neighbors[0], maxPathsEbgp: 2 }] };
    expect(readBgpValues(values)).toMatchObject([
      { path: 'neighbors[0].maxPathsEbgp', problem: 'it is 2 here and 4 at maxPathsEbgp' },
    ]);
  });

  test('lesson 68: name the keys of which nothing is known, and no value', () => {
    const values = {
      ...good,
      gracefulRestart: { enabled: true },
      logFile: '/var/log/zebos.log',
      neighbors: [{ ...good.neighbors[0], timers: { secretKeepalive: 'x' } }],
    };
    expect(unknownBgpKeys(values)).toEqual(['gracefulRestart', 'neighbors[0].timers']);
  });

  test.each(['routeMapIn', 'passwordSecret', 'gracefulRestart', 'timers', 'description'])(
    'lesson 68: with a parameter that is not known are taken, and it is named: %s',
    (key) => {
      const values = neighbor({ [key]: 'x', routeMap: 'y' });
      expect(readBgpValues(values)).toMatchObject({ asn: 64443 });
      expect(unknownBgpKeys(values)).toEqual([`neighbors[0].${key}`]);
    },
  );

  test('lesson 64: with one static address in two AS are a fault', () => {
    const values = {
      asn: 1,
      neighbors: [
        { ip: '2001:DB8::1', asn: 2 },
        { ip: '2001:db8:0::1', asn: 3 },
      ],
    };
    expect(readBgpValues(values)).toMatchObject([{ path: 'neighbors[1].ip' }]);
  });

  test('never give a password back, only that there is one', () => {
    const read = readBgpValues(neighbor({ password: 'very-secret' }));
    expect(JSON.stringify(read)).not.toContain('very-secret');
    expect(read).toMatchObject({ neighbors: [{ passwordSet: true }] });
    expect(readBgpValues(neighbor({ password: '' }))).toMatchObject({ neighbors: [{ passwordSet: false }] });
  });

  test.each([
    ['asn 0', { ...good, asn: 0 }],
    ['asn beyond four bytes', { ...good, asn: 4_294_967_296 }],
    ['asn in words', { ...good, asn: 'AS64443' }],
    ['asn in another base', { ...good, asn: '0x10' }],
    ['no asn', { neighbors: good.neighbors }],
    ['no neighbors', { asn: 64443, neighbors: [] }],
    ['maxPathsEbgp 0', { ...good, maxPathsEbgp: 0 }],
    ['maxPathsEbgp 65', { ...good, maxPathsEbgp: 65 }],
    ['maxPathsIbgp in words', { ...good, maxPathsIbgp: 'many' }],
    ['ebgpMultihop 0', neighbor({ ebgpMultihop: 0 })],
    ['ebgpMultihop 256', neighbor({ ebgpMultihop: 256 })],
    ['a neighbor AS of 0', neighbor({ asn: 0 })],
    ['acceptsIPv4 maybe', neighbor({ acceptsIPv4: 'maybe' })],
    ['a lookup that is no ConfigMap name', neighbor({ nodeLookup: 'Spk_Tor' })],
    ['both lookup and ip', neighbor({ ip: '10.20.1.1' })],
    ['neither lookup nor ip', { asn: 1, neighbors: [{ asn: 2 }] }],
    ['an ip that is none', { asn: 1, neighbors: [{ asn: 2, ip: 'router1' }] }],
    [
      'one lookup for two AS',
      { asn: 1, neighbors: [...good.neighbors, { nodeLookup: 'spk-tor-bgp', asn: 2 }] },
    ],
    ['a key that is nearly right', neighbor({ acceptIPv4: true })],
    ['not a map', 'bgp'],
    ['nothing', undefined],
  ])('%s is a fault, with its place and its cure', (_, values) => {
    const faults = readBgpValues(values);
    if (!Array.isArray(faults)) throw new Error('it was taken');
    expect(faults.length).toBeGreaterThan(0);
    for (const { problem, remedy } of faults) expect(`${problem}${remedy}`.length).toBeGreaterThan(10);
  });

  test('every fault is named at once', () => {
    const faults = readBgpValues({ asn: 0, maxPathsEbgp: 99, neighbors: [{ nodeLookup: 'x', asn: 0 }] });
    expect(Array.isArray(faults) && faults.map(({ path }) => path).sort()).toEqual([
      'asn',
      'maxPathsEbgp',
      'neighbors[0].asn',
    ]);
  });

  test('never throw, whatever stands there', () => {
    fc.assert(
      fc.property(fc.anything(), (values) => {
        readBgpValues(values);
      }),
    );
  });
});

test('of what is no values of BGP at all, no key is unknown', () => {
  expect(unknownBgpKeys('asn: 64443')).toEqual([]);
});

test('a router with an address may have another AS than those that are mapped', () => {
  const router = { ip: '10.20.1.9', asn: 3600, acceptsIPv4: true };
  const values = readBgpValues({ ...good, neighbors: [...good.neighbors, router] });
  expect(values).toMatchObject({ neighbors: [{ asn: 3535 }, { asn: 3600 }] });
});
