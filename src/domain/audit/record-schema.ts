import { z } from 'zod';
import { type AuditRecord, EVENTS, FORMAT } from './record.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A record of format 1 as an export has it. A newer program may know more events and more fields. */
export const exportedRecordSchema = z.looseObject({
  v: z.literal(FORMAT).describe('The format of the record.'),
  seq: z.int().positive().describe('Its number; they go up by one, beginning with 1.'),
  at: z.iso.datetime().describe('When, in UTC.'),
  event: z
    .string()
    .regex(/^[a-z_]+(?:\.[a-z_]+)+$/)
    .meta({ description: 'What happened. More may come.', examples: [...EVENTS] }),
  actor: z
    .union([z.literal('bot'), z.looseObject({ user: z.string(), team: z.string() })])
    .describe('Who did it: the bot, or a person by the ids that Slack has of them and their team.'),
  target: z.string().nullable().describe('The SPK instance that it concerns.'),
  change: z.string().nullable().describe('The change that it belongs to, such as BGP-142.'),
  reason_code: z.string().nullable().describe('Why it ended or was refused so; stable.'),
  digest: z
    .string()
    .nullable()
    .describe('Of the plan that was shown, approved or carried out: SHA-256 in hex.'),
  data: z.record(z.string(), z.unknown()).describe('What else there is to say of such an event.'),
  prev: sha256.describe('The hash of the record before it; 64 zeros in the first one.'),
  hash: sha256.describe(
    'SHA-256 in hex over the canonical JSON (RFC 8785) of everything else in the record.',
  ),
});

/** A record that this program can act on: it knows its event. */
const auditRecordSchema: z.ZodType<AuditRecord> = exportedRecordSchema.extend({ event: z.enum(EVENTS) });

/** Throws on what is no record. Asserts instead of returning a copy, which could lose fields of a newer program. */
export function assertAuditRecord(value: unknown): asserts value is AuditRecord {
  auditRecordSchema.parse(value);
}

/** What docs/audit-record.schema.json holds. */
export function recordJsonSchema(): object {
  return z.toJSONSchema(exportedRecordSchema, { io: 'input' });
}
