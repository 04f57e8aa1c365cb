import base from './jest.config.js';

/** Everything that may die while a change runs: FAULT_ROUNDS times each, FAULTS_ONLY=words picks some. */
export default {
  ...base,
  testMatch: ['<rootDir>/test/faults/every.faults.ts'],
  testTimeout: 12 * 3_600_000,
  maxWorkers: 1,
};
