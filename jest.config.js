import { availableParallelism } from 'node:os';

/** Everything but what runs on a real control plane as well (jest.cluster.config.js) and every fault (jest.faults.config.js). */
export default {
  testEnvironment: '<rootDir>/test/jest-environment.mjs',
  // Tests import what they use.
  injectGlobals: false,
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' } }],
  },
  // Zod's messages in fifty languages, which nobody here reads, are read anew for each test file otherwise.
  moduleNameMapper: { '^\\.\\./locales/index\\.js$': '<rootDir>/node_modules/zod/v4/locales/en.js' },
  testMatch: [
    '<rootDir>/test/**/*.test.ts',
    // On the sandbox it is what stories/main-job and stories/moving-ground tell.
    '!**/test/cluster/main-job.test.ts',
  ],
  // Idle, no test takes longer than 25 s; the rest is for a machine that is busy with something else.
  testTimeout: 120_000,
  // Stories wait for Slack's and BGP's own times for more than half of theirs: six of them keep two cores busy.
  maxWorkers: Math.max(6, availableParallelism() - 1),
  // A worker without an open handle needs up to a second of a busy machine to give its memory back, Jest's 500 ms are
  // too few. One that holds a handle is still reported.
  workerGracefulExitTimeout: 15_000,
};
