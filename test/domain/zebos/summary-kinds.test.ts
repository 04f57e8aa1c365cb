import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readSummary } from '../../../src/domain/zebos/read-summary.ts';
import { capture, placesOf } from './capture.ts';

const ROUTER =
  'BGP router identifier 10.244.1.17, local AS number 64443\nBGP table version is 1\n0 BGP AS-PATH entries\n';
const ZERO = `${ROUTER}\nTotal number of Established sessions 0\n`;
const ZEBOS =
  'Neighbor                 V   AS   MsgRcv    MsgSen TblVer   InQ   OutQ    Up/Down   State/PfxRcd\n';
const QUAGGA = 'Neighbor        V    AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd\n';
const FRR =
  'Neighbor        V         AS   MsgRcvd   MsgSent   TblVer  InQ OutQ  Up/Down State/PfxRcd   PfxSnt Desc\n';

function states(text: string): Record<string, string> {
  const reading = readSummary(text);
  if (!reading.readable) throw new Error(reading.why);
  expect([...reading.unreadable]).toEqual([]);
  return Object.fromEntries(
    [...reading.sessions].map(([peer, { state, prefixesReceived = '' }]) => [
      peer,
      `${state} ${prefixesReceived}`,
    ]),
  );
}

test('a TMM without neighbors has none, which is an answer and whole', () => {
  expect(readSummary(ZERO)).toEqual({
    readable: true,
    sessions: new Map(),
    unreadable: new Set(),
    complete: true,
  });
  expect(readSummary(`spk-bgp[0]>show bgp summary\n${ZERO}spk-bgp[0]>`)).toMatchObject({ complete: true });
});

test.each([
  ['nothing but the count', 'Total number of Established sessions 0\n'],
  ['a row that is damaged', `${ROUTER}\n10.20.1.x 4 3535 0 0\n\nTotal number of Established sessions 0\n`],
  ['a peer', `${ROUTER}\n10.20.1.1\n\nTotal number of Established sessions 0\n`],
  ['a piece of a header', `${ROUTER}\nNeighb  V AS Up/Down\n\nTotal number of Established sessions 0\n`],
  ['an error', `${ROUTER}% Cannot read the table\nTotal number of Established sessions 0\n`],
  ['other counts', `${ROUTER}Total number of neighbors 2\n\nTotal number of Established sessions 0\n`],
  ['one peer', `${ROUTER}Peers 1, using 723 KiB\nTotal number of Established sessions 0\n`],
  ['peers', `${ROUTER}Peers 2, using 1446 KiB of memory\nTotal number of Established sessions 0\n`],
])('a zero beside %s is not known to be whole', (_, text) => {
  const reading = readSummary(text);
  expect(reading.readable && reading.complete).toBe(false);
});

test.each([
  ['no peers', 'Peers 0, using 0 bytes of memory\n'],
  ['other numbers', 'Groups 3, using 192 bytes of memory\n'],
])('a zero beside %s is whole', (_, line) => {
  const reading = readSummary(`${ROUTER}${line}Total number of Established sessions 0\n`);
  expect(reading.readable && reading.complete).toBe(true);
});

test.each([
  ['more sessions are Established than rows say', 3],
  ['fewer sessions are Established than rows say', 1],
])('a summary that counts that %s is unreadable', (_, count) => {
  const text = capture('zebos-summary.txt');
  const changed = text.replace('Established sessions 2', `Established sessions ${count}`);
  expect(readSummary(changed)).toEqual({
    readable: false,
    why: `the summary counts ${count} Established sessions, but lists 2`,
  });
});

test('sessions that are counted but not listed are unreadable, and so are rows that are not counted', () => {
  expect(readSummary(`${ROUTER}\nTotal number of Established sessions 2\n`)).toEqual({
    readable: false,
    why: 'the summary counts 2 Established sessions, but lists 0',
  });
  const row = '4 3535 24 47 2 0 0 never Idle';
  expect(readSummary(`${QUAGGA}10.0.0.1 ${row}\n10.0.0.2 ${row}\n\nTotal number of neighbors 1\n`)).toEqual({
    readable: false,
    why: 'the summary counts 1 neighbors, but lists 2',
  });
});

test.each([
  [`${QUAGGA}2001:db8:1234:5678:9abc:def0:1234:56784 3535 24 47 2 0 0 00:09:11 3\n`, 'Established 3'],
  [
    `${QUAGGA}2001:db8:1234:5678:9abc:def0:1234:56784  3535      24      47        2    0    0 never    Active\n`,
    'Active ',
  ],
  [`${ZEBOS}2001:db8:1234:5678:9abc:def0:1234:56784  3535 24 47 2 0 0 00:09:11 3\n`, 'Established 3'],
  [`${ZEBOS}2001:db8:1234:5678:9abc:def0:1234:5678\n4  3535 24 47 2 0 0 00:09:11 3\n`, 'Established 3'],
  [`${ZEBOS}2001:db8:1234:5678:9abc:def0:1234:5678 4 3535 24 47 2 0\n0 00:09:11\n3\n`, 'Established 3'],
])('a long address may abut the version or have a line of its own: %j', (text, state) => {
  expect(states(text)).toEqual({ '2001:db8:1234:5678:9abc:def0:1234:5678': state });
});

test('an address that ends in 4 keeps it where the version follows, and where it is short', () => {
  expect(states(`${QUAGGA}2001:db8:20:1:aaaa::14 4 3535 24 47 2 0 0 00:09:11 3\n`)).toEqual({
    '2001:db8:20:1:aaaa::14': 'Established 3',
  });
  expect(states(`${QUAGGA}2001:db8:20:1:aaaa::14 3535 24 47 2 0 0 00:09:11 3\n`)).toEqual({
    '2001:db8:20:1:aaaa::1': 'Established 3',
  });
  expect(states(`${QUAGGA}2001:db8:0:1::14 3535 24 47 2 0 0 00:09:11 3\n`)).toEqual({
    '2001:db8:0:1::1': 'Established 3',
  });
  expect(readSummary(`${QUAGGA}2001:db8:0::114 3535 24 47 2 0 0 00:09:11 3\n`)).toMatchObject({
    sessions: new Map(),
    unreadable: new Set(['2001:db8::114']),
  });
  const short = readSummary(`${QUAGGA}fd00::14 3535 24 47 2 0 0 00:09:11 3\n`);
  expect(short).toMatchObject({ sessions: new Map(), unreadable: new Set(['fd00::14']) });
});

test('under a wide header that wraps, an address which ends before the version abuts nothing', () => {
  const header = ZEBOS.replace('   State/PfxRcd', '\n State/PfxRcd');
  const reading = readSummary(`${header}2001:db8:20:1::14 3535 24 47 2 0 0 00:09:11 3\n`);
  expect(reading).toMatchObject({ sessions: new Map(), unreadable: new Set(['2001:db8:20:1::14']) });
});

test('where the version is missing, an address that does not end in 4 lends it none', () => {
  const reading = readSummary(
    `${QUAGGA}2001:db8:1234:5678:9abc:def0:1234:5678 3535 24 47 2 0 0 00:09:11 3\n`,
  );
  expect(reading).toMatchObject({
    sessions: new Map(),
    unreadable: new Set(['2001:db8:1234:5678:9abc:def0:1234:5678']),
  });
});

test('a line that begins with no name is no row', () => {
  const row = '4 3535 24 47 2 0 0 never Idle\n';
  expect(states(`${QUAGGA}% ${row}swp1 ${row}--- ${row}`)).toEqual({ swp1: 'Idle ' });
});

test('a summary is whole only where the count of each family says so', () => {
  const table = `${QUAGGA}10.0.0.1 4 3535 24 47 2 0 0 00:09:11 3\n`;
  const counted = `${table}\nTotal number of neighbors 1\n\n`;
  const families = [counted + counted, counted + table, table + counted].map((text) => readSummary(text));
  expect(families.map((one) => one.readable && one.complete)).toEqual([true, false, false]);
});

test('what FRR sends is summed over the families of a peer', () => {
  const row = (received: string, sent: string): string =>
    `10.0.0.1        4       3535        12        14        0    0    0 00:07:22 ${received} ${sent} N/A\n`;
  const table = (family: string, line: string): string =>
    `${family} Unicast Summary (VRF default):\n${FRR}${line}\nTotal number of neighbors 1\n\n`;
  const both = readSummary(table('IPv4', row('3', '7')) + table('IPv6', row('(Policy)', '(Policy)')));
  expect(both.readable && both.sessions.get('10.0.0.1')).toEqual({
    peer: '10.0.0.1',
    remoteAs: 3535,
    state: 'Established',
    prefixesReceived: 3,
    prefixesSent: 7,
    upDown: '00:07:22',
  });
});

test('where no policy lets a route pass in any family, the session says so', () => {
  const row = '10.0.0.1 4 3535 12 14 0 0 0 00:07:22 (Policy) (Policy) N/A\n\nTotal number of neighbors 1\n\n';
  const both = readSummary(`IPv4 Unicast Summary:\n${FRR}${row}IPv6 Unicast Summary:\n${FRR}${row}`);
  expect(both.readable && both.sessions.get('10.0.0.1')).toMatchObject({
    prefixesReceived: 0,
    detail: '(Policy)',
  });
});

test.each([
  [
    'at the end of the router id',
    (vrf: string) => `BGP router identifier 10.0.0.9, local AS number 1 VRF ${vrf} vrf-id 7\n`,
  ],
  ['above the families', (vrf: string) => `Instance ${vrf}:\n\nIPv4 Unicast Summary:\n`],
  ['as a number', () => 'BGP router identifier 10.0.0.9, local AS number 1 vrf-id 7\n'],
  ['as the first number', () => 'BGP router identifier 10.0.0.9, local AS number 1 vrf-id 1\n'],
])('another VRF is left out when it is named %s', (_, caption) => {
  const row = (peer: string): string =>
    `${peer} 4 3535 24 47 2 0 0 00:09:11 3\n\nTotal number of neighbors 1\n\n`;
  const text = `IPv4 Unicast Summary:\n${QUAGGA}${row('10.0.0.1')}${caption('red')}${QUAGGA}${row('10.0.0.9')}`;
  expect(states(text)).toEqual({ '10.0.0.1': 'Established 3' });
  expect(states(`${caption('red')}${QUAGGA}${row('10.0.0.9')}`)).toEqual({ '10.0.0.9': 'Established 3' });
});

test.each([
  'BGP router identifier 10.0.0.9, local AS number 1 vrf-id 0',
  'BGP router identifier 10.0.0.9, local AS number 1',
  'IPv4 Unicast Summary (VRF default):',
  'IPv4 Unicast Summary (VRF ):',
  'Instance default:',
])('below “%s” are peers of the default VRF', (caption) => {
  const row = (peer: string): string => `${peer} 4 3535 24 47 2 0 0 00:09:11 3\n`;
  const text = `${caption}\n${QUAGGA}${row('10.0.0.1')}\nVRF red\n${QUAGGA}${row('10.0.0.9')}\n.\n`;
  expect(states(text)).toEqual({ '10.0.0.1': 'Established 3' });
});

test.each(['zebos-summary.txt', 'frr8-summary.txt', 'ocnos-summary.txt'])(
  '%s, from which up to 60 characters are lost anywhere, shows no session Established that is not, and never counts as empty',
  (name) => {
    const [text = ''] = capture(name).split('IPv4 Unicast Summary (VRF red)');
    const whole = readSummary(text);
    if (!whole.readable) throw new Error(whole.why);
    const up = [...whole.sessions.values()]
      .filter(({ state }) => state === 'Established')
      .map(({ peer }) => peer);
    fc.assert(
      fc.property(fc.constantFrom(...placesOf(text)), fc.integer({ min: 1, max: 60 }), (from, length) => {
        const reading = readSummary(text.slice(0, from) + text.slice(from + length));
        if (!reading.readable) return;
        const shown = [...reading.sessions.values()].filter(({ state }) => state === 'Established');
        const known = whole.sessions;
        expect(shown.filter(({ peer }) => known.has(peer) && !up.includes(peer))).toEqual([]);
        expect(reading.complete && reading.sessions.size + reading.unreadable.size === 0).toBe(false);
      }),
      { numRuns: 60 },
    );
  },
);

const ROW = '4 3535 24 47 2 0 0 00:09:11 3\n\nTotal number of neighbors 1\n\n';

test('a router id without a VRF does not end the VRF that the caption above it names', () => {
  const text = `IPv4 Unicast Summary:\n${QUAGGA}10.0.0.1 ${ROW}IPv4 Unicast Summary (VRF red):\n${ROUTER}${QUAGGA}10.0.0.9 ${ROW}`;
  expect(states(text)).toEqual({ '10.0.0.1': 'Established 3' });
});

test('a VRF that only its router id names ends at the next router id', () => {
  const router = (id: number): string => `BGP router identifier 10.0.0.9, local AS number 1 vrf-id ${id}\n`;
  const text = `${router(7)}${QUAGGA}10.0.0.9 ${ROW}${router(0)}${QUAGGA}10.0.0.1 ${ROW}`;
  expect(states(text)).toEqual({ '10.0.0.1': 'Established 3' });
});
