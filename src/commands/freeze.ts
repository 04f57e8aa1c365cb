import type { FreezeCommand } from './grammar/declaration.ts';

/** Declares and lifts a freeze; both only for people whom a rule of this verb allows. */
export const commands: readonly FreezeCommand[] = [
  {
    kind: 'freeze',
    does: 'declare',
    verb: 'freeze',
    summary: 'Forbid all changes at once; a running one halts before its next step',
    forms: [[{ name: 'REASON', kind: 'words', need: 'required' }]],
    flags: ['target'],
    examples: ['freeze core routers are being replaced', 'freeze --target rack incident 4711'],
    rights: [],
  },
  {
    kind: 'freeze',
    does: 'lift',
    verb: 'unfreeze',
    summary: 'Lift a freeze that somebody declared',
    forms: [[]],
    flags: ['target'],
    examples: ['unfreeze', 'unfreeze --target rack'],
    rights: [],
  },
];
