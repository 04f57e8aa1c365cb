import type { DecisionCommand } from './grammar/declaration.ts';

export const command: DecisionCommand = {
  kind: 'decision',
  decides: 'break-glass',
  verb: 'break-glass',
  summary:
    'Have a change run without approval and in a freeze; everybody is told, and somebody else reviews it',
  forms: [
    [
      { name: 'ID', kind: 'change', need: 'required' },
      { name: 'REASON', kind: 'words', need: 'required' },
    ],
  ],
  flags: [],
  examples: ['break-glass BGP-142 router r1 is dead and nobody answers the phone'],
  rights: [],
};
