import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readRoutes } from '../../../src/domain/zebos/read-routes.ts';
import { capture, cutsOf, placesOf } from './capture.ts';

const ZEBOS = `BGP table version is 7, local router ID is 10.244.1.17
Status codes: s suppressed, d damped, h history, * valid, > best, i - internal,
              S Stale, m multipath
Origin codes: i - IGP, e - EGP, ? - incomplete

    Network          Next Hop            Metric     LocPrf     Weight Path
*>  10.10.10.100/32  0.0.0.0                  0        100      32768 ?
*>  2001:db8:10:aaaa:bbbb:cccc:dddd:100/128
                     ::                       0        100      32768 ?
*>i 10.30.0.0/16     10.20.1.1                0        100          0 3535 i
*m                   10.20.1.2                0        100          0 3535 i
*>i10.40.0.0/16      10.20.1.1                0        100          0 3535 i

Total number of prefixes 4
`;

const FRR = `BGP table version is 9, local router ID is 192.0.2.7, vrf id 0
Default local pref 100, local AS 64443
Status codes:  s suppressed, d damped, h history, * valid, > best, = multipath,
               i internal, r RIB-failure, S Stale, R Removed
Nexthop codes: @NNN nexthop's vrf id, < announce-nh-self
Origin codes:  i - IGP, e - EGP, ? - incomplete
RPKI validation codes: V valid, I invalid, N Not found

     Network          Next Hop            Metric LocPrf Weight Path
 *>  203.0.113.10/32  0.0.0.0                  0         32768 i
 *=  198.51.100.0/24  10.20.1.1                              0 3535 i
 *>                   10.20.1.2                              0 3535 i

Displayed 2 routes and 3 total paths
`;

const DEFAULT = `BGP table version is 9, local router ID is 170.39.198.132, vrf id 0

Originating default network ::/0


Total number of prefixes 1
`;

test.each([
  [
    'ZebOS',
    ZEBOS,
    ['10.10.10.100/32', '2001:db8:10:aaaa:bbbb:cccc:dddd:100/128', '10.30.0.0/16', '10.40.0.0/16'],
    ['10.10.10.100/32', '2001:db8:10:aaaa:bbbb:cccc:dddd:100/128'],
  ],
  ['FRR', FRR, ['203.0.113.10/32', '198.51.100.0/24'], ['203.0.113.10/32']],
  ['a router that originates a default route', DEFAULT, ['::/0'], []],
  [
    'a router that prints its default route without a mask',
    DEFAULT.replace('::/0', '0.0.0.0'),
    ['0.0.0.0/0'],
    [],
  ],
  [
    'FRR 8.4, whose next hop may wrap',
    capture('frr84-routes.txt'),
    ['2001:db8:30::/48', '2001:db8:99::10/128'],
    ['2001:db8:99::10/128'],
  ],
  [
    'a router with natural masks, one of which wraps',
    `*>  10.0.0.0
                     0.0.0.0                  0        100      32768 ?
*>  192.0.2.0        10.20.1.1                0        100          0 3535 i

Total number of prefixes 2
`,
    ['10.0.0.0', '192.0.2.0'],
    ['10.0.0.0'],
  ],
  [
    'a router whose further route wraps behind its next hop',
    `*>  10.0.0.0/8       0.0.0.0                  0        100      32768 ?
*>                   10.20.1.2

Total number of prefixes 1
`,
    ['10.0.0.0/8'],
    ['10.0.0.0/8'],
  ],
  [
    'a router whose route is followed by an address',
    `*>  10.0.0.0/8       10.20.1.1                0        100          0 3535 i
10.20.1.2 32768
Total number of prefixes 1
`,
    ['10.0.0.0/8'],
    [],
  ],
  [
    'a router whose long network stands alone, without a blank behind its status',
    `*>i2001:db8:10:aaaa:bbbb:cccc:dddd:100/128

                     2001:db8::1              0        100          0 3535 i
Total number of prefixes 1
`,
    ['2001:db8:10:aaaa:bbbb:cccc:dddd:100/128'],
    [],
  ],
  [
    'a router whose natural mask wraps over a blank line',
    `*>  10.0.0.0

                     0.0.0.0                  0        100      32768 ?
Total number of prefixes 1
`,
    ['10.0.0.0'],
    ['10.0.0.0'],
  ],
  [
    'a router whose legend wraps',
    `Status codes: s suppressed, d damped,
* valid, > best
*>  10.0.0.0/8       0.0.0.0                  0        100      32768 ?
Total number of prefixes 1
`,
    ['10.0.0.0/8'],
    ['10.0.0.0/8'],
  ],
  [
    'FRR, whose routes may be judged by RPKI, damped, past, suppressed or not valid',
    `     Network          Next Hop            Metric LocPrf Weight Path
N*>  10.10.10.100/32  0.0.0.0                  0         32768 ?
V*>  10.50.0.0/16     10.20.1.1                0             0 3535 i
 *d  10.51.0.0/16     10.20.1.1                0             0 3535 i
  h  10.52.0.0/16     10.20.1.1                0             0 3535 i
 s>  10.53.0.0/16     10.20.1.1                0             0 3535 i
     10.54.0.0/16     10.20.1.1                0             0 3535 i
     2001:db8:54::/48 2001:db8::1              0             0 3535 i

Displayed 7 routes and 7 total paths
`,
    [
      '10.10.10.100/32',
      '10.50.0.0/16',
      '10.51.0.0/16',
      '10.52.0.0/16',
      '10.53.0.0/16',
      '10.54.0.0/16',
      '2001:db8:54::/48',
    ],
    ['10.10.10.100/32'],
  ],
  [
    'a router that received routes from AS 32768 and with that metric',
    `    Network          Next Hop            Metric     LocPrf     Weight Path
*>  10.0.0.0/8       10.20.1.1                0        100          0 32768 i
*>  10.1.0.0/16      10.20.1.1            32768        100          0 3535 i
*>  10.2.0.0/16      10.244.0.1               0        100      32768 ?

Total number of prefixes 3
`,
    ['10.0.0.0/8', '10.1.0.0/16', '10.2.0.0/16'],
    ['10.2.0.0/16'],
  ],
  [
    'a router that received a route from AS 32768, without its header',
    '*>  10.0.0.0/8  10.20.1.1 0 32768 i\nTotal number of prefixes 1\n',
    ['10.0.0.0/8'],
    [],
  ],
  ['a router without routes', 'Total number of prefixes 0\n', [], []],
  ['FRR without routes of this neighbor', 'No BGP prefixes displayed, 3 exist\n', [], []],
  ['Quagga without routes', 'No BGP network exists\n', [], []],
])('the routes of %s are read, and which are its own', (_, text, prefixes, own) => {
  expect(readRoutes(text)).toEqual({ readable: true, prefixes, own });
});

test.each([
  ['', 'the output is empty'],
  ['% No such neighbor or address family\n', 'the router answers: % No such neighbor or address family'],
  [
    '% Inbound soft reconfiguration not enabled\n',
    'the router answers: % Inbound soft reconfiguration not enabled',
  ],
  [ZEBOS.slice(0, ZEBOS.indexOf('Total')), 'the routes break off'],
  [ZEBOS.replace('prefixes 4', 'prefixes 5'), 'the router counts 5 prefixes, but lists 4'],
  ['*>  10.0.0.0/8\n*>  10.1.0.0/16  0.0.0.0 0 100 32768 ?\n', 'the routes break off'],
  ['*>  10.0.0.0/8  0.0.0.0 0 100 32768 ?\n', 'the routes break off'],
  ['*>                   10.20.1.2  0 0 3535 i\n', 'the routes break off at their beginning'],
])('%j cannot be read, and says why', (text, why) => {
  expect(readRoutes(text)).toEqual({ readable: false, why });
});

test.each([ZEBOS, FRR, DEFAULT])(
  'routes that are cut, or of which lines are lost, are never fewer than there are',
  (text) => {
    const whole = readRoutes(text);
    const isFewer = (part: string): boolean => {
      const reading = readRoutes(part);
      return reading.readable && whole.readable && reading.prefixes.length < whole.prefixes.length;
    };
    expect(cutsOf(text).filter(isFewer)).toEqual([]);
    fc.assert(
      fc.property(fc.constantFrom(...placesOf(text)), fc.integer({ min: 1, max: 90 }), (from, length) => {
        expect(isFewer(text.slice(0, from) + text.slice(from + length))).toBe(false);
      }),
      { numRuns: 50 },
    );
  },
);
