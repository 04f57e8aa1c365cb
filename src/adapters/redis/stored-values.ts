import { z } from 'zod';
import { type AuditRecord, assertAuditRecord } from '../../domain/audit/record.ts';
import { CHANGE_STATES, type Change, isUnfinished } from '../../domain/change/change.ts';
import { parseJson } from '../../domain/json.ts';
import type { DeclaredFreeze } from '../../domain/policy/freeze.ts';
import { REASON_CODES } from '../../domain/refusal.ts';
import { type PendingQuery, Unreadable } from '../../ports/store.ts';

// Values from Redis are validated like any external input; each of these functions throws on an invalid one.

/**
 * Increase it when a change moved by an older release would lose or misread something that the older release cannot notice. It
 * notices unknown values and fields.
 */
const FORMAT = 1;

export function storedChange(next: Change): string {
  return JSON.stringify({ v: FORMAT, ...next });
}

/** A change that a later release wrote is read as far as it is understood, and marked: see `laterRelease`. */
export function readStoredChange(json: string): Change {
  const stored: unknown = JSON.parse(json);
  const { v, ...read } = changeWithFormat.parse(stored);
  // Before formats were numbered, fields came and went.
  const fieldsToo = v !== undefined;
  const later = (v ?? 0) > FORMAT || !isWhole({ v, ...read }, stored, fieldsToo);
  return later ? { ...read, laterRelease: true } : read;
}

/** Whether all of it was understood: unknown parts are dropped, or replaced by another value. */
function isWhole(read: unknown, stored: unknown, fieldsToo: boolean): boolean {
  if (typeof stored !== 'object' || stored === null) return read === stored;
  if (typeof read !== 'object' || read === null) return false;
  return Object.entries(stored).every(([key, value]) =>
    Object.hasOwn(read, key) ? isWhole(Reflect.get(read, key), value, fieldsToo) : !fieldsToo,
  );
}

/** The error for a stored change that is invalid; it contains no value, which could be anything. */
export function unreadableChange(id: string, json: string, error: unknown): Unreadable {
  const state = z.object({ state: z.string() }).safeParse(parseJson(json)).data?.state;
  // Without even a valid state, no release will ever continue it.
  const ended = state === undefined || ENDED.some((one) => one === state);
  return new Unreadable(id, whyUnreadable(error), ended);
}

const ENDED = CHANGE_STATES.filter((state) => !isUnfinished({ state }));

/** Where it differs from the schema, without the values. */
export function whyUnreadable(error: unknown): string {
  if (!(error instanceof z.ZodError)) return 'it is not JSON';
  const [issue] = error.issues;
  return `${issue?.path.join('.') || 'all of it'} does not have the form that this release expects`;
}

/** A freeze that cannot be read still freezes. */
export function readStoredFreeze(json: string): DeclaredFreeze {
  const read = freeze.safeParse(parseJson(json));
  return read.success ? read.data : { reason: 'this release cannot read why', by: NOBODY, atMs: 0 };
}

const NOBODY = { userId: 'unknown', teamId: 'unknown' };

export function readStoredQuery(json: string): PendingQuery {
  return query.parse(JSON.parse(json));
}

/** The record in the fields of a stream entry. */
export function readStoredRecord(fields: readonly string[]): AuditRecord {
  const record: unknown = JSON.parse(fields[fields.indexOf('record') + 1] ?? '');
  assertAuditRecord(record);
  return record;
}

/** A reason code; one of a later release is known only to exist. */
const reasonCode = z.enum(REASON_CODES).catch('later_release');
const outcomeCode = z.enum([...REASON_CODES, 'done']).catch('later_release');

const person = z.object({ userId: z.string(), teamId: z.string() });

const parsedCommand = z.object({
  verb: z.string(),
  args: z.array(z.string()),
  flags: z.record(z.string(), z.union([z.string(), z.literal(true)])),
});

const step = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('write'), lookup: z.string(), node: z.string() }),
  z.object({ kind: z.literal('evict'), node: z.string(), pod: z.string(), uid: z.string() }),
  z.object({ kind: z.literal('check'), node: z.string(), pod: z.string(), uid: z.string() }),
]);

const plan = z.object({
  verb: z.string(),
  target: z.string(),
  namespace: z.string(),
  cluster: z.object({
    uid: z.string(),
    tmm: z.object({ namespace: z.string(), selector: z.string() }),
    lookups: z.record(z.string(), z.string()),
  }),
  differences: z.array(
    z.object({
      lookup: z.string(),
      asn: z.number(),
      node: z.string(),
      before: z.string().nullable(),
      after: z.string().nullable(),
      createsLookup: z.boolean(),
    }),
  ),
  restarts: z.array(
    z.object({
      node: z.string(),
      pods: z.array(z.object({ name: z.string(), uid: z.string() })),
    }),
  ),
  strategy: z.enum(['none', 'rolling', 'all at once']),
  tmmCount: z.number(),
  allowOutage: z.boolean(),
  warnings: z.array(z.object({ code: z.string(), sentence: z.string(), node: z.string().exactOptional() })),
  rollsBack: z.object({ change: z.string(), verb: z.string() }).exactOptional(),
});

const impact = z.object({
  readAtMs: z.number(),
  pods: z.array(
    z.object({
      node: z.string(),
      pod: z.string(),
      uid: z.string(),
      carries: z.array(z.enum(['IPv4', 'IPv6'])),
      sessions: z.array(
        z.object({
          peer: z.string(),
          state: z.enum(['established', 'down', 'absent', 'unknown']),
          words: z.string(),
          mapped: z.boolean(),
          stays: z.boolean(),
        }),
      ),
      sessionsOmitted: z.number(),
      unread: z.string().exactOptional(),
    }),
  ),
  othersNotRead: z.number(),
});

const change = z.object({
  id: z.string(),
  version: z.int(),
  state: z.enum(CHANGE_STATES),
  plan,
  digest: z.string(),
  impact: impact.exactOptional(),
  parsed: parsedCommand,
  requester: person,
  authors: z.array(person),
  channel: z.string(),
  reason: z.string().exactOptional(),
  requiredApprovals: z.array(z.object({ groups: z.array(z.string()), count: z.int() })),
  breakGlass: z.array(z.string()),
  decisions: z.array(
    z.object({
      kind: z.enum(['approval', 'rejection']),
      by: person,
      digest: z.string(),
      atMs: z.number(),
      reason: z.string().exactOptional(),
      groups: z.array(z.string()),
      carriedOverFrom: z.string().exactOptional(),
      void: reasonCode.exactOptional(),
    }),
  ),
  createdAtMs: z.number(),
  approveByMs: z.number(),
  remindedApproveByMs: z.number().exactOptional(),
  executeWithinMs: z.number(),
  executeByMs: z.number().exactOptional(),
  startedAtMs: z.number().exactOptional(),
  cancelledBy: person.exactOptional(),
  acceptedWithout: z.array(z.string()).exactOptional(),
  resumedAtMs: z.number().exactOptional(),
  breakGlassUse: z
    .object({
      by: person,
      reason: z.string(),
      atMs: z.number(),
      review: z.object({ by: person, atMs: z.number(), note: z.string().exactOptional() }).exactOptional(),
      void: reasonCode.exactOptional(),
    })
    .exactOptional(),
  journal: z.array(
    z.object({
      step,
      phase: z.enum(['intended', 'found']),
      atMs: z.number(),
      before: z
        .object({
          announced: z.record(z.string(), z.record(z.string(), z.number()).nullable()),
          pods: z.array(z.string()),
          controllers: z.array(z.string()).exactOptional(),
        })
        .exactOptional(),
      found: z.string().exactOptional(),
    }),
  ),
  progress: z.string().exactOptional(),
  waitsFor: z.string().exactOptional(),
  outcome: z
    .object({
      reasonCode: outcomeCode,
      sentence: z.string(),
      traffic: z.string().exactOptional(),
      next: z.string().exactOptional(),
      hint: z.string().exactOptional(),
      node: z.string().exactOptional(),
      atMs: z.number(),
    })
    .exactOptional(),
  freshPlan: plan.exactOptional(),
});

const changeWithFormat = change.extend({ v: z.int().exactOptional() });

const freeze = z.object({ reason: z.string(), by: person, atMs: z.number() });

const query = z.object({
  id: z.string(),
  parsed: parsedCommand,
  target: z.string(),
  person,
  channel: z.string(),
  responseUrl: z.string().exactOptional(),
  directly: z.literal(true).exactOptional(),
  askedAtMs: z.number(),
});
