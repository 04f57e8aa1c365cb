import type { ParsedCommand } from '../../domain/change/change.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { wellFormed } from '../../domain/well-formed.ts';
import { isArrow } from './addresses.ts';
import type { Declaration } from './declaration.ts';
import { firstArgument, refuseOtherQuery } from './first-argument.ts';
import { FLAGS, flagName, isFlagName, isHelp, isShortFlag, unknownFlag } from './flags.ts';
import {
  commandWithoutEmphasis,
  isEmoji,
  withoutLead,
  withoutOuterMarks,
  withoutOuterQuotes,
  withoutSlackMarkup,
} from './normalize-text.ts';

const MAX_COMMAND = 3000;

/** Input of the parser: the slash command itself, and its verbs. */
export interface Grammar {
  readonly command: string;
  readonly commands: readonly Pick<Declaration, 'verb' | 'forms'>[];
}

/**
 * Splits a slash command's text into verb, arguments and flags. Free text (a reason, a note) keeps its quotes and marks: its
 * words joined by blanks give the typed text. Never throws; it refuses what it cannot parse.
 */
export function parseCommand(text: string, grammar: Grammar): ParsedCommand | Refusal {
  if (text.length > MAX_COMMAND) {
    return refuse(
      'text_too_long',
      `That is ${text.length} characters; a command has at most ${MAX_COMMAND}.`,
      'Shorten it, or split it into several commands.',
    );
  }
  const plain = withoutOuterQuotes(
    withoutOuterMarks(withoutSlackMarkup(leadless(wellFormed(text), grammar))),
  );
  const words = wordsOf(withoutCommand(plain, grammar), grammar);
  const args: string[] = [];
  const flags: Record<string, string | true> = {};
  for (let at = 0; at < words.length; ) {
    const word = words[at];
    if (word === undefined) break;
    if (word.bare && args.length > 1 && isEmoji(word.text) && !isArrow(word.text)) {
      at += 1;
      continue;
    }
    if (!word.bare || !/^--?[a-z]/i.test(word.text)) {
      args.push(word.text);
      at += 1;
      continue;
    }
    const flag = readFlag(words, at);
    if ('kind' in flag) return flag;
    if ((flags[flag.name] ?? flag.value) !== flag.value) return givenTwice(flag.name);
    flags[flag.name] = flag.value;
    at = flag.next;
  }
  const [verb = 'help', ...rest] = args;
  const name = verbIn(verb.toLowerCase(), grammar);
  if (flags.help === true || asksForHelp(name, rest, grammar))
    return { verb: 'help', args: args.slice(0, 1), flags: {} };
  const other = refuseOtherQuery(name, rest, grammar.commands);
  return other ?? { verb: name, args: firstArgument(name, rest, grammar.commands), flags };
}

/** Removes text before the command, if a command follows. */
function leadless(text: string, { command, commands }: Grammar): string {
  const rest = withoutLead(text);
  const [, word = ''] = /^[\s`*_~"'\u2018\u201c/]*([a-z0-9_-]+)/i.exec(rest) ?? [];
  const name = word.toLowerCase();
  return commands.some(({ verb }) => verb === name) || `/${name}` === command.toLowerCase() ? rest : text;
}

/** Whether `help` is all that follows a verb: it is never the only word of a reason, and no node. */
function asksForHelp(verb: string, [word = '', ...more]: readonly string[], { commands }: Grammar): boolean {
  return more.length === 0 && /^help$/i.test(word) && commands.some((one) => one.verb === verb);
}

/** Removes punctuation after the verb, if that leaves a verb. */
function verbIn(word: string, { commands }: Grammar): string {
  const bare = word.replace(/[:,.!?]+$/, '');
  return commands.some(({ verb }) => verb === bare) ? bare : word;
}

interface Word {
  readonly text: string;
  /** Including its quotes, if it has any. */
  readonly typed: string;
  /** Not in quotes: only then may it be a flag. */
  readonly bare: boolean;
  /** Its end position in the split text. */
  readonly end: number;
}

/** Drops marks around verb, names, addresses and flags; free text after them stays unchanged. */
function wordsOf(text: string, grammar: Grammar): readonly Word[] {
  const at = freeTextFrom(text, grammar);
  const head = commandWithoutEmphasis(text.slice(0, at));
  if (at === text.length) return split(head);
  // A mark before the verb that is closed in the free text does not belong to the verb either.
  return [...split(head.replace(/^[*_~]+/, '')), ...freeWords(split(text.slice(at)))];
}

/** Start of the free text, after the verb and its other arguments; the end of the text if there is none. */
function freeTextFrom(text: string, { commands }: Grammar): number {
  let wordsBefore: number | undefined;
  let inFlag: 'nothing' | 'word' | 'words' = 'nothing';
  for (const { typed, bare, end } of split(text)) {
    const word = typed.replace(/^[`*_~]+|[`*_~]+$/g, '');
    if (bare && /^--?[a-z]/i.test(word)) {
      inFlag = word.includes('=') && takenBy(word) === 'word' ? 'nothing' : takenBy(word);
      continue;
    }
    if (inFlag !== 'nothing') {
      if (inFlag === 'word') inFlag = 'nothing';
      continue;
    }
    if (wordsBefore === undefined) {
      const forms = commands.find(({ verb }) => verb === word.toLowerCase())?.forms ?? [];
      wordsBefore = forms.map((form) => form.findIndex(({ kind }) => kind === 'words')).find((at) => at >= 0);
      if (wordsBefore === undefined) break;
    } else wordsBefore -= 1;
    if (wordsBefore === 0) return end;
  }
  return text.length;
}

/** In free text only `--` begins a flag; before it, a known flag needs only one dash, as elsewhere. */
function freeWords(words: readonly Word[]): readonly Word[] {
  let begun = false;
  const isFlag = (word: Word | undefined) =>
    word?.bare === true && (/^--[a-z]/i.test(word.text) || (!begun && isShortFlag(word.text)));
  const read: Word[] = [];
  for (let at = 0; at < words.length; ) {
    const word = words[at];
    if (word === undefined) break;
    let next = at + 1;
    if (isFlag(word)) {
      const takes = takenBy(word.text);
      const most =
        takes === 'words' ? words.length : takes === 'word' && !word.text.includes('=') ? at + 2 : next;
      while (next < most && next < words.length && !isFlag(words[next])) next += 1;
      const flag = words.slice(at, next).map(({ typed }) => typed);
      read.push(...split(commandWithoutEmphasis(flag.join(' '))).map((one) => ({ ...one, end: -1 })));
    } else {
      begun = true;
      const { typed, end } = word;
      const before = read.at(-1);
      // Quoted words directly followed by another word: one word, as typed.
      const joined = before?.bare === false && before.end === end - typed.length ? read.pop()?.typed : '';
      read.push({ text: `${joined}${typed}`, typed: `${joined}${typed}`, bare: false, end });
    }
    at = next;
  }
  return read;
}

/** What a flag takes of the words after it. */
function takenBy(flag: string): 'nothing' | 'word' | 'words' {
  const name = flagName(flag);
  return isFlagName(name) ? FLAGS[name].takes : 'nothing';
}

function split(text: string): Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(/(--?[a-z-]+=)?(?:"([^"]*)"|(?<![^\s=])'([^']*)')|\S+/gi)) {
    const quoted = match[2] ?? match[3];
    const word = { typed: match[0], end: match.index + match[0].length };
    if (quoted === undefined) words.push({ ...word, text: match[0], bare: true });
    else if (match[1] === undefined) words.push({ ...word, text: quoted, bare: false });
    else words.push({ ...word, text: `${match[1]}${quoted}`, bare: true });
  }
  return words;
}

function readFlag(
  words: readonly Word[],
  at: number,
): { name: string; value: string | true; next: number } | Refusal {
  const text = words[at]?.text ?? '';
  const [typedName = '', inline] = [text.replace(/=.*$/s, ''), /=(.*)$/s.exec(text)?.[1]];
  const name = flagName(text);
  if (isHelp(name)) return { name: 'help', value: true, next: at + 1 };
  if (!isFlagName(name)) return unknownFlag(typedName, name);
  const { takes } = FLAGS[name];
  if (takes === 'nothing') {
    // `--allow-outage=false` must not allow an outage.
    if (/^(?:true|yes|on|1|)$/i.test(inline ?? '')) return { name, value: true, next: at + 1 };
    return refuse(
      'unknown_argument',
      `--${name} takes no value, and "${inline?.slice(0, 60)}" is one.`,
      `Leave it out, or type --${name} alone.`,
    );
  }
  let next = at + 1;
  const values = inline === undefined || inline === '' ? [] : [inline];
  while (next < words.length && (values.length === 0 || (takes === 'words' && !inQuotes(text)))) {
    const word = words[next];
    if (word === undefined || (word.bare && /^--[a-z]/i.test(word.text))) break;
    const isFirst = values.length === 0;
    values.push(isFirst ? word.text : word.typed);
    next += 1;
    // A quoted value is complete: what follows is not part of it.
    if (isFirst && !word.bare) break;
  }
  if (values.length > 0) return { name, value: values.join(' '), next };
  return refuse('missing_argument', `--${name} needs a value.`, `Type --${name} ${FLAGS[name].placeholder}.`);
}

/** With two values, one of them would be dropped in silence. */
function givenTwice(name: string): Refusal {
  return refuse('unknown_argument', `--${name} stands there twice.`, `Type --${name} once.`);
}

/** `--reason="new router"` is complete, `--reason=new router` continues with the next words. */
function inQuotes(flag: string): boolean {
  return /=.* /s.test(flag);
}

/**
 * Removes a slash command that people repeat before the verb, or a slash before the verb itself. If the slash command has the
 * name of a verb, the word is the verb, unless a slash precedes it and a verb follows it.
 */
function withoutCommand(text: string, { command, commands }: Grammar): string {
  const [, before = '', slash = '', word = '', after = '', rest = ''] =
    /^([`*_~]*)(\/?)([a-z0-9_-]*[a-z0-9-])([`*_~]*)(?: (.*))?$/is.exec(text) ?? [];
  const isVerb = (name = '') => commands.some(({ verb }) => verb === name.toLowerCase());
  const isCommand = `/${word.toLowerCase()}` === command.toLowerCase();
  // A mark that is closed after the command is removed with it; one that continues stays with the rest.
  const isOnce = !isVerb(word) || (slash !== '' && isVerb(/^[`*_~]*([a-z-]+)/i.exec(rest)?.[1]));
  if (isCommand && isOnce) return `${after === '' ? before : ''}${rest}`;
  return text.replace(/^([`*_~]*)\/(?=[a-z])/i, '$1');
}
