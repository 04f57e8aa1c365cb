import type { ParsedCommand } from './change.ts';

/** A command as somebody could have typed it: parsing it returns the same command, except for double quotes within words. */
export function commandText({ verb, args, flags }: ParsedCommand): string {
  const given = Object.entries(flags).map(([name, value]) =>
    value === true || TYPED_BARE.includes(name) ? `--${name}` : `--${name} ${inQuotes(value)}`,
  );
  return [verb, ...args.map(wordOf), ...given].join(' ');
}

/** Flags typed without a value: the value that they have in a change was determined by planning and cannot be typed. */
const TYPED_BARE: readonly string[] = ['stale'];

/** The typed command with the word that was probably mistyped replaced; undefined where the command does not contain it. */
export function meantCommand(
  text: string,
  { typed, name }: { readonly typed: string; readonly name: string },
): string | undefined {
  if (typed === '') return undefined;
  const lower = text.toLowerCase();
  for (let at = lower.indexOf(typed.toLowerCase()); at >= 0; ) {
    const [head, tail] = [text.slice(0, at), text.slice(at + typed.length)];
    // As a whole word: it may also be part of the verb or of another node.
    if (!(/[\w.-]$/.test(head) || /^(?:[\w-]|\.\w)/.test(tail))) return head + name + tail;
    at = lower.indexOf(typed.toLowerCase(), at + 1);
  }
  return undefined;
}

function wordOf(text: string): string {
  return /^[^\s"'-][^\s"']*$/.test(text) && !LIKE_EMOJI.test(text) ? text : inQuotes(text);
}

/** Parsing removes such an unquoted word as a decorative emoji. */
const LIKE_EMOJI = /^:.*:$|[\p{Extended_Pictographic}\u{1f1e6}-\u{1f1ff}]/u;

function inQuotes(text: string): string {
  return `"${text.replaceAll('"', "'")}"`;
}
