import { expect, test } from '@jest/globals';
import { hasRedisServer } from '../../sandbox/src/redis.ts';
import { FAULTS } from './faults.ts';
import { runFaults } from './run-faults.ts';

/** A few of `npm run faults`. The bot lives in a process of its own here, and its Redis has to outlive it. */
const SAMPLE = [
  'bot killed when write intended',
  'bot killed between the eviction and its journal',
  'connection breaks after the write',
  'Redis killed when written, back after 1 s',
];

(hasRedisServer() ? test : test.skip).each(SAMPLE)(
  '%s: the change ends as it should, and nothing is done twice',
  async (name) => {
    const faults = FAULTS.filter((fault) => fault.name === name);
    const [row] = await runFaults(faults, 1, 1);
    expect(row).toMatchObject({ fault: name, runs: 1, broken: [] });
  },
  90_000,
);
