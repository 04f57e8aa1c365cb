import asyncHooks from 'node:async_hooks';
import { TestEnvironment } from 'jest-environment-node';

/**
 * Jest's environment for Node, which also closes the `AsyncLocalStorage` that jest-circus 30 opens for each test file: before
 * Node 24 every promise of the files that follow would cost more for each one that stays open.
 */
export default class extends TestEnvironment {
  async teardown() {
    for (const storage of opened) storage.disable();
    opened.clear();
    await super.teardown();
  }
}

const opened = new Set();

const { AsyncLocalStorage } = asyncHooks;
// From Node 22 on it is a getter, which cannot be assigned to.
Object.defineProperty(asyncHooks, 'AsyncLocalStorage', {
  configurable: true,
  enumerable: true,
  writable: true,
  value: class extends AsyncLocalStorage {
    constructor(...options) {
      super(...options);
      opened.add(this);
    }
  },
});
