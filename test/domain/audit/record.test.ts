import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  assertAuditRecord,
  chain,
  GENESIS,
  hashOf,
  recordJsonSchema,
} from '../../../src/domain/audit/record.ts';
import { clipWellFormed, wellFormed } from '../../../src/domain/well-formed.ts';
import { anyText } from '../any-text.ts';

describe('a record', () => {
  const record = chain({ atMs: 0, event: 'bot.started', actor: 'bot', data: { version: '1' } }, 1, GENESIS);

  test('says its format first, and its hash is over everything else', () => {
    expect(Object.keys(record)[0]).toBe('v');
    const { hash, ...rest } = record;
    expect(hash).toBe(hashOf(rest));
    expect(hashOf({ ...record, added: 1 })).not.toBe(hash);
    expect(hashOf({ ...rest, v: 2 })).not.toBe(hash);
    // Computed once with Python, without this program: it must not change.
    expect(hash).toBe('b7c41122f299cfe71681c1bdeda3345b59b5a016986e882f72aba9bdaba82c57');
  });

  test('says who did it, by the ids that Slack has, and has nothing where there is nothing to say', () => {
    const by = { userId: 'U01ALICE', teamId: 'T01RACK' };
    expect(chain({ atMs: 0, event: 'freeze.declared', actor: by }, 2, record.hash)).toMatchObject({
      actor: { user: 'U01ALICE', team: 'T01RACK' },
      target: null,
      change: null,
      reason_code: null,
      digest: null,
      data: {},
      prev: record.hash,
    });
    expect(record.actor).toBe('bot');
  });

  test('of a later program is read: its format, its event and its fields', () => {
    expect(() => assertAuditRecord(JSON.parse(JSON.stringify(record)))).not.toThrow();
    const later = { ...record, v: 2, event: 'change.teleported', where: 'elsewhere' };
    expect(() => assertAuditRecord(later)).not.toThrow();
    expect(() => assertAuditRecord({ ...record, event: 'Change' })).toThrow();
    expect(() => assertAuditRecord({ ...record, seq: 0 })).toThrow();
  });

  test('has the JSON Schema that is documented', () => {
    // To write it anew: print recordJsonSchema() of src/domain/audit/record.ts with two blanks of indentation.
    const documented = readFileSync(
      new URL('../../../docs/audit-record.schema.json', import.meta.url),
      'utf8',
    );
    expect(JSON.parse(documented)).toEqual(recordJsonSchema());
  });
});

describe('text for the trail', () => {
  test('is cut by whole characters', () => {
    expect(clipWellFormed('ab🙂', 3)).toBe('ab\ufffd');
    expect(clipWellFormed('ab🙂', 4)).toBe('ab🙂');
    expect(wellFormed('\ud83d')).toBe('\ufffd');
  });

  test('can always be recorded', () => {
    fc.assert(
      fc.property(anyText(), fc.nat(300), (text, limit) => {
        chain(
          { atMs: 0, event: 'request.refused', actor: 'bot', data: { said: clipWellFormed(text, limit) } },
          1,
          GENESIS,
        );
      }),
    );
  });
});
