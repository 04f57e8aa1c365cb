import type { Answer, Part } from '../domain/answer.ts';
import { type Capability, capabilities } from '../domain/authorization/capabilities.ts';
import { describeRequiredApprovals } from '../domain/policy/required-approvals.ts';
import type { LocalQuery, LocalQueryContext } from './grammar/declaration.ts';

/** What the requester may do and why not, per target; open to everybody, because people without access need it most. */
export const command: LocalQuery = {
  kind: 'local query',
  audience: 'everybody',
  verb: 'whoami',
  summary: 'What you may do here, and why not',
  forms: [[]],
  flags: [],
  examples: ['whoami'],
  rights: [],
  answer: async (_, context) => answer(context),
};

function answer(context: LocalQueryContext): Answer {
  const { person, membership, policy, denied } = context;
  const identity: Part = {
    kind: 'facts',
    rows: [
      ['You are', `${person.userId} of team ${person.teamId}`],
      ['Groups', [...membership].sort().join(', ') || 'none'],
      [
        'This channel',
        policy.channels.includes(context.channel)
          ? 'commands are accepted here'
          : 'no commands are accepted here',
      ],
    ],
  };
  if (denied !== undefined) {
    const nothing: Part = {
      kind: 'note',
      tone: 'bad',
      text: `You may do nothing here. ${denied.sentence} ${denied.next}`,
    };
    return { title: 'Your account and rights', parts: [identity, nothing] };
  }
  const all = capabilities(policy, person, membership, context.commands);
  return {
    title: 'Your account and rights',
    parts: [identity, ...policy.targets.flatMap(({ name }) => rightsOn(name, all))],
  };
}

function rightsOn(target: string, all: readonly Capability[]): Part[] {
  const rows = all
    .filter(
      (one) =>
        one.target === target && (one.kind === 'query' || one.kind === 'change' || one.kind === 'freeze'),
    )
    .map(rowOf);
  return [
    { kind: 'text', text: `On target ${target}` },
    { kind: 'table', columns: ['Command', 'Request', 'Approve', 'Break glass', 'Rule'], rows },
  ];
}

function rowOf({
  verb,
  kind,
  use,
  approve,
  breakGlass,
  rule,
  dependsOnUndone,
}: Capability): readonly string[] {
  if (dependsOnUndone) return [verb, '-', '-', '-', 'the rule of the change that it rolls back'];
  if (rule === undefined) return [verb, 'no', '-', '-', 'no rule names it'];
  if (kind === 'freeze') return [verb, yesNo(use), '-', '-', rule.name];
  const approvals = rule.requiredApprovals;
  const needs =
    approvals.length === 0
      ? 'no approval needed'
      : `${describeRequiredApprovals(approvals)}, never the requester`;
  return [
    verb,
    yesNo(use),
    approvals.length === 0 ? '-' : yesNo(approve),
    kind === 'change' ? yesNo(breakGlass) : '-',
    `${rule.name}: ${needs}`,
  ];
}

function yesNo(yes: boolean): string {
  return yes ? 'yes' : 'no';
}
