import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Command } from './grammar/declaration.ts';

/** All commands: one file of this folder each, found at start, so that a new one needs no list. */
export interface CommandRegistry {
  /** Sorted by verb. */
  readonly commands: readonly Command[];
  find(verb: string): Command | undefined;
}

export async function loadRegistry(): Promise<CommandRegistry> {
  const here = dirname(fileURLToPath(import.meta.url));
  const files = (await readdir(here)).filter(
    (file) => /^[a-z-]+\.[jt]s$/.test(file) && !file.startsWith('registry.'),
  );
  const commands: Command[] = [];
  for (const file of files.sort()) commands.push(...(await loadCommands(`${here}/${file}`)));
  commands.sort((one, other) => (one.verb < other.verb ? -1 : 1));
  const byVerb = new Map(commands.map((command) => [command.verb, command]));
  return { commands, find: (verb) => byVerb.get(verb) };
}

/** A file exports one declaration as `command`, or several of a kind as `commands`. */
async function loadCommands(file: string): Promise<readonly Command[]> {
  const module: unknown = await import(pathToFileURL(file).href);
  if (typeof module === 'object' && module !== null) {
    if ('command' in module && isCommand(module.command)) return [module.command];
    if ('commands' in module && Array.isArray(module.commands) && module.commands.every(isCommand))
      return module.commands;
  }
  throw new Error(`loading ${file}: a file of this folder exports \`command\` or \`commands\``);
}

function isCommand(value: unknown): value is Command {
  return (
    typeof value === 'object' && value !== null && 'verb' in value && 'kind' in value && 'forms' in value
  );
}
