import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { Anchor } from './anchor.ts';

/** A head of the trail with its signature; the data of an `audit.signed` record. */
export interface SignedHead extends Anchor {
  /** See `keyId`. */
  readonly key: string;
  /** Ed25519 over the statement, in base64. */
  readonly signature: string;
}

/** Signs a record and so, by the chain, every record before it. */
export function signHead(privateKey: KeyObject, { seq, hash }: Anchor): SignedHead {
  const signature = sign(null, statement({ seq, hash }), privateKey).toString('base64');
  return { seq, hash, key: keyId(privateKey), signature };
}

/** Whether the signature was made with this key for exactly this head. */
export function checkHead(publicKey: KeyObject, { seq, hash, signature }: SignedHead): boolean {
  return verify(null, statement({ seq, hash }), publicKey, Buffer.from(signature, 'base64'));
}

/** Id of a key: the first 16 hex digits of SHA-256 over the public key's SPKI DER. */
export function keyId(key: KeyObject): string {
  const der = (key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex').slice(0, 16);
}

/** Undefined for anything that is not an Ed25519 private key in PEM. */
export function readSigningKey(pem: string): KeyObject | undefined {
  return ed25519(() => createPrivateKey(pem));
}

/** Undefined for anything that is not an Ed25519 public key in PEM. */
export function readPublicKey(pem: string): KeyObject | undefined {
  return ed25519(() => createPublicKey(pem));
}

function statement({ seq, hash }: Anchor): Buffer {
  return Buffer.from(`tor-bgp-bot audit head ${seq} ${hash}`);
}

function ed25519(read: () => KeyObject): KeyObject | undefined {
  try {
    const key = read();
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    // OpenSSL's message does not help; the caller says what a key should be.
    return undefined;
  }
}
