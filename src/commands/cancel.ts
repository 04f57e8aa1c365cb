import type { DecisionCommand } from './grammar/declaration.ts';

export const command: DecisionCommand = {
  kind: 'decision',
  decides: 'cancel',
  verb: 'cancel',
  summary: 'Withdraw a change, or stop a running one before its next effect',
  forms: [[{ name: 'ID', kind: 'change', need: 'required' }]],
  flags: [],
  examples: ['cancel BGP-142'],
  rights: [],
};
