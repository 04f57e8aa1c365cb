import type { Command } from '../../commands/grammar/declaration.ts';
import type { CommandRegistry } from '../../commands/registry.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { suggest } from '../../domain/suggest.ts';

/** The command with this verb, or the nearest one there is. */
export function findCommand(verb: string, registry: CommandRegistry): Command | Refusal {
  const command = registry.find(verb);
  if (command !== undefined) return command;
  const near = suggest(
    verb,
    registry.commands.map((one) => one.verb),
  );
  return refuse(
    'unknown_verb',
    `I do not know "${verb.slice(0, 60)}".`,
    near === undefined
      ? 'Type help to see what I can do.'
      : `Did you mean ${near}? Type help to see what I can do.`,
  );
}
