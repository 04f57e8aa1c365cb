import type { Answer, Part } from '../domain/answer.ts';
import { capabilities } from '../domain/authorization/capabilities.ts';
import type { ParsedCommand } from '../domain/change/change.ts';
import { counted } from '../domain/phrasing.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { Command, LocalQuery, LocalQueryContext } from './grammar/declaration.ts';
import { FLAGS, flagUsage } from './grammar/flags.ts';
import { suggestVerb } from './grammar/suggest-verb.ts';
import { usageOf } from './grammar/usage.ts';

/** Lists the commands that the person may use; with a verb, its usage. */
export const command: LocalQuery = {
  kind: 'local query',
  audience: 'members',
  verb: 'help',
  summary: 'All commands, or the usage of one',
  forms: [[{ name: 'VERB', kind: 'verb', need: 'optional' }]],
  flags: ['public'],
  examples: ['help', 'help rotate'],
  rights: [],
  answer: async (parsed, context) => answer(parsed, context),
};

function answer(parsed: ParsedCommand, context: LocalQueryContext): Answer | Refusal {
  const verb = parsed.args[0]?.toLowerCase().replace(/^\/(?=.)|(?<=.)[.,:;!?…]+$/g, '');
  if (verb === undefined) return everything(context);
  const asked = context.commands.find((one) => one.verb === verb);
  if (asked !== undefined) return oneCommand(asked, context.policy.command);
  const near = suggestVerb(
    verb,
    context.commands.map((one) => one.verb),
  );
  return refuse(
    'unknown_verb',
    `There is no command "${verb.slice(0, 60)}".`,
    near === undefined ? 'Type help alone.' : `Did you mean help ${near}?`,
  );
}

function everything(context: LocalQueryContext): Answer {
  const { policy, person, membership } = context;
  const usable = new Set(
    capabilities(policy, person, membership, context.commands).flatMap(({ verb, use }) =>
      use ? [verb] : [],
    ),
  );
  const mine = context.commands.filter(({ verb }) => usable.has(verb));
  const group = (title: string, kinds: readonly Command['kind'][]): Part[] => {
    const rows = mine
      .filter(({ kind }) => kinds.includes(kind))
      .map((one) => [usageWords(one), one.summary] as const);
    return rows.length === 0
      ? []
      : [
          { kind: 'text', text: title },
          { kind: 'table', columns: ['Command', 'What it does'], rows },
        ];
  };
  const hidden = context.commands.length - mine.length;
  return {
    title: `Commands of ${context.policy.command}`,
    parts: [
      ...group('Queries, answered to you alone, or to the channel with --public', ['query', 'local query']),
      ...group('Changes, which somebody else approves', ['change']),
      ...group('On a change', ['decision']),
      ...group('On all changes', ['freeze']),
      {
        kind: 'text',
        text: `${context.policy.command} help VERB shows one command with examples.${hidden > 0 ? ` ${counted(hidden, 'more is', 'more are')} not allowed for you: whoami says why.` : ''}`,
      },
    ],
  };
}

/** The usage of the first pattern alone, short enough for a phone. */
function usageWords(one: Command): string {
  return (
    one.forms.map((form) =>
      [one.verb, ...form.map(({ name, need }) => (need === 'optional' ? `[${name}]` : name))].join(' '),
    )[0] ?? one.verb
  );
}

function oneCommand(asked: Command, slash: string): Answer {
  const flags = asked.flags.map((flag) => [flagUsage(flag), FLAGS[flag].meaning] as const);
  return {
    title: `${slash} ${asked.verb}`,
    parts: [
      { kind: 'text', text: `${asked.summary}.` },
      {
        kind: 'preformatted',
        text: usageOf(asked)
          .map((usage) => `${slash} ${usage}`)
          .join('\n'),
      },
      ...(flags.length === 0 ? [] : [{ kind: 'table' as const, columns: ['Flag', 'Meaning'], rows: flags }]),
      { kind: 'text', text: 'For example:' },
      { kind: 'preformatted', text: asked.examples.map((example) => `${slash} ${example}`).join('\n') },
    ],
  };
}
