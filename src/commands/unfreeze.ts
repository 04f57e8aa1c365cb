import type { FreezeCommand } from './grammar/declaration.ts';

export const command: FreezeCommand = {
  kind: 'freeze',
  does: 'lift',
  verb: 'unfreeze',
  summary: 'Lift a freeze that somebody declared',
  forms: [[]],
  flags: ['target'],
  examples: ['unfreeze', 'unfreeze --target rack'],
  rights: [],
};
