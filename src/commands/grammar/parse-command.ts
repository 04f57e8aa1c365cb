import type { ParsedCommand } from '../../domain/change/change.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { suggest } from '../../domain/suggest.ts';
import { wellFormed } from '../../domain/well-formed.ts';
import { FLAGS, isFlagName } from './flags.ts';

const LONGEST_COMMAND = 3000;

/**
 * Splits a slash command's text into verb, arguments and flags. Never throws; what it cannot read is refused. `command` is the
 * slash command itself.
 */
export function parseCommand(text: string, command = '/bgp'): ParsedCommand | Refusal {
  if (text.length > LONGEST_COMMAND) {
    return refuse(
      'text_too_long',
      `That is ${text.length} characters; a command has at most ${LONGEST_COMMAND}.`,
      'Shorten it, or split it into several commands.',
    );
  }
  const words = split(withoutCommand(normalizeText(wellFormed(text)), command));
  const args: string[] = [];
  const flags: Record<string, string | true> = {};
  for (let at = 0; at < words.length; ) {
    const word = words[at];
    if (word === undefined) break;
    if (!word.bare || !/^--?[a-z]/i.test(word.text)) {
      args.push(word.text);
      at += 1;
      continue;
    }
    const flag = readFlag(words, at);
    if ('kind' in flag) return flag;
    flags[flag.name] = flag.value;
    at = flag.next;
  }
  const [verb = 'help', ...rest] = args;
  return flags.help === true
    ? { verb: 'help', args: args.slice(0, 1), flags: {} }
    : { verb: verb.toLowerCase(), args: rest, flags };
}

interface Word {
  readonly text: string;
  /** Not in quotes: only then may it be a flag. */
  readonly bare: boolean;
}

function split(text: string): Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(/(--?[a-z-]+=)?(?:"([^"]*)"|(?<![^\s=])'([^']*)')|\S+/gi)) {
    const quoted = match[2] ?? match[3];
    if (quoted === undefined) words.push({ text: match[0], bare: true });
    else if (match[1] === undefined) words.push({ text: quoted, bare: false });
    else words.push({ text: `${match[1]}${quoted}`, bare: true });
  }
  return words;
}

function readFlag(
  words: readonly Word[],
  at: number,
): { name: string; value: string | true; next: number } | Refusal {
  const text = words[at]?.text ?? '';
  const [typedName = '', inline] = [text.replace(/=.*$/s, ''), /=(.*)$/s.exec(text)?.[1]];
  const name = typedName.replace(/^-+/, '').toLowerCase().replace(/_/g, '-');
  if (name === 'help' || name === 'h') return { name: 'help', value: true, next: at + 1 };
  if (!isFlagName(name)) return unknownFlag(typedName, name);
  const { takes } = FLAGS[name];
  if (takes === 'nothing') return { name, value: true, next: at + 1 };
  let next = at + 1;
  const values = inline === undefined || inline === '' ? [] : [inline];
  while (next < words.length && (values.length === 0 || (takes === 'words' && !inQuotes(text)))) {
    const word = words[next];
    if (word === undefined || (word.bare && /^--[a-z]/i.test(word.text))) break;
    values.push(word.text);
    next += 1;
    // A value in quotes is complete: what follows is not part of it.
    if (!word.bare) break;
  }
  if (values.length > 0) return { name, value: values.join(' '), next };
  return refuse('missing_argument', `--${name} needs a value.`, `Type --${name} ${FLAGS[name].placeholder}.`);
}

/** `--reason="new router"` is complete, `--reason=new router` continues with the next words. */
function inQuotes(flag: string): boolean {
  return /=.* /s.test(flag);
}

function unknownFlag(parsed: string, name: string): Refusal {
  const near = suggest(name, Object.keys(FLAGS));
  const sentence = `I do not know the flag ${parsed}.`;
  return near === undefined
    ? refuse('unknown_flag', sentence, 'Type help VERB to see the flags of a command.')
    : {
        ...refuse('unknown_flag', sentence, `Did you mean --${near}?`),
        meant: { typed: parsed, name: `--${near}` },
      };
}

/**
 * Undoes what Slack and phones do to typed text: `&amp;` and friends, `<http://host|host>`, `<@U1|name>`,
 * smart quotes, dashes for `--`, blanks and letters of every width, and what Slack shows
 * as code, bold, italic or struck out. Invisible marks that a paste leaves are dropped.
 */
export function normalizeText(text: string): string {
  return withoutEmphasis(unescaped(withoutMarkup(text)))
    .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/g, '')
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/\u3001/g, ',')
    .replace(/[\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02]/g, '"')
    .replace(/[\u2018\u2019\u201a\u201b\u2032]/g, "'")
    .replace(/[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\s]+/g, ' ')
    .replace(/(^| )-*[\u2010-\u2015\u2212][-\u2010-\u2015\u2212]*(?=[a-z])/gi, '$1--')
    .replace(/(?<=\w)[\u2010-\u2015\u2212](?=\w)/g, '-')
    .trim();
}

/** People type the slash command once more in front of the verb, or a slash in front of the verb itself. */
function withoutCommand(text: string, command: string): string {
  const [, word = '', rest = ''] = /^\/?([a-z0-9_-]+)(?: (.*))?$/is.exec(text) ?? [];
  if (`/${word.toLowerCase()}` === command.toLowerCase()) return rest;
  return text.replace(/^\/(?=[a-z])/i, '');
}

/** Backticks, and marks of emphasis around one word or several. */
function withoutEmphasis(text: string): string {
  let bare = text.replace(/`+/g, '');
  for (const mark of ['\\*', '_', '~'])
    bare = bare.replace(
      new RegExp(
        `(?<=^|[\\s,;=>*_~(])${mark}(?=\\S)([^${mark}\\n]*[^${mark}\\s])${mark}(?=$|[\\s,;=<*_~)-])`,
        'g',
      ),
      '$1',
    );
  return bare;
}

/** `<url|label>` and `<url>` are what the person saw; `<@U1|name>` and `<#C1|name>` are ids. */
function withoutMarkup(text: string): string {
  return text.replace(/<([^<>|]{1,3000})(?:\|([^<>]{0,3000}))?>/g, (_, inside: string, label?: string) => {
    if (/^[@#!]/.test(inside)) return inside.slice(1);
    return label !== undefined && label !== ''
      ? label
      : inside.replace(/^(?:mailto:|tel:|https?:\/\/)/, '').replace(/^([^/?#]*)\/$/, '$1');
  });
}

function unescaped(text: string): string {
  return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}
