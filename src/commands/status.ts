import type { Answer, Part } from '../domain/answer.ts';
import { approvalProgress, needsApprovalAgain } from '../domain/change/approvals.ts';
import {
  type Change,
  type Decision,
  isUnfinished,
  type ParsedCommand,
  readChangeId,
  unknownChange,
} from '../domain/change/change.ts';
import { describePlanParts, describeStep, removesMapping } from '../domain/change/describe-plan.ts';
import { describeOutcome, STATE_WORDS, stepsPhase } from '../domain/change/describe-state.ts';
import { relatedChanges } from '../domain/change/related.ts';
import { describeRequiredApprovals } from '../domain/policy/required-approvals.ts';
import { describeReason, type Refusal } from '../domain/refusal.ts';
import { utcSecond } from '../domain/times.ts';
import { shortened } from '../domain/well-formed.ts';
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
  const [typed = ''] = parsed.args;
  const id = readChangeId(typed);
  const change = await store.change(id);
  if (change === undefined) return unknownChange(typed);
  return {
    title: `${change.id} ${shortened([change.parsed.verb, ...change.parsed.args].join(' '), 100)}: ${STATE_WORDS[change.state].words}`,
    parts: [
      facts(change),
      ...relatedParts(change, await store.recentChanges(RECENT)),
      ...describePlanParts(change.plan, stepsPhase(change), change.impact),
      ...journal(change),
      ...outcome(change),
    ],
  };
}

/** Number of recent changes searched for related ones. */
const RECENT = 30;

function relatedParts(change: Change, recent: readonly Change[]): readonly Part[] {
  const { open, rolledBackBy, before } = relatedChanges(change, recent);
  const { rollsBack } = change.plan;
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['Other open changes here', isUnfinished(change) ? open.map(({ id }) => id) : []],
    ['Rolls back', rollsBack === undefined ? [] : [rollsBack.change]],
    ['Roll-back of this change', rolledBackBy.map(({ id }) => id)],
    ['Last change here before', before === undefined ? [] : [before.id]],
  ];
  return rows.flatMap(([label, changes]) =>
    changes.length === 0 ? [] : [{ kind: 'changes' as const, label, changes }],
  );
}

function facts(change: Change): Part {
  const { words, meaning } = STATE_WORDS[change.state];
  return {
    kind: 'facts',
    rows: [
      ['State', `${words}: ${meaning}`],
      ...(change.laterRelease === true ? [LATER_RELEASE] : []),
      ...reason(change),
      ['Target', `${change.plan.target} (${change.plan.namespace})`],
      ['Asked by', `${change.requester.userId} at ${utc(change.createdAtMs)}`],
      ['Why', change.reason ?? 'no reason given'],
      ['Approvals', approvalsOf(change)],
      ...change.decisions.map(decision),
      ...breakGlass(change),
      ['Plan', change.digest.slice(0, 12)],
    ],
  };
}

const LATER_RELEASE: [string, string] = [
  'Written by',
  'a later release of the bot: this one does not understand all of it and leaves it alone',
];

/** Why it ended or stopped, with the reason code for support. */
function reason({ outcome }: Change): [string, string][] {
  if (outcome === undefined || outcome.reasonCode === 'done') return [];
  return [['Reason', `${describeReason(outcome.reasonCode)} (${outcome.reasonCode})`]];
}

function approvalsOf(change: Change): string {
  const { given, wanted, missing } = approvalProgress(change);
  if (wanted === 0) return 'none needed';
  const waits = missing.length > 0 && (change.state === 'proposed' || needsApprovalAgain(change));
  return `${given} of ${wanted}${waits ? `, missing: ${describeRequiredApprovals(missing)}` : ''}`;
}

function decision(given: Decision): [string, string] {
  const { kind, by, atMs, reason: said, carriedOverFrom, void: because } = given;
  if (because !== undefined)
    return ['Not counted', `${by.userId} approved at ${utc(atMs)}: ${describeReason(because)}`];
  const from = carriedOverFrom === undefined ? '' : ` for the identical plan of ${carriedOverFrom}`;
  return [
    kind === 'approval' ? 'Approved by' : 'Rejected by',
    `${by.userId} at ${utc(atMs)}${from}${said === undefined ? '' : `: ${said}`}`,
  ];
}

function breakGlass({ breakGlassUse }: Change): [string, string][] {
  if (breakGlassUse === undefined) return [];
  const { by, atMs, reason: said, review } = breakGlassUse;
  return [
    ['Break-glass by', `${by.userId} at ${utc(atMs)}: ${said}`],
    [
      'Reviewed by',
      review === undefined
        ? 'nobody yet'
        : `${review.by.userId} at ${utc(review.atMs)}${review.note === undefined ? '' : `: ${review.note}`}`,
    ],
  ];
}

function journal({ journal: entries, plan, progress = '' }: Change): Part[] {
  const done = entries.filter(({ phase }) => phase === 'found');
  const lines = [
    ...done.map(
      ({ step, atMs, found }) =>
        `${utc(atMs)}  ${describeStep(step, removesMapping(plan, step))}: ${found ?? 'done'}`,
    ),
    ...(progress === '' ? [] : [`… ${progress}`]),
  ];
  return lines.length === 0 ? [] : [{ kind: 'preformatted', text: lines.join('\n') }];
}

function outcome(change: Change): Part[] {
  const sentence = describeOutcome(change);
  if (sentence === undefined) return [];
  const more = [change.outcome?.hint, change.outcome?.next].filter((part) => part !== undefined);
  return [{ kind: 'note', tone: STATE_WORDS[change.state].tone, text: [sentence, ...more].join(' ') }];
}

function utc(atMs: number): string {
  return `${utcSecond(atMs)} UTC`;
}
