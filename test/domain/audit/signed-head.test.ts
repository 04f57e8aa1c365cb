import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { chain, GENESIS } from '../../../src/domain/audit/record.ts';
import {
  checkHead,
  keyId,
  readPublicKey,
  readSigningKey,
  signHead,
} from '../../../src/domain/audit/signed-head.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const head = chain({ atMs: 0, event: 'bot.started', actor: 'bot' }, 1, GENESIS);

test('a signed head is believed of its own number and hash, by its own key, and of nothing else', () => {
  const signed = signHead(privateKey, head);
  expect(signed).toMatchObject({ seq: 1, hash: head.hash, key: keyId(publicKey) });
  expect(checkHead(publicKey, signed)).toBe(true);
  expect(checkHead(publicKey, { ...signed, seq: 2 })).toBe(false);
  expect(checkHead(publicKey, { ...signed, hash: GENESIS })).toBe(false);
  expect(checkHead(publicKey, { ...signed, signature: '' })).toBe(false);
  expect(checkHead(generateKeyPairSync('ed25519').publicKey, signed)).toBe(false);
});

test('a key is told by the same 16 hex digits, whichever half of it one has', () => {
  expect(keyId(privateKey)).toBe(keyId(publicKey));
  expect(keyId(publicKey)).toMatch(/^[0-9a-f]{16}$/);
});

test('only Ed25519 keys in PEM are taken', () => {
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  expect(readSigningKey(pem)?.asymmetricKeyType).toBe('ed25519');
  expect(readPublicKey(publicKey.export({ type: 'spki', format: 'pem' }).toString())).toBeDefined();
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  expect(readSigningKey(rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())).toBeUndefined();
  expect(readSigningKey('-----BEGIN PRIVATE KEY-----')).toBeUndefined();
  expect(readPublicKey('')).toBeUndefined();
});
