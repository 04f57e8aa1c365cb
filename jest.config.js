/** Everything but the cluster suite's real control plane; see jest.cluster.config.js. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' } }],
  },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testTimeout: 60_000,
  // Stories wait for Slack's and BGP's own times for half of theirs: three of them keep two cores busy.
  maxWorkers: 3,
};
