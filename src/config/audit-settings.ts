import { z } from 'zod';
import type { Retention } from '../domain/audit/retention.ts';

/** What becomes of the audit trail besides being kept. */
export interface AuditSettings {
  readonly retention: Retention;
  /** Whether every record is also written on standard output. */
  readonly stream: 'off' | 'stdout';
}

/** Checks one variable; undefined, and a fault, when it is wrong. */
export type CheckVariable = <Value>(
  name: string,
  schema: z.ZodType<Value>,
  fallback: string,
  remedy: string,
) => Value | undefined;

const DAY_MS = 24 * 60 * 60 * 1_000;

export function readAuditSettings(check: CheckVariable): AuditSettings {
  const days = check(
    'AUDIT_KEEP_DAYS',
    unsetOr(z.coerce.number().int().min(1).max(36_500)),
    '',
    'Give whole days, 1 or more, or leave it out: then no record is kept for its age.',
  );
  const keepRecords = check(
    'AUDIT_KEEP_RECORDS',
    unsetOr(z.coerce.number().int().min(1_000)),
    '',
    'Give a number of records, 1000 or more, or leave it out: then no record is kept for its place.',
  );
  const stream = check(
    'AUDIT_STREAM',
    z.enum(['off', 'stdout']),
    'off',
    'Give stdout for one JSON line per record on standard output, or off (the default).',
  );
  return {
    retention: {
      ...(days === undefined ? {} : { keepMs: days * DAY_MS }),
      ...(keepRecords === undefined ? {} : { keepRecords }),
    },
    stream: stream ?? 'off',
  };
}

function unsetOr(number: z.ZodType<number>): z.ZodType<number | undefined> {
  return z.union([z.literal('').transform(() => undefined), number]);
}
