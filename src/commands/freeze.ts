import type { FreezeCommand } from './grammar/declaration.ts';

export const command: FreezeCommand = {
  kind: 'freeze',
  does: 'declare',
  verb: 'freeze',
  summary: 'Forbid all changes at once; a running one halts before its next effect',
  forms: [[{ name: 'REASON', kind: 'words', need: 'required' }]],
  flags: ['target'],
  examples: ['freeze core routers are being replaced', 'freeze --target rack incident 4711'],
  rights: [],
};
