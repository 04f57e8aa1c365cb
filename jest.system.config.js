import base from './jest.config.js';

/** What needs more than npm: fail-over of a real Redis Sentinel and Cluster, and the container image. */
export default {
  ...base,
  testMatch: ['<rootDir>/test/**/*.system.ts'],
  maxWorkers: 1,
};
