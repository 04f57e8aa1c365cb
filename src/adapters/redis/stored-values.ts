import { z } from 'zod';
import { type AuditRecord, assertAuditRecord } from '../../domain/audit/record.ts';
import { CHANGE_STATES, type Change } from '../../domain/change/change.ts';
import type { DeclaredFreeze } from '../../domain/policy/freeze.ts';
import { REASON_CODES } from '../../domain/refusal.ts';
import type { PendingQuery } from '../../ports/store.ts';

// What comes out of Redis is checked like anything else from outside; each of these throws on what is not one.

export function readStoredChange(json: string): Change {
  return change.parse(JSON.parse(json));
}

export function readStoredFreeze(json: string): DeclaredFreeze {
  return freeze.parse(JSON.parse(json));
}

export function readStoredQuery(json: string): PendingQuery {
  return query.parse(JSON.parse(json));
}

/** The record in the fields of a stream entry. */
export function readStoredRecord(fields: readonly string[]): AuditRecord {
  const record: unknown = JSON.parse(fields[fields.indexOf('record') + 1] ?? '');
  assertAuditRecord(record);
  return record;
}

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
      void: z.enum(REASON_CODES).exactOptional(),
    }),
  ),
  createdAtMs: z.number(),
  approveByMs: z.number(),
  executeWithinMs: z.number(),
  executeByMs: z.number().exactOptional(),
  cancelledBy: person.exactOptional(),
  acceptedWithout: z.array(z.string()).exactOptional(),
  resumedAtMs: z.number().exactOptional(),
  breakGlassUse: z
    .object({
      by: person,
      reason: z.string(),
      atMs: z.number(),
      review: z.object({ by: person, atMs: z.number(), note: z.string().exactOptional() }).exactOptional(),
      void: z.enum(REASON_CODES).exactOptional(),
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
        })
        .exactOptional(),
      found: z.string().exactOptional(),
    }),
  ),
  progress: z.string().exactOptional(),
  waitsFor: z.string().exactOptional(),
  outcome: z
    .object({
      reasonCode: z.enum([...REASON_CODES, 'done']),
      sentence: z.string(),
      next: z.string().exactOptional(),
      hint: z.string().exactOptional(),
      node: z.string().exactOptional(),
      atMs: z.number(),
    })
    .exactOptional(),
  freshPlan: plan.exactOptional(),
});

const freeze = z.object({ reason: z.string(), by: person, atMs: z.number() });

const query = z.object({
  id: z.string(),
  parsed: parsedCommand,
  target: z.string(),
  person,
  channel: z.string(),
  responseUrl: z.string().exactOptional(),
  askedAtMs: z.number(),
});
