import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { anchorText, readAnchor } from '../domain/audit/anchor.ts';
import type { AuditRecord } from '../domain/audit/record.ts';
import type { Clock } from '../ports/clock.ts';
import type { SignerMemory } from '../ports/store.ts';

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  async sleep(ms, signal) {
    // An abort only ends the wait early; the caller checks the signal.
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  },
};

/** Writes each record as one JSON line, in the format of `audit export`. Rejects when the line could not be written. */
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

/** Keeps `SEQ:HASH` in a file; without one, only as long as the process runs. A file with any other content is an error. */
export function signerMemory(path: string | undefined): SignerMemory {
  if (path === undefined) return { read: async () => undefined, write: async () => undefined };
  return {
    async read() {
      const text = await readFile(path, 'utf8').catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (text === undefined) return undefined;
      const anchor = readAnchor(text.trim());
      if (anchor === undefined) throw new Error(`${path} does not contain SEQ:HASH of the last signed head`);
      return anchor;
    },
    async write(seen) {
      // Atomic: after a crash the previous file remains.
      await writeFile(`${path}.next`, `${anchorText(seen)}\n`);
      await rename(`${path}.next`, path);
    },
  };
}
