import { expect, test } from '@jest/globals';
import { elapsedMs, isElapsed, peerText, sessionState } from '../../../src/domain/zebos/printed-values.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  ['00:09:11', 9 * MINUTE + 11 * SECOND],
  ['100:09:11', 100 * HOUR + 9 * MINUTE + 11 * SECOND],
  ['09:11', 9 * MINUTE + 11 * SECOND],
  ['1d02:03', DAY + 2 * HOUR + 3 * MINUTE],
  ['1d02:03:04', DAY + 2 * HOUR + 3 * MINUTE + 4 * SECOND],
  ['1d02h54m', DAY + 2 * HOUR + 54 * MINUTE],
  ['03w6d21h', 27 * DAY + 21 * HOUR],
  ['1y02w', 379 * DAY],
  ['5s', 5 * SECOND],
  ['00:00:00', 0],
])('the elapsed time %s is %i ms', (text, ms) => {
  expect(isElapsed(text)).toBe(true);
  expect(elapsedMs(text)).toBe(ms);
});

test.each(['never', 'NEVER'])('%s is how a router writes that nothing elapsed yet', (text) => {
  expect(isElapsed(text)).toBe(true);
  expect(elapsedMs(text)).toBeUndefined();
});

test.each(['', '12', '1:2', '12345:00', '00:00:00:00', '1d2:03', '1x', 'Idle', '00:09:11,', ' 00:09:11'])(
  '“%s” is not taken for an elapsed time',
  (text) => {
    expect(isElapsed(text)).toBe(false);
    expect(elapsedMs(text)).toBeUndefined();
  },
);

test.each([
  ['Established', 'Established'],
  ['established', 'Established'],
  ['OPENSENT', 'OpenSent'],
  ['Clearing', 'Clearing'],
  ['Deleted', 'Deleted'],
  ['Idl', undefined],
  ['Idle,', undefined],
  ['Idel', undefined],
  ['', undefined],
])('“%s” is the state %s', (word, state) => {
  expect(sessionState(word)).toBe(state);
});

test.each([
  ['eth0', 'eth0'],
  ['*eth0', 'eth0'],
  ['leaf-1(eth0)', 'eth0'],
  ['*leaf-1(eth0)', 'eth0'],
  ['(eth0)', '(eth0)'],
  ['leaf-1(eth0', 'leaf-1(eth0'],
])('%s is the peer %s, without what a router puts around it', (text, name) => {
  expect(peerText(text)).toBe(name);
});
