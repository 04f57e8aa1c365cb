import type { DecisionCommand } from './grammar/declaration.ts';

export const command: DecisionCommand = {
  kind: 'decision',
  decides: 'reject',
  verb: 'reject',
  summary: 'Refuse a change, with the reason if you give one',
  forms: [
    [
      { name: 'ID', kind: 'change', need: 'required' },
      { name: 'REASON', kind: 'words', need: 'optional' },
    ],
  ],
  flags: ['reason'],
  examples: ['reject BGP-142 not before Monday'],
  rights: [],
};
