import { readFile, rename, writeFile } from 'node:fs/promises';
import { anchorText, readAnchor } from '../domain/audit/anchor.ts';
import type { SignerMemory } from '../ports/store.ts';

/** Keeps `SEQ:HASH` in a file; without one nothing is remembered beyond the process. A file that holds anything else is an error. */
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
      if (anchor === undefined)
        throw new Error(`${path} does not hold SEQ:HASH of the head that was signed last`);
      return anchor;
    },
    async write(seen) {
      // Whole or not at all: a crash leaves the one of before.
      await writeFile(`${path}.next`, `${anchorText(seen)}\n`);
      await rename(`${path}.next`, path);
    },
  };
}
