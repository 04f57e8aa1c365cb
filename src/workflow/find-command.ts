import type { Command } from '../commands/grammar/declaration.ts';
import type { Menu } from '../commands/menu.ts';
import { nearest } from '../domain/nearest.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';

/** The command with this verb, or the nearest one there is. */
export function findCommand(verb: string, menu: Menu): Command | Refusal {
  const command = menu.find(verb);
  if (command !== undefined) return command;
  const near = nearest(
    verb,
    menu.commands.map((one) => one.verb),
  );
  return refuse(
    'unknown_verb',
    `I do not know "${verb.slice(0, 60)}".`,
    near === undefined
      ? 'Type help to see what I can do.'
      : `Did you mean ${near}? Type help to see what I can do.`,
  );
}
