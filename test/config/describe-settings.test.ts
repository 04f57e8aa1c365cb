import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { describeAudit } from '../../src/config/describe-settings.ts';

const KEY = generateKeyPairSync('ed25519').privateKey;
const told = (...args: Parameters<typeof describeAudit>): readonly string[] =>
  describeAudit(...args).map(({ tone, text }) => `${tone}: ${text}`);

test('without settings all is kept, nothing is signed and nothing streamed, and doctor says so', () => {
  expect(told({ audit: { retention: {}, stream: 'off' } })).toEqual([
    'good: audit trail: all records are kept, heads are not signed, not streamed',
  ]);
});

test('both rules of retention are told, each in its own unit', () => {
  const retention = { keepForMs: 365 * 86_400_000, keepRecords: 100_000 };
  expect(told({ audit: { retention, stream: 'stdout' } })).toEqual([
    'good: audit trail: records of the last 365 days and the newest 100000 records are kept, heads are not signed, streamed to standard output',
  ]);
});

test('a signer that remembers nothing outside Redis is a warning', () => {
  const audit = { retention: {}, stream: 'off' } as const;
  expect(told({ audit, auditSigningKey: KEY })).toEqual([
    expect.stringContaining('heads are signed'),
    expect.stringMatching(/^warning: /),
  ]);
  expect(told({ audit, auditSigningKey: KEY, auditSignedHeadFile: '/var/lib/head' })).toHaveLength(1);
});
