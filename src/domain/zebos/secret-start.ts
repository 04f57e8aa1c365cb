import { NEIGHBOR_WORDS } from './config-words.ts';
import { announcesSecret } from './secret-words.ts';
import type { VisibleWord } from './visible-words.ts';

/** Where the secret of this line starts; at the end of its last word if it is missing. Undefined: no secret here. */
export function secretStart(line: string, words: readonly VisibleWord[]): number | undefined {
  const snmp = words.some(({ text }) => text.toLowerCase().startsWith('snmp'));
  for (const [index, word] of words.entries()) {
    const text = word.text.toLowerCase();
    if (announcesSecret(text) || (snmp && SNMP_SECRETS.has(text)) || isPlainKey(words, index)) {
      return behind(words, index);
    }
    const colon = text.indexOf(':');
    if (colon > 0 && announcesSecret(text.slice(0, colon))) {
      return colon === text.length - 1 ? behind(words, index) : line.indexOf(':', word.start) + 1;
    }
    const pair = `${text}${words[index + 1]?.text.toLowerCase() ?? ''}`;
    if (pair === 'password' || pair === 'key-string') return behind(words, index + 1);
  }
  return unknownNeighborWord(words);
}

const SNMP_SECRETS: ReadonlySet<string> = new Set([
  'community',
  'auth',
  'priv',
  'user',
  'version',
  '2c',
  'v3',
]);

function behind(words: readonly VisibleWord[], index: number): number | undefined {
  return words[index + 1]?.start ?? words[index]?.end;
}

/** `tacacs-server … key X`, `authentication text X`: plain words that announce a secret in such lines only. */
function isPlainKey(words: readonly VisibleWord[], index: number): boolean {
  const word = words[index]?.text.toLowerCase();
  if (word !== 'key' && word !== 'text' && word !== 'string') return false;
  return words
    .slice(0, Math.min(index, 12))
    .some(({ text }) => /^(?:tacacs|radius|authentication$|server$)/i.test(text));
}

/** A damaged keyword: `neighbor 10.0.0.1 pXXsXord 7 abc`. Lower case only, since tables begin with `Neighbor`. */
function unknownNeighborWord(words: readonly VisibleWord[]): number | undefined {
  const at = words.findIndex(({ text }) => text === 'neighbor' || /[#>]neighbor$/.test(text.slice(-100)));
  const before = words.slice(0, Math.max(at, 0));
  const begins =
    at >= 0 && before.every(({ text }) => text === 'no' || text.endsWith('#') || text.endsWith('>'));
  const word = begins ? words[at + 2] : undefined;
  return word === undefined || NEIGHBOR_WORDS.has(word.text) ? undefined : word.start;
}
