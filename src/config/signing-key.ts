import type { KeyObject } from 'node:crypto';
import { readSigningKey } from '../domain/audit/signed-head.ts';
import type { Fault } from '../domain/fault.ts';

const REMEDY =
  'Name a PEM file with an Ed25519 private key, as "openssl genpkey -algorithm ed25519" makes it, or leave it out: then heads are not signed.';

/** The key by which the heads of the audit trail are signed; undefined where no file is named. Its content is in no fault. */
export function signingKeyFrom(
  file: string | undefined,
  readFile: (path: string) => string,
): KeyObject | Fault | undefined {
  const path = file?.trim();
  if (!path) return undefined;
  const fault = (problem: string): Fault => ({ path: 'AUDIT_SIGNING_KEY_FILE', problem, remedy: REMEDY });
  let pem: string;
  try {
    pem = readFile(path);
  } catch {
    // The fault names the file; why it cannot be read is for the one who mounts it.
    return fault(`it names ${path}, which cannot be read`);
  }
  return (
    readSigningKey(pem) ?? fault(`it names ${path}, which holds no Ed25519 private key in PEM (PKCS #8)`)
  );
}
