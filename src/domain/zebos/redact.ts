import { CONFIG_WORDS } from './config-words.ts';
import { secretStart } from './secret-start.ts';
import { type VisibleWord, visibleWords } from './visible-words.ts';

/**
 * Replaces every secret of a configuration, to the end of its line, by `<redacted>`; all else stays byte for byte.
 * In doubt it takes too much: also what follows `neighbor X` and a word that no router knows.
 */
export function redactSecrets(text: string): string {
  let wraps = false;
  const pieces: string[] = [];
  for (const line of splitLines(text)) {
    const words = visibleWords(line);
    const [first] = words;
    if (first === undefined) {
      pieces.push(line);
      continue;
    }
    const goesOn: boolean = wraps && !CONFIG_WORDS.has(first.text.toLowerCase());
    const from: number | undefined = goesOn ? first.start : secretStart(line, words);
    wraps = from !== undefined && mayWrap(line, words, from);
    pieces.push(from === undefined ? line : redactFrom(line, words, from));
  }
  return pieces.join('');
}

const REDACTED = '<redacted>';

/** Routers may wrap lines that are longer; a secret then goes on in the next one. */
const TERMINAL_WIDTH = 80;

/** Lines with their ends. A CR alone ends a line only where a configuration line follows; else it may be in a secret. */
function splitLines(text: string): string[] {
  const lines: string[] = [];
  let from = 0;
  for (const { index } of text.matchAll(/\n|\r(?!\n)/g)) {
    if (text[index] === '\r' && !beginsConfig(text, index + 1)) continue;
    lines.push(text.slice(from, index + 1));
    from = index + 1;
  }
  lines.push(text.slice(from));
  return lines;
}

function beginsConfig(text: string, at: number): boolean {
  const [word = ''] = text
    .slice(at, at + 48)
    .trimStart()
    .split(/[\s\u0000]/, 1);
  return CONFIG_WORDS.has(word.toLowerCase());
}

function mayWrap(line: string, words: readonly VisibleWord[], from: number): boolean {
  const secret = words.filter(({ start }) => start >= from);
  const missing = secret.length === 0 || (secret.length === 1 && /^\d$/.test(secret[0]?.text ?? ''));
  return missing || line.trimEnd().length >= TERMINAL_WIDTH - 1;
}

function redactFrom(line: string, words: readonly VisibleWord[], from: number): string {
  if (!words.some(({ end }) => end > from)) return line;
  const end = line.length - (/\r?\n$|\r$/.exec(line.slice(-2))?.[0].length ?? 0);
  return `${line.slice(0, from)}${REDACTED}${line.slice(end)}`;
}
