import { z } from 'zod';
import { EVENTS } from './record.ts';

/** An audit record as it stands in Redis, in an export or in another tool. */
export const auditRecordSchema = z.object({
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
