import { expect, test } from '@jest/globals';
import { readBfd } from '../../../src/domain/zebos/read-bfd.ts';
import { BRIEF, DETAILS, FRR, OCNOS, ZEBOS } from './bfd-outputs.ts';
import { capture } from './capture.ts';

test.each<[string, string, Record<string, string>]>([
  [
    'ZebOS',
    ZEBOS,
    {
      '10.20.1.1': 'Up',
      '10.20.1.2': 'Down',
      '10.20.1.3': 'Admin Down',
      '2001:db8:20:1:aaaa:bbbb:cccc:1': 'Up',
      '2001:db8:20:1:aaaa:bbbb:cccc:2': 'Init',
    },
  ],
  ['OcNOS', OCNOS, { '10.20.1.1': 'Up', '10.20.1.2': 'Down' }],
  [
    'ZebOS with details',
    DETAILS,
    { '10.20.1.1': 'Down: Neighbor signaled down', '2001:db8:20:1:aaaa:bbbb:cccc:1': 'Up' },
  ],
  [
    'FRR',
    FRR,
    {
      '10.20.1.1': 'up',
      '10.20.1.2': 'down: control detection time expired',
      '10.20.1.3': 'shutdown: administratively down',
    },
  ],
  [
    'FRR in brief',
    BRIEF,
    { '10.20.1.1': 'up', '10.20.1.2': 'down', '2001:db8:20:1:aaaa:bbbb:cccc:1': 'init' },
  ],
  [
    'FRR 8.4 below an Established session',
    capture('frr84-bfd.txt'),
    { '10.20.1.1': 'down: neighbor signaled session down' },
  ],
  [
    'OcNOS’s guide, one neighbor',
    capture('ocnos-bfd-session.txt'),
    { '192.0.2.67': 'Up', '198.51.100.2': 'Up' },
  ],
  [
    'OcNOS’s guide, one IPv6 neighbor',
    capture('ocnos-bfd-session-ipv6.txt'),
    { '2001:db8::1223': 'Up', '2001:db8::ba6a:97ff:fece:3bc5': 'Up' },
  ],
  ['VyOS, in brief', capture('frr-bfd-brief.txt'), { '192.0.2.2': 'up' }],
  ['FRR 10 of SONiC', capture('frr10-bfd.txt'), { '192.0.2.1': 'up', '192.0.2.129': 'down' }],
  [
    'Windows line ends, colours and a pager',
    FRR.replace(/\n/g, '\r\n')
      .replace('Status: up', '\u001b[32mStatus: up\u001b[0m')
      .replace('\tpeer 10.20.1.2', '--More--\r\tpeer 10.20.1.2'),
    {
      '10.20.1.1': 'up',
      '10.20.1.2': 'down: control detection time expired',
      '10.20.1.3': 'shutdown: administratively down',
    },
  ],
  ['nobody, as ZebOS counts', 'BFD process for VRF: (DEFAULT VRF)\nNumber of Sessions:    0\n', {}],
  ['nobody, as FRR lists', 'BFD Peers:\n', {}],
  ['nobody, as FRR counts', 'Session count: 0\n', {}],
])('the BFD sessions that %s shows are read', (_, text, expected) => {
  const reading = readBfd(text);
  if (!reading.readable) throw new Error(reading.why);
  const told = [...reading.sessions].map(([peer, { up, state, reason }]) => {
    expect(up).toBe(state.toLowerCase() === 'up');
    return [peer, reason === undefined ? state : `${state}: ${reason}`];
  });
  expect(Object.fromEntries(told)).toEqual(expected);
});

test('sessions of another VRF with the same peer are not those of the default one', () => {
  const elsewhere = OCNOS.replace(/^(1 .*)Up( .*)$/m, '$1Down$2').replace(
    /^(1 .*)Down( .* xe3 .*)$/m,
    '$1Up$2',
  );
  const reading = readBfd(elsewhere);
  expect(reading.readable && reading.sessions.get('10.20.1.1')).toMatchObject({ up: false });
  const frr = readBfd(
    FRR.replace('Status: up', 'Status: init').replace(/Status: down(?=[^S]*$)/, 'Status: up'),
  );
  expect(frr.readable && frr.sessions.get('10.20.1.1')).toEqual({ up: false, state: 'init' });
  const twice = readBfd(
    `BFD Peers:\n peer 10.0.0.1\n  Status: up\n peer 10.0.0.1 multihop\n  Status: down\n`,
  );
  expect(twice.readable && twice.sessions.get('10.0.0.1')).toEqual({ up: true, state: 'up' });
});

test('rows without a header are none, and a state without a peer is nobody’s', () => {
  expect(readBfd('1  1  IPv4  Multi-Hop  Up  00:29:11 10.20.1.1/32\n')).toMatchObject({ readable: false });
  expect(readBfd('BFD Peers:\n  Status: up\n')).toEqual({
    readable: true,
    sessions: new Map(),
    complete: true,
  });
});

test.each([
  ['', 'the output is empty'],
  ['% Unknown command: show bfd session\n', 'the router answers: % Unknown command: show bfd session'],
  ['bfdd is not running\n', 'the router answers: bfdd is not running'],
  [ZEBOS.replace('Sessions:    5', 'Sessions:    6'), 'the router counts 6 BFD sessions, but lists 5'],
  [ZEBOS.replace('  Up  ', '  Uq  '), 'the BFD session with 10.20.1.1 cannot be read'],
  // What looks like a state or a peer in another column is none.
  [
    OCNOS.replace(
      'Down        00:00:00   xe2        Control-Expiry',
      'Dowm        00:00:00   up         AdminDown',
    ),
    'the BFD session with 10.20.1.2 cannot be read',
  ],
  [OCNOS.replace('10.20.1.2/32', '10.20.1.2.3'), 'the BFD session with one peer cannot be read'],
  [BRIEF.replace('10.20.1.1 ', '10.20.1.1x'), 'the BFD session with one peer cannot be read'],
  [BRIEF.replace('up  ', 'unknown  '), 'the BFD session with 10.20.1.1 cannot be read'],
  [FRR.replace('Status: down', 'Status: unknown'), 'the BFD session with 10.20.1.2 cannot be read'],
  [FRR.replace('Status: down', 'Status: dovn'), 'the BFD session with 10.20.1.2 cannot be read'],
  [BRIEF.replace('10.20.1.2  ', '10.20.1.   '), 'the BFD session with one peer cannot be read'],
])('%j cannot be read, and says why', (text, why) => {
  expect(readBfd(text)).toEqual({ readable: false, why });
});

test('a table without its count may be cut off, and a peer that it does not list is not absent', () => {
  const cut = ZEBOS.slice(0, ZEBOS.indexOf('3          0'));
  expect(readBfd(cut)).toMatchObject({ readable: true, complete: false });
  for (const whole of [ZEBOS, OCNOS, DETAILS, FRR, BRIEF])
    expect(readBfd(whole)).toMatchObject({ readable: true, complete: true });
});
