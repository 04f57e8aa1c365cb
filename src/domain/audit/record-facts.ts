import { z } from 'zod';
import { describeDoneStep, describeStep } from '../change/describe-plan.ts';
import { describeReason } from '../refusal.ts';
import { before, ours, reported, type Segment, say, typed } from '../segments.ts';
import type { AuditRecord } from './record.ts';

/** The part of a record that its words need. A newer release may have written an event that this one does not know. */
export type DescribedRecord = Pick<AuditRecord, 'actor' | 'target' | 'reason_code' | 'data'> & {
  readonly event: string;
};

/** The parts of the sentence about a record. */
export interface RecordFacts {
  readonly who: Segment;
  /** The person named in the data. */
  readonly requester: Segment;
  /** Who asked for the stop that caused the halt. */
  readonly stoppedBy: Segment | undefined;
  readonly typedReason: Segment | undefined;
  readonly command: Segment | undefined;
  readonly step: Segment;
  /** The same once it is done, with the result. */
  readonly done: Segment;
  /** Whether the step evicted a pod; the check that follows reports the outcome. */
  readonly taken: boolean;
  readonly targets: Segment;
  readonly code: string | null;
  /** The reason code in words that follow "because"; undefined where there is none. */
  readonly reason: Segment | undefined;
  /** The beginning of the policy's hash, long enough to tell two policies apart. */
  readonly policy: Segment | undefined;
  /** `@bob for BGP-3, @carol for BGP-3`. */
  readonly carriedOver: readonly Segment[];
  /** `@bob, because the account is deactivated`, one entry each. */
  readonly voidApprovals: readonly Segment[];
  said(key: string): Segment | undefined;
  typed(key: string): Segment | undefined;
}

/** Reads what a record says; fields that an older or a newer release did not write are absent. */
export function readRecordFacts({ actor, target, reason_code: code, data }: DescribedRecord): RecordFacts {
  const text = (key: string): string => {
    const value = data[key];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const args: readonly unknown[] = Array.isArray(data.args) ? data.args : [];
  return {
    who: actor === 'bot' ? ours('the bot') : { kind: 'person', userId: actor.user },
    requester: text('for') === '' ? ours('the requester') : { kind: 'person', userId: text('for') },
    stoppedBy: text('stopped_by') === '' ? undefined : { kind: 'person', userId: text('stopped_by') },
    typedReason: typed(text('reason')),
    command: reported([text('verb'), ...args.map(String)].join(' ')),
    step: stepOf(data),
    done: doneOf(data),
    taken: stepIn(data)?.kind === 'evict',
    targets: target === null ? ours('all targets') : { kind: 'reported', text: target },
    code,
    reason: code === null || code === 'done' ? undefined : reported(describeReason(code)),
    carriedOver: carriedOverOf(data.carriedOver ?? data.kept),
    voidApprovals: voidApprovalsOf(data.void),
    policy: reported(text('policy').slice(0, 12)),
    said: (key) => reported(text(key)),
    typed: (key) => typed(text(key)),
  };
}

const stepSchema = z.union([
  z.object({ kind: z.literal('write'), lookup: z.string(), node: z.string() }),
  z.object({ kind: z.enum(['evict', 'check']), node: z.string(), pod: z.string() }),
]);

function stepIn({ step }: DescribedRecord['data']) {
  return stepSchema.safeParse(step).data;
}

function stepOf(data: DescribedRecord['data']): Segment {
  const step = stepIn(data);
  if (step === undefined) return ours('carry out a step');
  return { kind: 'reported', text: describeStep(step, data.after === null) };
}

function doneOf(data: DescribedRecord['data']): Segment {
  const step = stepIn(data);
  if (step === undefined) return ours('carried out a step');
  const found = typeof data.found === 'string' ? data.found : '';
  return { kind: 'reported', text: describeDoneStep(step, found) };
}

const voidSchema = z.array(z.object({ by: z.string(), reason: z.string() }));

function voidApprovalsOf(data: unknown): readonly Segment[] {
  const approvals = voidSchema.safeParse(data).data ?? [];
  return approvals.slice(0, MAX_NAMES).flatMap(({ by, reason }, index) => {
    const person: Segment = { kind: 'person', userId: by };
    return say`${index === 0 ? undefined : ours(', ')}${person} (${reported(describeReason(reason)) ?? ours('unknown')})`;
  });
}

const carriedOverSchema = z.array(z.object({ by: z.string(), from: z.string().nullable() }));
const MAX_NAMES = 6;

function carriedOverOf(data: unknown): readonly Segment[] {
  const approvals = carriedOverSchema.safeParse(data).data ?? [];
  const names = approvals.slice(0, MAX_NAMES).flatMap(({ by, from }, index) => {
    const person: Segment = { kind: 'person', userId: by };
    return say`${index === 0 ? undefined : ours(', ')}${person}${before(' for ', reported(from ?? ''))}`;
  });
  const more = approvals.length - MAX_NAMES;
  return more > 0 ? [...names, ours(` and ${more} more`)] : names;
}
