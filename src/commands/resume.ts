import type { DecisionCommand } from './grammar/declaration.ts';

export const command: DecisionCommand = {
  kind: 'decision',
  decides: 'resume',
  verb: 'resume',
  summary: 'Have a halted change check its gate again and go on',
  forms: [[{ name: 'ID', kind: 'change', need: 'required' }]],
  flags: [],
  examples: ['resume BGP-142'],
  rights: [],
};
