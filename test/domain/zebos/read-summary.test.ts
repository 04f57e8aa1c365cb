import { expect, test } from '@jest/globals';
import type { Session } from '../../../src/domain/zebos/printed-values.ts';
import { readSummary } from '../../../src/domain/zebos/read-summary.ts';
import { capture } from './capture.ts';

function read(text: string): { sessions: Record<string, string>; unreadable: string[]; complete: boolean } {
  const reading = readSummary(text);
  if (!reading.readable) throw new Error(reading.why);
  const sessions = Object.fromEntries(
    [...reading.sessions].map(([peer, session]) => [peer, inWords(session)]),
  );
  return { sessions, unreadable: [...reading.unreadable], complete: reading.complete };
}

function inWords({ remoteAs, state, prefixesReceived, upDown, detail }: Session): string {
  return [remoteAs === undefined ? undefined : `AS${remoteAs}`, state, prefixesReceived, detail, upDown]
    .filter((part) => part !== undefined)
    .join(' ');
}

test('ZebOS rows are read with a blank Up/Down, a suffix, and over two or three lines', () => {
  expect(read(capture('zebos-summary.txt'))).toEqual({
    sessions: {
      '10.20.1.1': 'AS3535 Established 9 01:11:11',
      '10.20.1.2': 'AS3535 Connect never',
      '10.20.1.3': 'AS3535 Idle (Admin) 1d02h54m',
      '10.20.1.4': 'AS3535 Active',
      '2001:db8:20:1:aaaa:bbbb:cccc:1': 'AS3535 Established 0 03:33:33',
      '2001:db8:20:1:aaaa:bbbb:cccc:2': 'AS3535 OpenSent 03w6d21h',
    },
    unreadable: [],
    complete: true,
  });
});

test('OcNOS puts the state of every row on a line of its own, and its header too', () => {
  expect(read(capture('ocnos-summary.txt'))).toEqual({
    sessions: {
      '172.16.1.0': 'AS64001 Established 21 00:32:17',
      '172.16.2.0': 'AS64001 Idle (Admin) never',
      '172.16.3.0': 'AS65546 Established 0 00:32:19',
    },
    unreadable: [],
    complete: true,
  });
});

test('FRR 7: dynamic neighbors, interfaces with long host names, and both families are read', () => {
  expect(read(capture('frr7-summary.txt'))).toEqual({
    sessions: {
      '10.1.10.5': 'AS65541 Established 1 02:16:34',
      '10.1.10.6': 'AS65541 Established 3 00:02:16',
      '172.16.0.5': 'AS65200 Active never',
      swp1: 'AS65201 Established 2 01w2d03h',
      '2001:db8::5': 'AS65541 Established 4 02:16:34',
    },
    unreadable: [],
    complete: true,
  });
});

test('FRR 8: prefixes of both families are summed, descriptions name no state, and another VRF is not ours', () => {
  expect(read(capture('frr8-summary.txt'))).toEqual({
    sessions: {
      '10.1.10.5': 'AS65541 Established 5 02:16:34',
      '172.16.0.5': 'AS65200 Idle never',
      '172.16.0.6': 'AS4200000320 Established 5 2d12h50m',
      '172.16.0.7': 'AS65200 Established 0 (Policy) 00:12:50',
      eth01: 'AS65000 Established 1 00:24:43',
    },
    unreadable: [],
    complete: true,
  });
});

test('FRR 8.4: a peer of any external AS has none yet, and a long address makes the table wider', () => {
  expect(read(capture('frr84-summary.txt'))).toEqual({
    sessions: {
      '10.20.1.1': 'AS3535 Established 1 00:00:10',
      '10.20.1.3': 'Idle (Admin) never',
      '10.20.1.4': 'AS3535 Connect never',
      '2001:db8:20:1:aaaa:bbbb:cccc:1234': 'AS3535 Established 1 00:02:05',
    },
    unreadable: [],
    complete: true,
  });
});

test('FRR 9 wide: a column more is told by the header', () => {
  expect(read(capture('frr9-wide-summary.txt')).sessions).toEqual({
    '10.0.0.2': 'AS3535 Established 2 01:19:03',
    '10.0.0.3': 'AS3535 Connect never',
  });
});

test('Quagga prints Up/Down to the left', () => {
  expect(read(capture('quagga-summary.txt')).sessions).toEqual({
    '192.168.1.12': 'AS64513 Established 4 00:08:20',
    '192.168.1.18': 'AS64513 Active never',
    '2001:db8:f::12': 'AS64513 Idle (PfxCt) 01w0d01h',
  });
});

const HEADER = 'Neighbor        V    AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd\n';

test.each([
  ['10.0.0.1 4 65515 24 47 2 0 0 00:09:11 7\n', 'AS65515 Established 7 00:09:11'],
  ['10.0.0.1 4 65515 24 47 2 0 0 00:09:11 0', 'AS65515 Established 0 00:09:11'],
  ['10.0.0.1 4 65515 24 47 2 0 0 9\nhost[0]#', 'AS65515 Established 9'],
  ['10.0.0.1 4 65515 24 47 2 0 0 01:00:00 Idle(Admin)\n', 'AS65515 Idle (Admin) 01:00:00'],
  ['10.0.0.1 4 65515 24 47 2 0 0 1y28w IDLE\n (Admin)\n', 'AS65515 Idle (Admin) 1y28w'],
  [
    '10.0.0.1 4 65515 24 47 2 0 0 01:00:00 OpenConfirm (No route)\r\n',
    'AS65515 OpenConfirm (No route) 01:00:00',
  ],
  ['10.0.0.1\n4 65515 24\n47 2 0 0\n00:09:11 3\n', 'AS65515 Established 3 00:09:11'],
  [
    '\u001b[1m10.0.0.1\u001b[0m 4 65515 24 47 2 0 0 00:09:11 \u001b[32m3\u001b[0m\n',
    'AS65515 Established 3 00:09:11',
  ],
  [
    ' --More-- \b\b\b\b\b\b\b\b\b          \b\b\b10.0.0.1 4 65515 24 47 2 0 0 00:09:11 3\n',
    'AS65515 Established 3 00:09:11',
  ],
  ['--More--\r        \r10.0.0.1 4 65515 24 47 2 0 0 00:09:11 3\n', 'AS65515 Established 3 00:09:11'],
  ['1\u00000.0.0.1\u00a04\u200365515 24 47 2 0 0 00:09:11 3\u0000\n', 'AS65515 Established 3 00:09:11'],
  ['10.0.0.1 4 65515 24 47 2 0 0 00:09:11 3 Active\n', 'AS65515 Established 3 00:09:11'],
  ['10.0.0.1 4 65515 24 47 2 0 0 00:09:11 NoNeg\n', 'AS65515 Established 0 NoNeg 00:09:11'],
  ['10.0.0.1 4 65515 24 47 2 0 0 00:09:11 (Policy)\n', 'AS65515 Established 0 (Policy) 00:09:11'],
  ['10.0.0.1 4 65515 24 47 2 0 0 00:09:11 Clearing\n', 'AS65515 Clearing 00:09:11'],
  ['10.0.0.1 4 65515 24 47 2 0 0 1d12:50:33 3\n', 'AS65515 Established 3 1d12:50:33'],
])('the row %j is read as it was meant', (row, expected) => {
  expect(read(HEADER + row)).toMatchObject({ sessions: { '10.0.0.1': expected }, unreadable: [] });
});

test.each([
  ['10.0.0.1\n'],
  ['10.0.0.1 4 65515 24 47 2 0 0\n'],
  ['10.0.0.1 4 65515 24 47 2 0 0 0'],
  ['10.0.0.1 4 65515 24 47 2 0 0 0\n'],
  ['10.0.0.1 4 65515 24 47 2 0 0 00:09:1'],
  ['10.0.0.1 4 65515 24 47 2 0 0 00:09:11'],
  ['10.0.0.1 4 65515 24 47 2 0 0 never\n\nTotal number of neighbors 1\n'],
  ['10.0.0.1 4 65515 24 47 2 0 0 never Acti'],
  ['10.0.0.1 4 65515 24 47 2 0 0 never 0\n'],
  ['10.0.0.1 4 65515 24 47 2 0 0 00:09:11 Established\n'],
  ['10.0.0.1 4 65515 24 47 2 0 0 never NoNeg\n'],
  ['10.0.0.1 4 65515 24 47 2 0 0 never (Policy)\n'],
  ['10.0.0.1 4 65515 24 47 2 0 0 00:09:11 (Poli\n'],
  ['10.0.0.1 4 65515 24 47 2 0 0 00:09:11 Clear\n'],
  ['10.0.0.1 4 65515 24 47 Active\n'],
  ['10.0.0.1 4 65515 24 47 2 0 0 5 Active\n'],
  ['10.0.0.1 ? 65515 24 47 2 0 0 00:09:11 3\n'],
  ['10.0.0.1 4 65515x 24 47 2 0 0 00:09:11 3\n'],
])('the row %j is unreadable, and neither up nor down', (row) => {
  expect(read(HEADER + row)).toMatchObject({ sessions: {}, unreadable: ['10.0.0.1'] });
});

test('a row that cannot be read in one family is read in the other', () => {
  const row = '10.0.0.1 4 65515 24 47 2 0 0 00:09:11 ';
  expect(read(`${HEADER}${row}NoN\n\n${HEADER}${row}2\n`)).toMatchObject({
    sessions: { '10.0.0.1': 'AS65515 Established 2 00:09:11' },
    unreadable: [],
  });
});

test('a VRF that was asked for alone is read', () => {
  const text = `IPv4 Unicast Summary (VRF red):\n${HEADER}10.0.0.1 4 65515 24 47 2 0 0 never Idle\n`;
  expect(read(text).sessions).toEqual({ '10.0.0.1': 'AS65515 Idle never' });
});

test('a summary whose own count says more than its rows is unreadable', () => {
  expect(
    readSummary(`${HEADER}10.0.0.1 4 65515 24 47 2 0 0 never Idle\n\nTotal number of neighbors 2\n`),
  ).toEqual({ readable: false, why: 'the summary counts 2 neighbors, but lists 1' });
});

test.each([
  [`${HEADER}\n`, false],
  [`${HEADER}\nTotal number of neighbors 0\n`, true],
  ['% No BGP neighbors found in VRF default\n', true],
  ['IPv6 Unicast Summary (VRF default):\n% No BGP neighbors found\n', true],
  ['No IPv6 neighbor is configured\n', true],
])('%j says that there are no sessions', (text, complete) => {
  expect(readSummary(text)).toEqual({ readable: true, sessions: new Map(), unreadable: new Set(), complete });
});

test.each([
  ['', 'the output is empty'],
  [' \r\n\u0000\n', 'the output is empty'],
  ['% BGP instance not found\n', 'the router answers: % BGP instance not found'],
  [
    "         ^\n% Invalid input detected at '^' marker.\n",
    "the router answers: % Invalid input detected at '^' marker",
  ],
  ['% Unknown command.', 'the router answers: % Unknown command'],
  ['bgpd is not running\n', 'the router answers: bgpd is not running'],
  [
    "% Can't open configuration file /etc/frr/vtysh.conf due to 'No such file or directory'.\nbgpd is not running\n",
    'the router answers: bgpd is not running',
  ],
  [
    'Exiting: failed to connect to any daemons.\n',
    'the router answers: Exiting: failed to connect to any daemons',
  ],
  [
    'BGP router identifier 10.0.0.1, local AS number 64443\nBGP table ver',
    'the output holds no summary of BGP sessions; it begins “BGP router identifier 10.0.0.1, local AS number 64443”',
  ],
  [
    'Neighbor        V    AS MsgRcvd',
    'the output holds no summary of BGP sessions; it begins “Neighbor        V    AS MsgRcvd”',
  ],
  [
    'Dynamic routing is not enabled for route domain 0.',
    'the router answers: Dynamic routing is not enabled for route domain 0',
  ],
])('%j cannot be read, and says why', (text, why) => {
  expect(readSummary(text)).toEqual({ readable: false, why });
});

test('an error that echoes a password does not show it', () => {
  const reading = readSummary('% Invalid input: neighbor 10.0.0.1 password hunter2\n');
  expect(JSON.stringify(reading)).not.toContain('hunter2');
});
