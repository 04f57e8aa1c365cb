import base from './jest.config.js';

/** The cluster suite: on the sandbox's API server, or on a real control plane where KUBEBUILDER_ASSETS names one. */
export default {
  ...base,
  testMatch: ['<rootDir>/test/cluster/**/*.test.ts'],
  testTimeout: 120_000,
  maxWorkers: 1,
};
