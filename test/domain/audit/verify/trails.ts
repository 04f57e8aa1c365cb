import fc from 'fast-check';
import { linesOf } from '../../../../src/cli/audit-verify.ts';
import {
  type AuditRecord,
  chain,
  EVENTS,
  GENESIS,
  type RecordDraft,
} from '../../../../src/domain/audit/record.ts';
import {
  type Given,
  type TrailReport,
  verifyTrail,
} from '../../../../src/domain/audit/verify/verify-trail.ts';
import { wellFormed } from '../../../../src/domain/well-formed.ts';
import { anyText } from '../../any-text.ts';

/** Chains drafts to a trail. */
export function chained(drafts: readonly RecordDraft[], after?: AuditRecord): readonly AuditRecord[] {
  const records: AuditRecord[] = [];
  let last = after;
  for (const draft of drafts) {
    last = chain(draft, (last?.seq ?? 0) + 1, last?.hash ?? GENESIS);
    records.push(last);
  }
  return records;
}

/** A trail of so many records, of three changes and of none. */
export function aTrail(count: number, note = 'worker1'): readonly AuditRecord[] {
  return chained(
    Array.from({ length: count }, (_, at) => ({
      atMs: at * 1_000,
      event: EVENTS[at % EVENTS.length] ?? 'bot.started',
      actor: at % 2 === 0 ? ('bot' as const) : { userId: 'U01ALICE', teamId: 'T01RACK' },
      ...(at % 4 === 0 ? {} : { change: `BGP-${at % 4}` }),
      data: { note, at },
    })),
  );
}

/** The file that `audit export` writes. */
export function fileOf(records: readonly AuditRecord[]): Buffer {
  return Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}

/** Reads a file as `audit verify` does, in chunks of this size. */
export async function check(file: Buffer, given: Given = {}, chunk = 1_000): Promise<TrailReport> {
  const trail = verifyTrail(given);
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < file.length; at += chunk) yield file.subarray(at, at + chunk);
  }
  for await (const lines of linesOf(chunks())) for (const line of lines) trail.take(line);
  return trail.end();
}

export function anchorOf(record: AuditRecord | undefined): { readonly seq: number; readonly hash: string } {
  if (record === undefined) throw new Error('there is no such record');
  return { seq: record.seq, hash: record.hash };
}

const text = fc.oneof(
  anyText(20).map(wellFormed),
  fc.constantFrom(
    '',
    '\u2028',
    '\n{"seq":1}\n',
    '\ufeff',
    '__proto__',
    '"}',
    '\u0000',
    '😀',
    '\\u0041',
    'seq',
  ),
);

const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3 }),
  ),
})).value;

const draft: fc.Arbitrary<RecordDraft> = fc.record(
  {
    atMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    event: fc.constantFrom(...EVENTS),
    actor: fc.oneof(fc.constant('bot' as const), fc.record({ userId: text, teamId: text })),
    target: text,
    change: text,
    reasonCode: text,
    digest: text,
    data: fc.dictionary(text, value, { maxKeys: 4 }),
  },
  { requiredKeys: ['atMs', 'event', 'actor'] },
);

/** Any trail: nasty texts, keys and numbers. It begins, as every trail does, with a record of no change. */
export function anyTrail(min = 2, max = 8): fc.Arbitrary<readonly AuditRecord[]> {
  return fc
    .array(draft, { minLength: min - 1, maxLength: max - 1 })
    .map((drafts) => chained([{ atMs: 0, event: 'bot.started', actor: 'bot' }, ...drafts]));
}
