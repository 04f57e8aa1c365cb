import type { DecisionCommand } from './grammar/declaration.ts';

export const command: DecisionCommand = {
  kind: 'decision',
  decides: 'approve',
  verb: 'approve',
  summary: 'Approve a change, as the button on its card does',
  forms: [[{ name: 'ID', kind: 'change', need: 'required' }]],
  flags: [],
  examples: ['approve BGP-142'],
  rights: [],
};
