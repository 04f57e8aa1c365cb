import { z } from 'zod';
import { type AuditRecord, EVENTS } from '../../domain/record.ts';

const record = z.object({
  seq: z.int().positive(),
  at: z.string(),
  event: z.enum(EVENTS),
  actor: z.union([z.literal('bot'), z.object({ user: z.string(), team: z.string() })]),
  target: z.string().nullable(),
  change: z.string().nullable(),
  reason_code: z.string().nullable(),
  digest: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
  prev: z.string(),
  hash: z.string(),
});

/** The record in the fields of a stream entry. Throws on what is not one. */
export function readStoredRecord(fields: readonly string[]): AuditRecord {
  return record.parse(JSON.parse(fields[fields.indexOf('record') + 1] ?? ''));
}
