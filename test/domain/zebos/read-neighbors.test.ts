import { describe, expect, test } from '@jest/globals';
import type { SessionState } from '../../../src/domain/zebos/printed-values.ts';
import { type Neighbor, readNeighbors } from '../../../src/domain/zebos/read-neighbors.ts';
import { capture } from './capture.ts';

function read(text: string): Record<string, Neighbor> {
  const reading = readNeighbors(text);
  if (!reading.readable) throw new Error(reading.why);
  return Object.fromEntries(reading.neighbors);
}

test('ZebOS tells state, group, prefixes over both families, and why the session was reset', () => {
  expect(read(capture('zebos-neighbors.txt'))).toEqual({
    '10.20.1.1': {
      remoteAs: 3535,
      peerGroup: 'spk-peers',
      state: 'Established',
      printedUptime: '17:26:20',
      acceptedPrefixes: 5,
      announcedPrefixes: 467,
      lastReset: { ago: '17:26:23', reason: 'BGP Notification sent' },
      notification: 'Cease/Administratively Reset.',
    },
    '2001:db8:20:1::1': { remoteAs: 65546, state: 'Active', acceptedPrefixes: 0, announcedPrefixes: 0 },
  });
});

test('FRR tells the same in other words', () => {
  expect(read(capture('frr-neighbors.txt'))).toEqual({
    '10.1.10.5': {
      remoteAs: 65541,
      peerGroup: 'fabric',
      state: 'Established',
      printedUptime: '00:01:35',
      acceptedPrefixes: 5,
      announcedPrefixes: 9,
      lastReset: { ago: '00:01:36', reason: 'Notification sent (Hold Timer Expired)' },
      notification: 'Hold Timer Expired',
    },
    swp51: {
      remoteAs: 65020,
      peerGroup: 'fabric',
      state: 'Idle',
      detail: '(Admin)',
      acceptedPrefixes: 0,
      lastReset: { ago: '00:29:06', reason: 'No path to specified Neighbor' },
    },
    '172.16.0.5': { remoteAs: 65200, state: 'Connect' },
  });
});

test('a state that was cut is left out, not guessed', () => {
  expect(read('BGP neighbor is 10.0.0.1, remote AS 3535\n  BGP state = Establ')).toStrictEqual({
    '10.0.0.1': { remoteAs: 3535 },
  });
});

test('FRR 8.4 tells BFD and a shutdown on the page of the neighbor', () => {
  const reading = readNeighbors(capture('frr84-neighbors.txt'));
  if (!reading.readable) throw new Error(reading.why);
  expect(reading.neighbors.get('10.20.1.1')).toMatchObject({
    state: 'Established',
    acceptedPrefixes: 1,
    bfdStatus: 'Up',
    notification: 'Cease/Connection Collision Resolution',
  });
  expect(reading.neighbors.get('10.20.1.3')).toMatchObject({
    state: 'Idle',
    detail: 'administratively shut down',
  });
  expect(reading.neighbors.get('10.20.1.4')).toMatchObject({
    state: 'Connect',
    lastReset: { reason: 'Waiting for peer OPEN' },
  });
});

test('no such neighbor is an answer; an error and silence are not', () => {
  expect(read('% No such neighbor\n')).toEqual({});
  expect(readNeighbors('')).toEqual({ readable: false, why: 'the output is empty' });
  for (const cut of ['BGP', 'BGP neighbor is', 'BGP neighbor is ,'])
    expect(readNeighbors(cut)).toEqual({
      readable: false,
      why: `the output holds no BGP neighbor; it begins “${cut}”`,
    });
  expect(readNeighbors('% BGP instance not found')).toMatchObject({ readable: false });
});

const PAGE = 'BGP neighbor is 10.20.1.1, remote AS 3535, local AS 64443, external link\n';

test.each<[string, Neighbor]>([
  ['  spk-peers peer-group member', { peerGroup: 'spk-peers' }],
  ['  BGP state Established, up for 17:26:20', { state: 'Established', printedUptime: '17:26:20' }],
  ['  BGP state = Idle (Admin), down for 00:29:06', { state: 'Idle', detail: '(Admin)' }],
  ['  BGP state = Idle, down for 00:29:06', { state: 'Idle' }],
  [`  BGP state = Idle (${'x'.repeat(38)})`, { state: 'Idle', detail: `(${'x'.repeat(38)})` }],
  [`  BGP state = Idle (${'x'.repeat(39)})`, { state: 'Idle' }],
  ['  BGP state = Establ, up for 17:26:20', {}],
  ['  BGP state = Established, up', { state: 'Established' }],
  ['  5 advertised prefixes', { announcedPrefixes: 5 }],
  ['  5 accepted routes', {}],
  ['Last reset 00:01:36', { lastReset: { ago: '00:01:36' } }],
  ['Last Reset: 00:01:36, due to', { lastReset: { ago: '00:01:36' } }],
  [
    'Last reset 00:00:10,  Waiting for peer OPEN (n/a)',
    {
      lastReset: { ago: '00:00:10', reason: 'Waiting for peer OPEN (n/a)' },
    },
  ],
  ['Last reset due to an error', {}],
  ['Last reset', {}],
  ['  Last read 00:00:35, Last write 00:00:35', {}],
  ['Notification Error Message: Hold Timer Expired', { notification: 'Hold Timer Expired' }],
  ['Notification Error Message: ()', {}],
  ['Notification Error Message:', {}],
  [' Member of peer-group', {}],
  ['  BGP state = Idle, Administratively shut down', { state: 'Idle', detail: 'administratively shut down' }],
  [' Administratively shut down', { detail: 'administratively shut down' }],
  ['  Status: Down, Last update: 0:00:00:12', { bfdStatus: 'Down' }],
  ['  Status: open', {}],
])('of the line %j a page tells just what it says', (line, told) => {
  expect(read(`${PAGE}${line}\n`)).toStrictEqual({ '10.20.1.1': { remoteAs: 3535, ...told } });
});

test.each([
  'neighbor is 10.9.9.9, remote AS 1',
  'state = Idle',
  'of peer-group tors',
  'old peer-group tors',
  'peer-group tors',
  'old member',
  'reset 00:01:36',
  'takes 9 accepted prefixes',
])('a description that reads “%s” tells nothing of the session', (description) => {
  expect(read(`${PAGE} Description: ${description}\n`)).toEqual({ '10.20.1.1': { remoteAs: 3535 } });
});

test('an AS number that was cut away is left out', () => {
  expect(read('BGP neighbor is 10.20.1.1, remote AS')).toStrictEqual({ '10.20.1.1': {} });
});

describe('pages that say two things', () => {
  const page = (peer: string, state: string, more = ''): string =>
    `BGP neighbor is ${peer}, remote AS 3535, local AS 64443${more}, external link\n  BGP state = ${state}\n  3 accepted prefixes\n  2 announced prefixes\n`;
  const UP = 'Established, up for 01w2d03h';

  test.each<[string, string, SessionState | undefined]>([
    ['up, then not', page('10.0.0.1', UP) + page('10.0.0.1', 'Active'), undefined],
    ['not up, then up', page('10.0.0.1', 'Active') + page('10.0.0.1', UP), undefined],
    ['up on one link of two', page('fe80::1%eth0', UP) + page('fe80::1%eth1', 'Idle (Admin)'), undefined],
    ['two states on one page', `${page('10.0.0.1', 'Active')}  BGP state = ${UP}\n`, undefined],
    ['up twice', page('10.0.0.1', UP) + page('10.0.0.1', 'ESTABLISHED'), 'Established'],
    [
      'up in another VRF, which comes first',
      page('10.0.0.1', UP, ', vrf red') + page('10.0.0.1', 'Active'),
      'Active',
    ],
    ['a piece of a state', page('10.0.0.1', 'Establ'), undefined],
    [
      'a state in the description only',
      page('10.0.0.1', 'Active').replace('  BGP', '  Description: BGP state = Established\n  BGP'),
      'Active',
    ],
    [
      'colours, a pager and Windows line ends',
      `--More--\r        \r${page('10.0.0.1', `\u001b[32mEstablished\u001b[0m, up for 1y02w`)}`.replace(
        /\n/g,
        '\r\n',
      ),
      'Established',
    ],
  ])('%s', (_, text, state) => {
    const reading = readNeighbors(text);
    if (!reading.readable) throw new Error(reading.why);
    const [neighbor] = reading.neighbors.values();
    expect(reading.neighbors.size).toBe(1);
    expect(neighbor?.state).toBe(state);
  });
});

test('a description that begins with “shut” shuts nothing down', () => {
  const text = 'BGP neighbor is 10.0.0.1, remote AS 65001, external link\n Description: shut on Mondays\n';
  expect(read(text)).toEqual({ '10.0.0.1': { remoteAs: 65001 } });
});

test('the message of a peer is told behind the notification that it came with, and not without one', () => {
  const page = 'BGP neighbor is 10.0.0.1, remote AS 65001, external link\n  BGP state = Idle\n';
  const message = '    Message: "upgrade at noon"\n';
  const reset = '  Last reset 00:01:36,  Notification received (Cease/Administrative Shutdown)\n';
  expect(read(page + reset + message)['10.0.0.1']?.notification).toMatch(
    /^Cease\/Administrative Shutdown: .*upgrade at noon/,
  );
  expect(read(page + message)['10.0.0.1']?.notification).toBeUndefined();
});
