import type { KeyObject } from 'node:crypto';
import { readSigningKey } from '../domain/audit/signed-head.ts';
import type { Fault } from '../domain/fault.ts';

/**
 * A token from `NAME`, or from the file named by `NAME_FILE`, as for mounted secrets. A fault contains neither of them: either
 * may hold the token by mistake.
 */
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
  const found = file ? readOrUndefined(file, readFile) : value;
  if (!found) {
    const problem = file ? `the file that ${name}_FILE names is empty or cannot be read` : 'it is not set';
    return { path: name, problem, remedy };
  }
  if (NOT_IN_A_TOKEN.test(found))
    return {
      path: name,
      problem: 'it has a blank or a character that is not ASCII, as no token has',
      remedy,
    };
  if (found.startsWith(prefix)) return found;
  return { path: name, problem: `it does not begin with ${prefix}`, remedy };
}

/** As in the examples of `.env.example`: no HTTP header may contain it. */
const NOT_IN_A_TOKEN = /[^\x21-\x7e]/;

/** Whether `NAME` or `NAME_FILE` is set. */
export function hasValue(env: Readonly<Record<string, string | undefined>>, name: string): boolean {
  return Boolean(env[name]?.trim() || env[`${name}_FILE`]?.trim());
}

function readOrUndefined(path: string, readFile: (path: string) => string): string | undefined {
  try {
    return readFile(path).trim();
  } catch {
    // The fault names the file; the operator has to find out why it cannot be read.
    return undefined;
  }
}

const SIGNING_KEY_REMEDY =
  'Name a PEM file with an Ed25519 private key, as "openssl genpkey -algorithm ed25519" makes it, or leave it out: then heads are not signed.';

/** The key that signs heads of the audit trail; undefined where no file is named. A fault never contains it. */
export function signingKeyFrom(
  file: string | undefined,
  readFile: (path: string) => string,
): KeyObject | Fault | undefined {
  const path = file?.trim();
  if (!path) return undefined;
  const fault = (problem: string): Fault => ({
    path: 'AUDIT_SIGNING_KEY_FILE',
    problem,
    remedy: SIGNING_KEY_REMEDY,
  });
  const pem = readOrUndefined(path, readFile);
  if (pem === undefined) return fault('the file that it names cannot be read');
  return (
    readSigningKey(pem) ?? fault('the file that it names contains no Ed25519 private key in PEM (PKCS #8)')
  );
}
