import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Command } from './grammar/declaration.ts';

/** The commands there are: one file of this folder each, found at start, so that a new one needs no list. */
export interface CommandRegistry {
  /** In the order of their verbs. */
  readonly commands: readonly Command[];
  find(verb: string): Command | undefined;
}

export async function loadRegistry(): Promise<CommandRegistry> {
  const here = dirname(fileURLToPath(import.meta.url));
  const files = (await readdir(here)).filter(
    (file) => /^[a-z-]+\.[jt]s$/.test(file) && !file.startsWith('registry.'),
  );
  const commands: Command[] = [];
  for (const file of files.sort()) commands.push(await loadCommand(`${here}/${file}`));
  const byVerb = new Map(commands.map((command) => [command.verb, command]));
  return { commands, find: (verb) => byVerb.get(verb) };
}

async function loadCommand(file: string): Promise<Command> {
  const module: unknown = await import(pathToFileURL(file).href);
  if (typeof module === 'object' && module !== null && 'command' in module && isCommand(module.command)) {
    return module.command;
  }
  throw new Error(`loading ${file}: a file of this folder exports its declaration as \`command\``);
}

function isCommand(value: unknown): value is Command {
  return (
    typeof value === 'object' && value !== null && 'verb' in value && 'kind' in value && 'forms' in value
  );
}
