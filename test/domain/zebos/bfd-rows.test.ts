import { describe, expect, test } from '@jest/globals';
import { readBfd } from '../../../src/domain/zebos/read-bfd.ts';

const HEADER = 'Sess-Idx   Remote-Disc  Lower-Layer  Sess-Type   Sess-State  UP-Time  Remote-Addr\n';
const BRIEF = 'SessionId  LocalAddress  PeerAddress  Status\n';
const NOBODY = 'the BFD session with one peer cannot be read';

/** Peer by peer its state, with the reason where one is told; else why it cannot be read. */
function told(text: string): Readonly<Record<string, string>> | string {
  const reading = readBfd(text);
  if (!reading.readable) return reading.why;
  return Object.fromEntries(
    [...reading.sessions].map(([peer, { state, reason }]) => [
      peer,
      reason === undefined ? state : `${state}: ${reason}`,
    ]),
  );
}

describe('a row of a table', () => {
  test.each([
    ['Multi Hop as two words', '1 2 IPv4 Multi Hop Up 00:29:11 10.20.1.1/32\n', { '10.20.1.1': 'Up' }],
    [
      'Admin Down as two words',
      '1 0 IPv6 Single-Hop ADMIN DOWN 00:00:00 2001:db8::1/128\n',
      { '2001:db8::1': 'ADMIN DOWN' },
    ],
    [
      'an address in the next line',
      '1 2 IPv6 Multi-Hop Up 00:29:11\n2001:db8:20:1::1/128\n',
      { '2001:db8:20:1::1': 'Up' },
    ],
    [
      'an address that goes on in the next line',
      '1 2 IPv6 Multi-Hop Up 00:29:11 2001:db8:20:1::\n1/128\n',
      { '2001:db8:20:1::1': 'Up' },
    ],
    [
      'a whole address before a count or another row',
      '1 2 IPv6 Multi-Hop Up 00:29:11 2001:db8:20:1::1/128\n2 2 IPv4 Multi-Hop Up 00:29:11 10.20.1.1/32\nNumber of Sessions: 2\n',
      { '2001:db8:20:1::1': 'Up', '10.20.1.1': 'Up' },
    ],
    [
      'an address before a number that is none of it',
      '1 2 IPv6 Multi-Hop Up 00:29:11 2001:db8::1\n7\n',
      { '2001:db8::1': 'Up' },
    ],
    [
      'a whole address before a word',
      '1 2 IPv4 Multi-Hop Up 00:29:11 10.20.1.1/32\nend\n',
      { '10.20.1.1': 'Up' },
    ],
    [
      'an address in the next line that is not blank',
      '1 2 IPv6 Multi-Hop Up 00:29:11\n\n2001:db8:20:1::1/128\n',
      { '2001:db8:20:1::1': 'Up' },
    ],
    [
      'no address, before a line that begins with one',
      '1 2 IPv4 Multi-Hop Up 00:29:11\n10.9.9.9 is up\n',
      NOBODY,
    ],
    [
      'Admin alone, which is no state',
      '1 0 IPv4 Multi-Hop Admin Up 00:00:00 10.20.1.1/32\n',
      'the BFD session with 10.20.1.1 cannot be read',
    ],
    [
      'a state where the layer should be',
      '1 Up 2 Multi-Hop 00:29:11 10.20.1.1/32\n',
      'the BFD session with 10.20.1.1 cannot be read',
    ],
    ['no layer', '1 2 Multi-Hop Up 00:29:11 10.20.1.1/32\n', 'the BFD session with 10.20.1.1 cannot be read'],
    ['no address', '1 2 IPv4 Multi-Hop Up 00:29:11\n', NOBODY],
    ['no more than its numbers', '1 2\n', NOBODY],
    ['one word, which is no row', '1 2 IPv4 Multi-Hop Up 00:29:11 10.20.1.1/32\n2\n', { '10.20.1.1': 'Up' }],
    [
      'a name in place of its number',
      'x 2 IPv4 Multi-Hop Up 00:29:11 10.20.1.1/32\nNumber of Sessions: 0\n',
      {},
    ],
  ])('of ZebOS with %s is read, or said to be unreadable', (_, rows, expected) => {
    expect(told(HEADER + rows)).toEqual(expected);
  });

  test.each([
    ['all four columns', '7 10.20.1.7 10.20.1.1 up\n', { '10.20.1.1': 'up' }],
    ['Admin Down as two words', '7 10.20.1.7 10.20.1.1 admin down\n', NOBODY],
    ['no state', '7 10.20.1.7 10.20.1.1\n', NOBODY],
    ['no more than two columns', '7 10.20.1.7\n', NOBODY],
    ['a column too many', '7 10.20.1.7 10.20.1.1 up 5\n', NOBODY],
  ])('of FRR with %s is read, or said to be unreadable', (_, rows, expected) => {
    expect(told(BRIEF + rows)).toEqual(expected);
  });

  test('of another VRF is none of the default one, whose heading may follow', () => {
    const row = (state: string) => `1 2 IPv4 Multi-Hop ${state} 00:29:11 10.20.1.1/32\n`;
    const place = (name: string) => `BFD process for VRF: (${name})\n${HEADER}`;
    expect(told(place('red') + row('Down'))).toEqual({});
    expect(told(place('red') + row('Down') + place('DEFAULT VRF') + row('Up'))).toEqual({
      '10.20.1.1': 'Up',
    });
    expect(
      told(`${place('red') + row('Down')}Number of Sessions: 1\n${place('blue')}Number of Sessions: 0\n`),
    ).toEqual({});
  });
});

test.each([
  ['up', 'down'],
  ['down', 'up'],
])('of two sessions with one peer, %s and %s, the one that is up is enough', (first, second) => {
  const text = `BFD Peers:\n peer 10.0.0.1\n  Status: ${first}\n peer 10.0.0.1 multihop\n  Status: ${second}\n`;
  expect(told(text)).toEqual({ '10.0.0.1': 'up' });
});

describe('a block that tells two states has lost the beginning of the second session, and', () => {
  test.each([
    ['up', 'down'],
    ['down', 'up'],
    ['up', 'up'],
  ])('%s and %s is no state in a page of FRR', (first, second) => {
    const text = `BFD Peers:\n peer 10.0.0.1\n  Status: ${first}\n  Status: ${second}\n`;
    expect(told(text)).toBe('the BFD session with 10.0.0.1 cannot be read');
  });

  test('is none in the details of ZebOS', () => {
    const text =
      'Session Interface Index: 3\nSession State: Up\nRemote Address : 10.0.0.1/32\nSession State: Down\n';
    expect(told(text)).toBe('the BFD session with 10.0.0.1 cannot be read');
  });
});

describe('of a page with a block for each session', () => {
  const block = (more: string) =>
    `Session Interface Index : 3\nSession State : Down\nRemote Address : 10.0.0.1/32\n${more}`;

  test('what stands before the first block is of nobody', () => {
    const text = `Session State : Up\nRemote Address : 10.9.9.9/32\n${block('')}`;
    expect(told(text)).toEqual({ '10.0.0.1': 'Down' });
  });

  test('the own address of the router, in a line for itself, is no peer', () => {
    expect(told(block('Local Address :\n10.0.0.2\n'))).toEqual({ '10.0.0.1': 'Down' });
  });

  test('why it is down is told by one line, whatever comes after it', () => {
    const text = block('Sess Down Reason : Control detection time expired\nBFD Authentication Disabled\n');
    expect(told(text)).toEqual({ '10.0.0.1': 'Down: Control detection time expired' });
  });
});

describe('why a session is not up', () => {
  const page = (status: string, diagnostics: string, remote = 'ok'): string =>
    `BFD Peers:\n peer 10.0.0.1\n  Status: ${status}\n  Diagnostics: ${diagnostics}\n  Remote diagnostics: ${remote}\n`;

  test.each([
    ['what the router says', page('down', 'echo failed'), 'down: echo failed'],
    [
      'what the other one says where the router says nothing',
      page('down', 'ok', 'path down'),
      'down: path down',
    ],
    [
      'what the router says before the other one',
      page('down', 'echo failed', 'path down'),
      'down: echo failed',
    ],
    ['nothing where both say nothing', page('down', 'ok'), 'down'],
    ['nothing where it is up', page('up', 'echo failed', 'path down'), 'up'],
    ['nothing of a secret', page('down', 'password hunter2'), 'down: password <redacted>'],
    ['the beginning of many words', page('down', 'x'.repeat(200)), `down: ${'x'.repeat(120)}`],
  ])('is %s', (_, text, state) => {
    expect(told(text)).toEqual({ '10.0.0.1': state });
  });

  test.each(['ok', 'none', 'NA', 'n/a', 'No Diagnostic'])('is nothing where the router says %s', (words) => {
    expect(told(page('down', words))).toEqual({ '10.0.0.1': 'down' });
  });
});

test('a peer of FRR is of the default VRF where none, or that one, is named', () => {
  const text = ['', ' vrf default', ' vrf red', ' vrf'].map(
    (vrf, n) => ` peer 10.0.0.${n}${vrf}\n  Status: up\n`,
  );
  expect(told(`BFD Peers:\n${text.join('')}`)).toEqual({
    '10.0.0.0': 'up',
    '10.0.0.1': 'up',
    '10.0.0.3': 'up',
  });
});

test('counts are summed over VRFs', () => {
  const row = '1 2 IPv4 Multi-Hop Up 00:29:11 10.20.1.1/32\nNumber of Sessions: 1\n';
  const other = `BFD process for VRF: (red)\n${HEADER}`;
  expect(told(HEADER + row + other + row)).toEqual({ '10.20.1.1': 'Up' });
  expect(told(`${HEADER}${row}${other}Number of Sessions: 2\n`)).toBe(
    'the router counts 3 BFD sessions, but lists 1',
  );
});
