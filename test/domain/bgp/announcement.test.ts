import { expect, test } from '@jest/globals';
import {
  advertisedOf,
  describeRoutes,
  type Exchange,
  whyNotAnnounced,
} from '../../../src/domain/bgp/announcement.ts';
import type { RoutesReading } from '../../../src/domain/zebos/read-routes.ts';
import type { Member } from '../../../src/domain/zebos/read-running-config.ts';
import { config } from '../checks/an-inspection.ts';

const PEER = '10.20.1.1';
const SILENT: RoutesReading = { readable: false, why: 'the output is empty' };
const REFUSED: RoutesReading = { readable: false, why: 'the router answers: % No such neighbor' };

function routes(prefixes: readonly string[], own: readonly string[] = prefixes): RoutesReading {
  return { readable: true, prefixes, own };
}

function exchange(more: Partial<Exchange> = {}): Exchange {
  const none = routes([]);
  return { family: 'IPv4', table: none, advertised: none, received: none, announced: 0, ...more };
}

function member(more: Partial<Member> = {}): Member | undefined {
  return config([PEER], more).members.get(PEER);
}

test.each<[RoutesReading, string]>([
  [routes([]), 'none'],
  [routes(['a']), '1 prefix: a'],
  [routes(['a', 'b']), '2 prefixes: a, b'],
  [routes(Array.from({ length: 20 }, () => 'a')), `20 prefixes: ${'a, '.repeat(19)}a`],
  [routes(Array.from({ length: 22 }, () => 'a')), `22 prefixes: ${'a, '.repeat(19)}a, and 2 more`],
  [SILENT, 'unknown: the output is empty'],
])('%j is told as “%s”', (reading, words) => {
  expect(describeRoutes(reading)).toBe(words);
});

test('silence means that nothing is announced only where the router counts 0', () => {
  expect(advertisedOf(exchange({ advertised: SILENT, announced: 0 }))).toEqual(routes([]));
  expect(advertisedOf(exchange({ advertised: SILENT, announced: 3 }))).toEqual(SILENT);
  expect(advertisedOf(exchange({ advertised: SILENT, announced: undefined }))).toEqual(SILENT);
  expect(advertisedOf(exchange({ advertised: REFUSED, announced: 0 }))).toEqual(REFUSED);
});

test.each<[string, Partial<Exchange>, Member | undefined, string | undefined]>([
  [
    'there is none of its own',
    { table: routes(['x'], []) },
    member(),
    'There is nothing to announce for IPv4: this TMM has no route of its own, so no virtual server.',
  ],
  [
    'there is none of its own, and others go out',
    { table: routes(['x'], []), advertised: routes(['x']) },
    member(),
    undefined,
  ],
  ['all go out', { table: routes(['a']), advertised: routes(['a']) }, member(), undefined],
  ['what goes out cannot be read', { table: routes(['a']), advertised: REFUSED }, member(), undefined],
  ['the table cannot be read', { table: REFUSED }, member(), undefined],
  [
    'a route map drops them',
    { table: routes(['a', 'b']) },
    member({ routeMapOut: 'none' }),
    'None of the 2 IPv4 routes of its own is announced (a, b): route-map none out drops them.',
  ],
  [
    'a route map or a prefix list drops one',
    { table: routes(['a', 'b']), advertised: routes(['a']) },
    member({ routeMapOut: 'some', prefixListOut: 'few' }),
    '1 of the 2 IPv4 routes of its own is not announced (b): route-map some out or prefix-list few out drops them.',
  ],
  [
    'two of three are not announced, and nothing tells why',
    { table: routes(['a', 'b', 'c']), advertised: routes(['a']) },
    member(),
    '2 of the 3 IPv4 routes of its own are not announced (b, c): no route map and no prefix list of this peer is configured; look at its family on both sides.',
  ],
  [
    'the family is not activated',
    { family: 'IPv6', table: routes(['a']) },
    member({ routeMapOut: 'none' }),
    'None of the 1 IPv6 routes of its own is announced (a): the peer is not activated for IPv6.',
  ],
  [
    'the configuration was not read',
    { table: routes(['a']) },
    undefined,
    'None of the 1 IPv4 routes of its own is announced (a): the running-config, which would show why, cannot be read.',
  ],
])('why routes are not announced: %s', (_, more, configured, expected) => {
  expect(whyNotAnnounced(exchange(more), configured)).toBe(expected);
});
