import base from './jest.config.js';

/**
 * What needs more than npm (fail-over of a real Redis Sentinel and Cluster, real FRR, the container image), and the longest
 * stories.
 */
export default {
  ...base,
  testMatch: ['<rootDir>/test/**/*.system.ts'],
  maxWorkers: 3,
};
