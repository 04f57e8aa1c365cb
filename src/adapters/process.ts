import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditRecord } from '../domain/audit/record.ts';
import type { Clock } from '../ports/clock.ts';

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  async sleep(ms, signal) {
    // An abort only ends the wait early; whoever waits looks at the signal.
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  },
};

/** Writes each record as one JSON line, as `audit export` does. Rejects when the line could not be written. */
export function recordStream(out: Writable): (record: AuditRecord) => Promise<void> {
  // Each write gets its own error; without a listener the same error would end the process.
  out.on('error', () => undefined);
  return (record) =>
    new Promise((resolve, reject) => {
      out.write(`${JSON.stringify(record)}\n`, (error) => {
        if (error) reject(new Error(`writing on standard output: ${error.message}`));
        else resolve();
      });
    });
}
