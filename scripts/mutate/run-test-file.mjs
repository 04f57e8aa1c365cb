import { expect } from 'expect';
import fc from 'fast-check';
import * as circus from 'jest-circus';
import jestConfig from '../../jest.config.js';
import { loadModule } from './load-module.mjs';

/**
 * Runs a test file with the parts of Jest that run and judge tests, without those that start a process, search files
 * and build an environment: a few milliseconds instead of half a second. Resolves to the failures, in words.
 *
 * `codeOf` is that of `loadModule`. The tests `leftOut`, by name, do not run. `onStart(name)` and `onEnd(name)` are
 * called around each test.
 */
export async function runTestFile(file, { codeOf, leftOut = [], untilFirstFailure = false, onStart, onEnd }) {
  running = { leftOut: new Set(leftOut), untilFirstFailure, hasFailed: false, onStart, onEnd };
  circus.resetState();
  circus.getState().testTimeout = jestConfig.testTimeout;
  try {
    await loadModule(file, { codeOf, packages: PACKAGES });
    const { testResults, unhandledErrors } = await circus.run();
    return [...unhandledErrors, ...testResults.flatMap(({ errors }) => errors)].map(firstLine);
  } catch (error) {
    return [firstLine(error)];
  }
}

const { default: _, ...globals } = circus;
const PACKAGES = { '@jest/globals': { ...globals, expect } };

// The same examples for every mutant, and the first one that fails is enough.
fc.configureGlobal({ seed: 1, endOnFailure: true });

let running;

const HANDLERS = {
  test_start({ test }) {
    const { leftOut, untilFirstFailure, hasFailed, onStart } = running;
    const name = nameOf(test);
    if (leftOut.has(name) || (untilFirstFailure && hasFailed)) test.mode = 'skip';
    else onStart?.(name);
  },
  test_done({ test }) {
    // What `expect.assertions` and its like miss is only known now.
    test.errors.push(...expect.extractExpectedAssertionsErrors().map(({ error }) => error));
    running.hasFailed ||= test.errors.length > 0;
    running.onEnd?.(nameOf(test));
  },
};

circus.addEventHandler((event) => HANDLERS[event.name]?.(event));

function nameOf({ name, parent }) {
  return parent === undefined ? '' : `${nameOf(parent)} ${name}`.trim();
}

function firstLine(error) {
  return String(error).split('\n')[0];
}
