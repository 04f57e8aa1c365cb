import { afterAll, beforeAll, describe, test } from '@jest/globals';

/** A test, or a test that is listed as skipped because there is nothing to run it on. */
export type Run = typeof test | typeof test.skip;

/** A contract: the promises that every implementation of a port keeps. `the` gives what is under test. */
export type Contract<UnderTest> = (run: Run, the: () => UnderTest) => void;

/** Holds one implementation to a contract. It is opened once; each test uses names of its own in it. */
export function hold<UnderTest>(
  name: string,
  contract: Contract<UnderTest>,
  open: () => Promise<UnderTest & { close?(): Promise<void> }>,
  run: Run = test,
): void {
  describe(name, () => {
    let opened: (UnderTest & { close?(): Promise<void> }) | undefined;
    beforeAll(async () => {
      if (run === test) opened = await open();
    });
    afterAll(() => opened?.close?.());
    contract(run, () => {
      if (opened === undefined) throw new Error(`${name}: nothing was opened`);
      return opened;
    });
  });
}
