import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readSummary } from '../../../src/domain/zebos/read-summary.ts';

const HEADER = 'Neighbor        V    AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd\n';
const FRR =
  'Neighbor        V         AS   MsgRcvd   MsgSent   TblVer  InQ OutQ  Up/Down State/PfxRcd   PfxSnt Desc\n';
const ROUTER = 'BGP router identifier 192.0.2.7, local AS number 64443';

function row(peer: string, tail: string, as = '3535'): string {
  return `${peer}  4 ${as}  15  24  2  0  0 ${tail}\n`;
}

/** Peer by peer what is read: the prefixes of one that is Established, else its state, or `unknown`. */
function told(text: string): Readonly<Record<string, string>> | string {
  const reading = readSummary(text);
  if (!reading.readable) return reading.why;
  return Object.fromEntries([
    ...[...reading.sessions].map(([peer, { state, detail = '', prefixesReceived }]) => [
      peer,
      state === 'Established' ? `${prefixesReceived}${detail}` : `${state}${detail}`,
    ]),
    ...[...reading.unreadable].map((peer) => [peer, 'unknown']),
  ]);
}

describe('a summary as routers and terminals print it', () => {
  test.each<[string, string, Readonly<Record<string, string>> | string]>([
    [
      'up for weeks, years and since a number',
      HEADER +
        row('10.0.0.1', '01w2d03h 3') +
        row('10.0.0.2', '1y02w 4') +
        row('10.0.0.3', '1d02:03:04 7') +
        row('10.0.0.4', '4294967295 2') +
        row('10.0.0.5', '4294967295 Active') +
        row('10.0.0.6', '00:00:01 0'),
      {
        '10.0.0.1': '3',
        '10.0.0.2': '4',
        '10.0.0.3': '7',
        '10.0.0.4': 'unknown',
        '10.0.0.5': 'unknown',
        '10.0.0.6': '0',
      },
    ],
    [
      'never up, with a count all the same',
      HEADER + row('10.0.0.1', 'never 0') + row('10.0.0.2', 'NEVER ACTIVE'),
      { '10.0.0.1': 'unknown', '10.0.0.2': 'Active' },
    ],
    [
      'AS numbers in asdot, one of which is none',
      HEADER + row('10.0.0.1', '00:01:00 3', '1.10') + row('10.0.0.2', '00:01:00 3', '65536.1'),
      { '10.0.0.1': '3', '10.0.0.2': 'unknown' },
    ],
    [
      'why it is idle',
      HEADER +
        row('10.0.0.1', '00:01:00 Idle (Admin)') +
        row('10.0.0.2', '00:01:00 Idle (PfxCt)') +
        row('10.0.0.3', 'never Idle(Admin)'),
      { '10.0.0.1': 'Idle(Admin)', '10.0.0.2': 'Idle(PfxCt)', '10.0.0.3': 'Idle(Admin)' },
    ],
    [
      'Established in words, which no router prints here',
      HEADER +
        row('10.0.0.1', '00:01:00 Established') +
        row('10.0.0.2', '00:01:00 Estab') +
        row('10.0.0.3', '00:01:00 Up') +
        row('10.0.0.4', '00:01:00 established 5'),
      { '10.0.0.1': 'unknown', '10.0.0.2': 'unknown', '10.0.0.3': 'unknown', '10.0.0.4': 'unknown' },
    ],
    [
      'an IPv4-mapped peer, and link-local ones in capitals',
      HEADER + row('::ffff:10.0.0.1', '00:01:00 3') + row('FE80:0:0::2%lo', 'never Idle'),
      { '10.0.0.1': '3', 'fe80::2': 'Idle' },
    ],
    [
      'unnumbered peers of FRR, whose AS is not known before the session is up',
      `${FRR}r1(swp51)       4       3535       15       24        2    0    0 00:01:00            3        4 N/A
swp52           4          0        0        0        0    0    0    never         Idle        0 N/A
swp53
                4          0        0        0        0    0    0    never       Active        0 N/A

Total number of neighbors 3\n`,
      { swp51: '3', swp52: 'Idle', swp53: 'Active' },
    ],
    [
      'a time in words, whose number is no count of prefixes',
      HEADER + row('10.0.0.1', '1 day Active') + row('10.0.0.2', '2 Idle (Admin)'),
      { '10.0.0.1': 'unknown', '10.0.0.2': 'unknown' },
    ],
    [
      'rows that break within their time, whose first digits look like a count',
      `${HEADER}10.0.0.1  4 3535  15  24  2  0  0 0\n1w0d01h Idle (PfxCt)\n10.0.0.2  4 3535  15  24  2  0  0 01\nw0d01h    Active\n10.0.0.3  4 3535  15  24  2  0  0 3\n10.0.0.4  4 3535  15  24  2  0  0 never Idle\n`,
      { '10.0.0.1': 'unknown', '10.0.0.2': 'unknown', '10.0.0.3': '3', '10.0.0.4': 'Idle' },
    ],
    [
      'a wide table at 80 columns, whose header breaks within a name',
      `Neighbor        V         AS    LocalAS   MsgRcvd   MsgSent   TblVer  InQ OutQ  U
p/Down State/PfxRcd   PfxSnt Desc
10.0.0.3        4       3535      64443         0         5        0    0    0  
  never      Connect        0 N/A
`,
      'the output holds no summary of BGP sessions; it begins “Neighbor        V         AS    LocalAS   MsgRcvd   MsgSent   TblVer  InQ OutQ  U”',
    ],
    [
      'one link-local address on two links, up on one of them',
      HEADER + row('fe80::1%eth0', '00:01:00 3') + row('fe80::1%eth1', '00:01:00 Active'),
      { 'fe80::1': 'unknown' },
    ],
    [
      'one peer twice in a table, up and not up',
      HEADER + row('10.0.0.1', '00:01:00 Active') + row('10.0.0.1', '00:01:00 3'),
      { '10.0.0.1': 'unknown' },
    ],
    [
      'one peer twice in a table, as after a redraw of the screen',
      HEADER +
        row('10.0.0.1', '00:01:00 3') +
        row('10.0.0.1', '00:01:00 3') +
        'Total number of neighbors 1\n',
      'the summary counts 1 neighbors, but lists 2',
    ],
    [
      'one peer in two families, up in one',
      `${HEADER}${row('10.0.0.1', '00:01:00 3')}\n${HEADER}${row('10.0.0.1', '00:01:00 Active')}`,
      { '10.0.0.1': '3' },
    ],
    [
      'another VRF by its router id, before the default one without a name',
      `${ROUTER} vrf red\n${HEADER}${row('10.0.0.1', '00:01:00 3')}\n${ROUTER}\n${HEADER}${row('10.0.0.1', 'never Active')}`,
      { '10.0.0.1': 'Active' },
    ],
    [
      'another VRF by a heading, behind the default one',
      `${ROUTER}\n${HEADER}${row('10.0.0.1', 'never Active')}\nVRF: red\n${HEADER}${row('10.0.0.1', '00:01:00 3')}`,
      { '10.0.0.1': 'Active' },
    ],
    [
      'another VRF as NX-OS heads it',
      `BGP summary information for VRF default, address family IPv4 Unicast\n${HEADER}${row('10.0.0.1', 'never Active')}\nBGP summary information for VRF red, address family IPv4 Unicast\n${HEADER}${row('10.0.0.1', '00:01:00 3')}`,
      { '10.0.0.1': 'Active' },
    ],
    [
      'two VRFs and no default one, up in one of them',
      `VRF red\n${HEADER}${row('10.0.0.1', 'never Active')}\nVRF blue\n${HEADER}${row('10.0.0.1', '00:01:00 3')}`,
      { '10.0.0.1': 'unknown' },
    ],
    [
      'pagers, and what they are wiped out with',
      `${HEADER}${row('10.0.0.1', '00:01:00 3')} --More-- \r          \r${row('10.0.0.2', '00:01:00 Active')}--More--\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b${row('10.0.0.3', '00:01:00 4')}`,
      { '10.0.0.1': '3', '10.0.0.2': 'Active', '10.0.0.3': '4' },
    ],
    [
      'Windows line ends, tabs and no-break spaces',
      (HEADER + row('10.0.0.1', '00:01:00 3') + row('10.0.0.2', '00:01:00 Active'))
        .replace(/ {2}/g, '\t')
        .replace(/ /g, '\u00a0')
        .replace(/\n/g, '\r\n'),
      { '10.0.0.1': '3', '10.0.0.2': 'Active' },
    ],
    [
      'colours',
      `\u001b[?1h\u001b=\u001b[1m${HEADER}\u001b[32m${row('10.0.0.1', '00:01:00 \u001b[1m3\u001b[0m')}\u001b[31m${row('10.0.0.2', '00:01:00 Active\u001b[K')}\u001b[0m`,
      { '10.0.0.1': '3', '10.0.0.2': 'Active' },
    ],
    [
      'the last row cut in its time',
      `${HEADER}10.0.0.1  4 3535  15  24  2  0  0 00:01:0`,
      { '10.0.0.1': 'unknown' },
    ],
    [
      'the last row cut in its state',
      `${HEADER}10.0.0.1  4 3535  15  24  2  0  0 00:01:00 Acti`,
      { '10.0.0.1': 'unknown' },
    ],
    [
      'a prompt glued to the last count',
      `${HEADER}10.0.0.1  4 3535  15  24  2  0  0 00:01:00 3spk[0]#`,
      { '10.0.0.1': 'unknown' },
    ],
    [
      'rows that wrap behind the peer, within the numbers and before the state',
      `${HEADER}10.0.0.1\n4\n3535  15  24  2  0  0 00:01:00 3\n10.0.0.2  4 3535  15\n  24  2  0  0 00:01:00 4\n10.0.0.3  4 3535  15  24  2  0  0 00:01:00\nActive\n`,
      { '10.0.0.1': '3', '10.0.0.2': '4', '10.0.0.3': 'Active' },
    ],
    [
      'descriptions that look like states and counts',
      `${FRR}10.0.0.1 4 3535 1 2 3 0 0 00:01:00 1 7 leaf Active\n10.0.0.2 4 3535 1 2 3 0 0 never Idle 0 Established 5\n10.0.0.3 4 3535 1 2 3 0 0 00:01:00 leaf 5\n`,
      { '10.0.0.1': '1', '10.0.0.2': 'Idle', '10.0.0.3': 'unknown' },
    ],
    [
      'a description in place of the state',
      HEADER + row('10.0.0.1', '00:01:00 to-leaf-1'),
      { '10.0.0.1': 'unknown' },
    ],
    [
      'counts that are none',
      HEADER +
        row('10.0.0.1', '00:01:00 -1') +
        row('10.0.0.2', '00:01:00 3*') +
        row('10.0.0.3', '00:01:00 1,234'),
      { '10.0.0.1': 'unknown', '10.0.0.2': 'unknown', '10.0.0.3': 'unknown' },
    ],
    [
      'log lines between the rows',
      `${HEADER}2026/11/28 10:00:00 BGP: 10.0.0.2 Established\n${row('10.0.0.1', '00:01:00 3')}%BGP-5-ADJCHANGE: neighbor 10.0.0.1 Down\n`,
      { '10.0.0.1': '3' },
    ],
    [
      'a banner in place of a table',
      `${ROUTER}\nBGP is administratively shutdown\n`,
      'the router answers: BGP is administratively shutdown',
    ],
    ['no instance', '% BGP instance not found\n', 'the router answers: % BGP instance not found'],
  ])('%s', (_, text, expected) => {
    expect(told(text)).toEqual(expected);
  });
});

test.each([
  'BGP summary for VRF red',
  'BGP VRF red Route Distinguisher: 1:1',
  '--- VRF red ---',
  'IPv4 Unicast Summary (VRF red)',
  'IPv4 Unicast Summary - VRF red:',
  'Address family IPv4 Unicast, VRF red',
  `${ROUTER} (VRF red)`,
  `${ROUTER}, VRF red`,
])('what stands below the heading “%s” is not of the default VRF', (heading) => {
  const down = `${ROUTER}\n${HEADER}${row('10.0.0.1', 'never Active')}`;
  const up = `${heading}\n${HEADER}${row('10.0.0.1', '00:01:00 3')}`;
  expect(told(`${down}\n${up}`)).toEqual({ '10.0.0.1': 'Active' });
});

test('a summary without a heading, behind one of another VRF, is of the default one', () => {
  const up = `VRF: red\n${ROUTER}\n${HEADER}${row('10.0.0.1', '00:01:00 3')}`;
  expect(told(`${up}\n${ROUTER}\n${HEADER}${row('10.0.0.1', 'never Active')}`)).toEqual({
    '10.0.0.1': 'Active',
  });
});

test('an instance without neighbors of one family is still the instance of the next', () => {
  const text = `Instance default:\n${FRR}10.0.0.1 4 3535 1 2 3 0 0 never Active 0 N/A\n\nInstance red:\n\nIPv4 Unicast Summary:\n% No BGP neighbors found in VRF red\n\nIPv6 Unicast Summary:\n${FRR}10.0.0.1 4 3535 1 2 3 0 0 00:01:00 1 7 N/A\n`;
  expect(told(text)).toEqual({ '10.0.0.1': 'Active' });
});

test('however rows are repeated and VRFs are headed, no peer is Established of which one row says otherwise', () => {
  const state = fc.constantFrom(
    '00:01:00 3',
    '00:01:00 Active',
    'never Idle (Admin)',
    '1y02w 0',
    '00:01:00 Uq',
  );
  const peer = fc.constantFrom(
    '10.0.0.1',
    '10.0.0.2',
    'fe80::1%eth0',
    'fe80::1%eth1',
    '2001:DB8::1',
    '2001:db8:0::1',
  );
  const table = fc.array(fc.tuple(peer, state), { maxLength: 6 });
  let judged = 0;
  fc.assert(
    fc.property(table, fc.constantFrom('', 'VRF: red\n', `${ROUTER} vrf red\n`), (rows, place) => {
      const reading = readSummary(
        `${place}${HEADER}${rows.map(([name, tail]) => row(name, tail)).join('')}\n.\n`,
      );
      if (!reading.readable) return;
      for (const [key, session] of reading.sessions) {
        if (session.state !== 'Established') continue;
        judged += 1;
        const own = rows.filter(
          ([name]) => name.replace(/%.*/, '').toLowerCase().replace(':0::', '::') === key,
        );
        expect(own.filter(([, tail]) => /Active|Idle/.test(tail))).toEqual([]);
      }
    }),
  );
  expect(judged).toBeGreaterThan(0);
});
