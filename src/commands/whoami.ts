import type { Answer, Part } from '../domain/answer.ts';
import { holds, type Policy, ruleFor, ruleNaming } from '../domain/policy/policy.ts';
import { approvingGroups, describeRequiredApprovals } from '../domain/policy/required-approvals.ts';
import type { Command, LocalQuery, LocalQueryContext } from './grammar/declaration.ts';

/** What the asker may do and why not, target by target; for everybody, because the denied need it most. */
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
        policy.channels.includes(context.channel) ? 'commands are taken here' : 'no commands are taken here',
      ],
    ],
  };
  if (denied !== undefined) {
    const nothing: Part = {
      kind: 'note',
      tone: 'bad',
      text: `You may do nothing here. ${denied.sentence} ${denied.next}`,
    };
    return { title: 'Who you are to me', parts: [identity, nothing] };
  }
  return {
    title: 'Who you are to me',
    parts: [identity, ...policy.targets.flatMap(({ name }) => rightsOn(name, context))],
  };
}

function rightsOn(target: string, { policy, membership, commands }: LocalQueryContext): Part[] {
  const rows = commands
    .filter(({ kind }) => kind === 'query' || kind === 'change' || kind === 'freeze')
    .map(({ verb, kind }) => {
      if (undone(verb, policy, commands)) return [verb, '-', '-', '-', 'as what it undoes'];
      const rule = kind === 'freeze' ? ruleNaming(policy, verb, [target]) : ruleFor(policy, verb, target);
      if (rule === undefined) return [verb, 'no', '-', '-', 'no rule speaks of it'];
      const ask = holds(rule.ask, membership);
      if (kind === 'freeze') return [verb, ask ? 'yes' : 'no', '-', '-', rule.name];
      const approve = holds(approvingGroups(rule.requiredApprovals), membership);
      const needs =
        rule.requiredApprovals.length === 0
          ? 'no approval needed'
          : `${describeRequiredApprovals(rule.requiredApprovals)}, never the requester`;
      return [
        verb,
        ask ? 'yes' : 'no',
        rule.requiredApprovals.length === 0 ? '-' : approve ? 'yes' : 'no',
        kind !== 'change' ? '-' : holds(rule.breakGlass, membership) ? 'yes' : 'no',
        `${rule.name}: ${needs}`,
      ];
    });
  return [
    { kind: 'text', text: `On target ${target}` },
    { kind: 'table', columns: ['Command', 'Ask', 'Approve', 'Break glass', 'Rule'], rows },
  ];
}

/** Decided by the rule of the change that it undoes, unless a rule names the verb itself. */
function undone(verb: string, policy: Policy, commands: readonly Command[]): boolean {
  const command = commands.find((one) => one.verb === verb);
  const undoes = command?.kind === 'change' && command.undoes === true;
  return undoes && !policy.rules.some((rule) => rule.commands.includes(verb));
}
