import type { DecisionCommand } from './grammar/declaration.ts';

export const command: DecisionCommand = {
  kind: 'decision',
  decides: 'review',
  verb: 'review',
  summary: 'Say that you looked at a change for which somebody else broke the glass',
  forms: [
    [
      { name: 'ID', kind: 'change', need: 'required' },
      { name: 'NOTE', kind: 'words', need: 'optional' },
    ],
  ],
  flags: [],
  examples: ['review BGP-142 it was right to do it'],
  rights: [],
};
