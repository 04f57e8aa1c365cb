import type { ParsedCommand } from './change.ts';

/** A command as somebody could have typed it: read again, it is the same command, but for double quotes within words. */
export function commandText({ verb, args, flags }: ParsedCommand): string {
  const given = Object.entries(flags).map(([name, value]) =>
    value === true ? `--${name}` : `--${name} ${inQuotes(value)}`,
  );
  return [verb, ...args.map(wordOf), ...given].join(' ');
}

/** The typed command with the word that was probably mistyped replaced; undefined where it does not stand in it. */
export function meantCommand(
  text: string,
  { typed, name }: { readonly typed: string; readonly name: string },
): string | undefined {
  const at = text.toLowerCase().indexOf(typed.toLowerCase());
  return typed === '' || at < 0 ? undefined : text.slice(0, at) + name + text.slice(at + typed.length);
}

function wordOf(text: string): string {
  return /^[^\s"'-][^\s"']*$/.test(text) ? text : inQuotes(text);
}

function inQuotes(text: string): string {
  return `"${text.replaceAll('"', "'")}"`;
}
