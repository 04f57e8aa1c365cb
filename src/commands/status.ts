import type { Answer, Part } from '../domain/answer.ts';
import { approvalProgress } from '../domain/change/approvals.ts';
import type { Change, JournalEntry, ParsedCommand } from '../domain/change/change.ts';
import { readChangeId } from '../domain/change/change-id.ts';
import { describePlanParts } from '../domain/change/describe-plan.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { LocalQuery, LocalQueryContext } from './grammar/declaration.ts';

export const command: LocalQuery = {
  kind: 'local query',
  audience: 'requesters',
  verb: 'status',
  summary: 'One change: what it does, who decided, how far it is',
  forms: [[{ name: 'ID', kind: 'change', need: 'required' }]],
  flags: ['public'],
  examples: ['status BGP-142'],
  rights: [],
  answer,
};

async function answer(parsed: ParsedCommand, { store }: LocalQueryContext): Promise<Answer | Refusal> {
  const id = readChangeId(parsed.args[0] ?? '');
  const change = await store.change(id);
  if (change === undefined)
    return refuse('unknown_change', `I know no change ${id}.`, 'Type changes to see the last ones.');
  return {
    title: `${change.id} ${[change.parsed.verb, ...change.parsed.args].join(' ').slice(0, 100)}: ${change.state.replace('_', ' ')}`,
    parts: [facts(change), ...describePlanParts(change.plan), ...journal(change), ...outcome(change)],
  };
}

function facts(change: Change): Part {
  const { given, wanted } = approvalProgress(change);
  return {
    kind: 'facts',
    rows: [
      ['Target', `${change.plan.target} (${change.plan.namespace})`],
      ['Asked by', `${change.requester.userId} at ${utc(change.createdAtMs)}`],
      ['Reason', change.reason ?? 'none given'],
      ['Approvals', wanted === 0 ? 'none needed' : `${given} of ${wanted}`],
      ...change.decisions.map(({ kind, by, atMs, reason }): [string, string] => [
        kind === 'approval' ? 'Approved by' : 'Rejected by',
        `${by.userId} at ${utc(atMs)}${reason === undefined ? '' : `: ${reason}`}`,
      ]),
      ...glass(change),
      ['Plan', change.digest.slice(0, 12)],
    ],
  };
}

function glass({ breakGlassUse }: Change): [string, string][] {
  if (breakGlassUse === undefined) return [];
  const { by, atMs, reason, review } = breakGlassUse;
  return [
    ['Glass broken by', `${by.userId} at ${utc(atMs)}: ${reason}`],
    [
      'Reviewed by',
      review === undefined
        ? 'nobody yet'
        : `${review.by.userId} at ${utc(review.atMs)}${review.note === undefined ? '' : `: ${review.note}`}`,
    ],
  ];
}

function journal({ journal: entries, progress }: Change): Part[] {
  const done = entries.filter(({ phase }) => phase === 'found');
  const lines = [...done.map(line), ...(progress === undefined || progress === '' ? [] : [`… ${progress}`])];
  return lines.length === 0 ? [] : [{ kind: 'preformatted', text: lines.join('\n') }];
}

function line({ step, atMs, found }: JournalEntry): string {
  const what =
    step.kind === 'write'
      ? `${step.lookup}: ${step.node}`
      : step.kind === 'evict'
        ? step.pod
        : `successor of ${step.pod}`;
  return `${utc(atMs)}  ${what}: ${found ?? 'done'}`;
}

function outcome({ outcome: end, state }: Change): Part[] {
  if (end === undefined) return [];
  const tone = state === 'succeeded' ? 'good' : state === 'outcome_unknown' ? 'unknown' : 'bad';
  const more = [end.hint, end.next].filter((part) => part !== undefined);
  return [{ kind: 'note', tone, text: [end.sentence, ...more].join(' ') }];
}

function utc(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
