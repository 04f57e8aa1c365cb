import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readBgpValues } from '../../../src/domain/bgp/helm-values.ts';

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
