import { hash as digest } from 'node:crypto';
import { z } from 'zod';
import { CHANGE_RECORDS } from '../change/change.ts';
import { canonicalJson } from '../json.ts';
import type { Person } from '../person.ts';

/** A record before it has its place in the chain. */
export interface RecordDraft {
  readonly atMs: number;
  readonly event: EventName;
  readonly actor: Person | 'bot';
  readonly target?: string;
  readonly change?: string;
  readonly reasonCode?: string;
  readonly digest?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** One entry of the audit trail, in format 1; docs/audit.md explains each field. */
export interface AuditRecord {
  readonly v: number;
  readonly seq: number;
  readonly at: string;
  /** One of `EVENTS`, or an event of a later release. */
  readonly event: string;
  readonly actor: { readonly user: string; readonly team: string } | 'bot';
  readonly target: string | null;
  readonly change: string | null;
  readonly reason_code: string | null;
  readonly digest: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly prev: string;
  readonly hash: string;
}

export const EVENTS = [
  'bot.started',
  'bot.stopped',
  'request.refused',
  'query.requested',
  'query.answered',
  ...CHANGE_RECORDS,
  'drift.external_edit',
  'drift.detected',
  'drift.resolved',
  'freeze.declared',
  'freeze.lifted',
  'audit.checkpoint',
  'audit.restore_accepted',
  'audit.signed',
] as const;
export type EventName = (typeof EVENTS)[number];

/** Format of the records that this program writes. It reads later ones, too. */
export const FORMAT = 1 as const;

/** The hash before the first record. */
export const GENESIS = '0'.repeat(64);

/** Gives a draft its place after the record with number `seq - 1` and hash `prev`. */
export function chain(draft: RecordDraft, seq: number, prev: string): AuditRecord {
  const unsealed = {
    v: FORMAT,
    seq,
    at: new Date(draft.atMs).toISOString(),
    event: draft.event,
    actor: draft.actor === 'bot' ? ('bot' as const) : { user: draft.actor.userId, team: draft.actor.teamId },
    target: draft.target ?? null,
    change: draft.change ?? null,
    reason_code: draft.reasonCode ?? null,
    digest: draft.digest ?? null,
    data: draft.data ?? {},
    prev,
  };
  return { ...unsealed, hash: hashOf(unsealed) };
}

/**
 * The hash that a record should have: SHA-256 over the canonical JSON (RFC 8785) of all its fields except `hash`, also unknown
 * ones, so that a later format can be verified and an added field is found.
 */
export function hashOf(record: object): string {
  const { hash: _, ...rest }: { readonly hash?: unknown } = record;
  return digest('sha256', canonicalJson(rest), 'hex');
}

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A record of format 1 as an export has it. A newer program may know more events and more fields. */
export const exportedRecordSchema = z.looseObject({
  v: z.literal(FORMAT).describe('The format of the record.'),
  seq: z.int().positive().describe('Its number; they go up by one, beginning with 1.'),
  at: z.iso.datetime().describe('When, in UTC.'),
  event: z
    .string()
    .regex(/^[a-z_]+(?:\.[a-z_]+)+$/)
    .meta({ description: 'What happened. Later releases may add events.', examples: [...EVENTS] }),
  actor: z
    .union([z.literal('bot'), z.looseObject({ user: z.string(), team: z.string() })])
    .describe('Who did it: the bot, or a person by Slack user id and team id.'),
  target: z.string().nullable().describe('The SPK instance that it concerns.'),
  change: z.string().nullable().describe('The change that it belongs to, such as BGP-142.'),
  reason_code: z.string().nullable().describe('Stable code of why it ended or was refused.'),
  digest: z
    .string()
    .nullable()
    .describe('SHA-256 in hex of the plan that was shown, approved or carried out.'),
  data: z.record(z.string(), z.unknown()).describe('Further data of the event.'),
  prev: sha256.describe('The hash of the record before it; 64 zeros in the first one.'),
  hash: sha256.describe(
    'SHA-256 in hex over the canonical JSON (RFC 8785) of everything else in the record.',
  ),
});

/** Also accepts what a later program wrote: another format, or an event or a field that this one does not know. */
const auditRecordSchema: z.ZodType<AuditRecord> = exportedRecordSchema.extend({ v: z.int().positive() });

/** Throws when the value is not a record. Asserts instead of returning a copy, which could lose fields of a newer program. */
export function assertAuditRecord(value: unknown): asserts value is AuditRecord {
  auditRecordSchema.parse(value);
}

/** The content of docs/audit-record.schema.json. */
export function recordJsonSchema(): object {
  return z.toJSONSchema(exportedRecordSchema, { io: 'input' });
}
