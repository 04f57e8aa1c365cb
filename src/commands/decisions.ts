import { DECISION_VERBS, DECISIONS, type DecisionVerb } from '../domain/change/decisions.ts';
import type { ArgumentPattern, DecisionCommand } from './grammar/declaration.ts';

/** A command for each row of the table of decisions. */
export const commands: readonly DecisionCommand[] = DECISION_VERBS.map((verb) => ({
  kind: 'decision',
  decides: verb,
  verb,
  summary: DECISIONS[verb].summary,
  forms: [formOf(verb)],
  flags: DECISIONS[verb].reason === 'optional' ? ['reason'] : [],
  examples: DECISIONS[verb].examples,
  rights: [],
}));

function formOf(verb: DecisionVerb): ArgumentPattern {
  const id = { name: 'ID', kind: 'change', need: 'required' } as const;
  const { reason } = DECISIONS[verb];
  if (reason === 'none') return [id];
  return [id, { name: verb === 'review' ? 'NOTE' : 'REASON', kind: 'words', need: reason }];
}
