import { expect, test } from '@jest/globals';
import { roughly } from '../../../src/domain/bgp/live-sessions.ts';

test.each([
  ['00:00:07', '7 s'],
  ['00:09:11', '9 min'],
  ['23:59:59', '23 h'],
  ['1d02h54m', '1 d'],
  ['03w6d21h', '27 d'],
  ['1y02w', '379 d'],
  ['05h12m', '5 h'],
  ['09:11', '09:11'],
  ['never', 'never'],
])('an elapsed time as routers print it is told in one unit: %s is %s', (printed, told) => {
  expect(roughly(printed)).toBe(told);
});
