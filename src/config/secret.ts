import type { Fault } from '../domain/fault.ts';

/** A token from `NAME`, or from the file that `NAME_FILE` names, as mounted secrets are. Its value is in no fault. */
export function readSecret(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  prefix: string,
  remedy: string,
  readFile: (path: string) => string,
): string | Fault {
  const value = env[name]?.trim();
  const file = env[`${name}_FILE`]?.trim();
  if (value && file) {
    return { path: name, problem: `both ${name} and ${name}_FILE are set`, remedy: 'Set one of them.' };
  }
  const found = file ? fromFile(file, readFile) : value;
  if (!found) {
    const problem = file ? `${name}_FILE names ${file}, which is empty or cannot be read` : 'it is not set';
    return { path: name, problem, remedy };
  }
  if (found.startsWith(prefix)) return found;
  return { path: name, problem: `it does not begin with ${prefix}`, remedy };
}

function fromFile(path: string, readFile: (path: string) => string): string | undefined {
  try {
    return readFile(path).trim();
  } catch {
    // The fault names the file; why it cannot be read is for the one who mounts it.
    return undefined;
  }
}
