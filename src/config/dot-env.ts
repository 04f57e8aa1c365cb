import { resolve } from 'node:path';
import type { Fault } from '../domain/fault.ts';

/**
 * Takes what a file `.env` in the working directory says into the process's environment; what is set there already, even
 * to nothing, stays as it is. Without such a file nothing happens; one that cannot be read is a fault.
 */
export function loadDotEnv(): Fault | undefined {
  const file = resolve('.env');
  try {
    process.loadEnvFile(file);
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be read';
    if (code === 'ENOENT') return undefined;
    return { path: file, problem: code, remedy: 'Let this user read it, or move it away.' };
  }
}
