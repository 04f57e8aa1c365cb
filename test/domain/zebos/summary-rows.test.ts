import { expect, test } from '@jest/globals';
import type { Session } from '../../../src/domain/zebos/printed-values.ts';
import { readSummary } from '../../../src/domain/zebos/read-summary.ts';

const HEADER = 'Neighbor        V    AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd\n';
const FRR_HEADER =
  'Neighbor        V         AS   MsgRcvd   MsgSent   TblVer  InQ OutQ  Up/Down State/PfxRcd   PfxSnt Desc\n';
const UP = '4 65515 24 47 2 0 0 00:09:11 3';
const DOWN = '4 65515 24 47 2 0 0 never Idle';

interface Told {
  readonly sessions: Readonly<Record<string, Omit<Session, 'peer'>>>;
  readonly unreadable: readonly string[];
  readonly complete: boolean;
}

function read(text: string): Told {
  const reading = readSummary(text);
  if (!reading.readable) throw new Error(reading.why);
  const sessions = [...reading.sessions].map(([peer, { peer: _, ...session }]) => [peer, session] as const);
  return {
    sessions: Object.fromEntries(sessions),
    unreadable: [...reading.unreadable],
    complete: reading.complete,
  };
}

const ESTABLISHED: Omit<Session, 'peer'> = {
  remoteAs: 65515,
  state: 'Established',
  prefixesReceived: 3,
  upDown: '00:09:11',
};
const IDLE: Omit<Session, 'peer'> = { remoteAs: 65515, state: 'Idle', upDown: 'never' };

test.each<[string, Omit<Session, 'peer'>]>([
  ['00:09:11 3 7 N/A', { ...ESTABLISHED, prefixesSent: 7 }],
  ['00:09:11 3 NoNeg N/A', { ...ESTABLISHED, prefixesSent: 0 }],
  ['00:09:11 3 (Policy) N/A', { ...ESTABLISHED, prefixesSent: 0 }],
  ['00:09:11 (Policy) 7 N/A', { ...ESTABLISHED, prefixesReceived: 0, prefixesSent: 7 }],
  ['00:09:11 NoNeg NoNeg N/A', { ...ESTABLISHED, prefixesReceived: 0, prefixesSent: 0, detail: 'NoNeg' }],
  ['never Idle (Admin) N/A', { ...IDLE, detail: '(Admin)' }],
  ['never Idle(Admin) 0 N/A', { ...IDLE, detail: '(Admin)' }],
  ['never Idle(No route) 0 N/A', { ...IDLE, detail: '(No route)' }],
  ['never Idle 0 uplink (old)', IDLE],
  ['never Idle uplink (old)', IDLE],
  ['never Idle (Adm', IDLE],
  [`never Idle (${'x'.repeat(38)}) 0 N/A`, { ...IDLE, detail: `(${'x'.repeat(38)})` }],
  [`never Idle (${'x'.repeat(39)}) 0 N/A`, IDLE],
])('an FRR row that ends in “%s” tells just what it says', (end, session) => {
  expect(read(`${FRR_HEADER}10.0.0.1 4 65515 24 47 2 0 0 ${end}\n`).sessions).toStrictEqual({
    '10.0.0.1': session,
  });
});

test.each(['3 x4 N/A', '3 N/A', '3'])('a row with the counts “%s” is unreadable', (counts) => {
  expect(read(`${FRR_HEADER}10.0.0.1 4 65515 24 47 2 0 0 00:09:11 ${counts}\n`)).toMatchObject({
    sessions: {},
    unreadable: ['10.0.0.1'],
  });
});

test('what is sent is not told by the last row of an output, which may be cut', () => {
  const row = `${FRR_HEADER}10.0.0.1 4 65515 24 47 2 0 0 00:09:11 3 12`;
  expect(read(row).sessions).toEqual({ '10.0.0.1': ESTABLISHED });
});

test('where Up/Down is blank, no time is told', () => {
  expect(
    read(`${HEADER}10.0.0.1 4 65515 24 47 2 0 0 9\n\nTotal number of neighbors 1\n`).sessions,
  ).toStrictEqual({
    '10.0.0.1': { remoteAs: 65515, state: 'Established', prefixesReceived: 9 },
  });
});

test.each([
  ['wraps behind each of its first words', '10.0.0.1\n4\n65515 24 47 2 0 0 00:09:11 3\n', ESTABLISHED],
  ['wraps into four lines', '10.0.0.1\n4 65515\n24 47 2 0 0\n00:09:11 3\n', ESTABLISHED],
  ['is followed by a remark in brackets', `10.0.0.1 ${UP}\n(2 rows are not shown)\n`, ESTABLISHED],
])('a row that %s is read', (_, row, session) => {
  expect(read(`${HEADER}${row}`).sessions).toEqual({ '10.0.0.1': session });
});

test('lines beyond the fourth are not taken for the rest of a row', () => {
  expect(read(`${HEADER}10.0.0.1\n4\n65515 24\n47 2 0 0\n00:09:11 3\n`).unreadable).toEqual(['10.0.0.1']);
});

test('a row that lacks its end does not swallow the next one, nor the count of rows', () => {
  const text = `${HEADER}10.0.0.1 4 65515 24\n10.0.0.2 ${UP}\n10.0.0.3 4 65515\nTotal number of neighbors 3\n`;
  expect(read(text)).toEqual({
    sessions: { '10.0.0.2': ESTABLISHED },
    unreadable: ['10.0.0.1', '10.0.0.3'],
    complete: true,
  });
});

test('a banner before the header and a remark behind the rows are no rows', () => {
  const text = `10.0.0.9 is the spare router\nRack 4 17 is in maintenance\n${HEADER}10.0.0.1 ${UP}\nToday\n4 neighbors are expected\n`;
  expect(read(text)).toMatchObject({ sessions: { '10.0.0.1': ESTABLISHED }, unreadable: [] });
});

test.each([
  ['Peer V AS MsgRcvd MsgSent TblVer InQ OutQ Up/Down State/PfxRcd', `10.0.0.1 ${UP}`, ESTABLISHED],
  [
    'Neighbor V AS MsgRcvd MsgSent TblVer InQ OutQ State/PfxRcd',
    '10.0.0.1 4 65515 24 47 2 0 0 Idle',
    {
      remoteAs: 65515,
      state: 'Idle',
    },
  ],
])('rows are read under the header “%s”', (header, row, session) => {
  expect(read(`${header}\n${row}\n`).sessions).toEqual({ '10.0.0.1': session });
});

test.each([
  ['is missing', ''],
  ['is cut but for its last word', 'State/PfxRcd\n'],
])('rows are read where the header %s, and known not to be all', (_, start) => {
  expect(read(`${start}10.0.0.1 ${UP} tor-a\n\nTotal number of neighbors 1\n`)).toEqual({
    sessions: { '10.0.0.1': ESTABLISHED },
    unreadable: [],
    complete: false,
  });
  expect(read(`${start}10.0.0.1 ${UP}\n`).complete).toBe(false);
});

test('a count of rows alone is no summary', () => {
  expect(readSummary('Total number of neighbors 3\n')).toEqual({
    readable: false,
    why: 'the summary counts 3 neighbors, but lists 0',
  });
});

test('a piece of a row is no summary', () => {
  expect(readSummary('10.0.0.1 4 65515 24 47\n')).toMatchObject({ readable: false });
});

const table = (family: string, row: string, total = 1): string =>
  `${family} Summary:\n${HEADER}10.0.0.1 ${row}\n\nTotal number of neighbors ${total}\n\n`;

test('one family that lacks a row makes the whole output unreadable', () => {
  expect(read(table('IPv4 Unicast', UP) + table('IPv6 Unicast', UP)).complete).toBe(true);
  expect(readSummary(table('IPv4 Unicast', UP) + table('IPv6 Unicast', UP, 2)).readable).toBe(false);
});

test.each<[string, string, Omit<Session, 'peer'>]>([
  [UP, DOWN, ESTABLISHED],
  [DOWN, UP, ESTABLISHED],
  [DOWN, '4 65515 24 47 2 0 0 never Active', IDLE],
  [UP, UP, { ...ESTABLISHED, prefixesReceived: 6 }],
])('a peer that is “%s” in one family and “%s” in the other is told once', (first, second, session) => {
  expect(read(table('IPv4 Unicast', first) + table('IPv6 Unicast', second)).sessions).toEqual({
    '10.0.0.1': session,
  });
});

test('another VRF is left out, whether or not the caption of the default one names it', () => {
  const red = `IPv4 Unicast Summary (VRF red):\nRack 7:\n${HEADER}10.0.0.9 ${UP}\n\nTotal number of neighbors 1\n`;
  expect(Object.keys(read(table('IPv4 Unicast', UP) + red).sessions)).toEqual(['10.0.0.1']);
  expect(Object.keys(read(red + table('IPv4 Unicast', UP)).sessions)).toEqual(['10.0.0.1']);
});

test.each([
  '% No BGP neighbors found in VRF default',
  'No IPv6 neighbor is configured',
  '%No neighbors configured',
])('“%s” is an answer', (text) => {
  expect(read(text)).toEqual({ sessions: {}, unreadable: [], complete: true });
});

test.each([
  '% No such command: neighbor',
  'Neighbor not found',
  'There is no neighbor found',
  '% Neighbor found',
])('“%s” is none', (text) => {
  expect(readSummary(text)).toMatchObject({ readable: false });
});

test('a row that lacks a column before its time is unreadable', () => {
  const { sessions, unreadable } = read(`${HEADER}10.0.0.1 4 65515 24 47 2 0 00:09:11 3\n10.0.0.2 ${UP}\n`);
  expect(sessions).toEqual({ '10.0.0.2': ESTABLISHED });
  expect(unreadable).toEqual(['10.0.0.1']);
});

test('a damaged row does not swallow the next one, even where an interface is called by a number', () => {
  const { sessions, unreadable } = read(
    `${HEADER}10.0.0.1 4 65515 24 47 ## 0 0\n100 ${UP}\n10.0.0.2 ${UP}\n`,
  );
  expect(sessions).toEqual({ '100': ESTABLISHED, '10.0.0.2': ESTABLISHED });
  expect(unreadable).toEqual(['10.0.0.1']);
});

test('where Up/Down is blank, both counts of FRR are told, with no description behind them', () => {
  const header = FRR_HEADER.replace(' Desc', '');
  const { sessions } = read(
    `${header}10.0.0.1 4 65515 24 47 2 0 0 3 7\n10.0.0.2 4 65515 24 47 2 0 0 never Idle 0\n`,
  );
  expect(sessions['10.0.0.1']).toEqual({
    remoteAs: 65515,
    state: 'Established',
    prefixesReceived: 3,
    prefixesSent: 7,
  });
});

test('an address that ends before the version column keeps its last digit, where the version is missing', () => {
  const address = '2001:db8:20:1::aaaa:bbb4';
  const header = HEADER.replace(/^Neighbor +/, 'Neighbor'.padEnd(address.length + 1));
  const { sessions, unreadable } = read(`${header}${address} 65515 24 47 2 0 0 00:09:11 3\n10.0.0.2 ${UP}\n`);
  expect(sessions).toEqual({ '10.0.0.2': ESTABLISHED });
  expect(unreadable).toEqual([address]);
});

test('what is sent is not told where only one of two families tells it', () => {
  const one = `${FRR_HEADER}10.0.0.1 4 65515 24 47 2 0 0 00:09:11 3 7 N/A\n\nTotal number of neighbors 1\n\n`;
  const other = `${HEADER}10.0.0.1 ${UP}\n\nTotal number of neighbors 1\n`;
  for (const text of [one + other, other + one])
    expect(read(text).sessions['10.0.0.1']).toEqual({ ...ESTABLISHED, prefixesReceived: 6 });
});

test('rows without a header are still a summary, where the router counts them', () => {
  expect(read('10.0.0.1 4 65515 24 47\n\nTotal number of neighbors 1\n')).toEqual({
    sessions: {},
    unreadable: ['10.0.0.1'],
    complete: false,
  });
});
