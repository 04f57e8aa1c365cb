import { type Address, canonicalAddress, readAddress } from '../../domain/bgp/address.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { flagName, isFlagName } from './flags.ts';

/**
 * `IP[,IP…]` as people type it, in one word or several: separated by commas, semicolons, blanks, `&` or `and`. A list may be in
 * brackets, as in the value of a ConfigMap, and its addresses in quotes.
 */
export function readAddresses(words: readonly string[]): readonly Address[] | Refusal {
  const addresses: Address[] = [];
  for (const typed of withoutAnd(withoutListMarks(words.join(' ')).split(/[,;&\s]+/))) {
    const word = withoutBrackets(withoutFullStop(typed));
    if (isFlagName(flagName(word))) return flagWithoutDashes(word, 'not_an_address');
    const address = readAddress(word);
    if (isRefusal(address)) return addresses.length > 0 && isProse(word) ? aReason(word) : address;
    if (addresses.some(({ text }) => text === address.text)) {
      return refuse('address_duplicate', `${address.text} is named twice.`, 'Name each address once.');
    }
    addresses.push(address);
  }
  if (addresses.length > 0) return addresses;
  return refuse(
    'missing_argument',
    'The text contains no address.',
    'Type one address or several, such as 10.20.1.9,10.20.1.10.',
  );
}

/** Whether a word after an address is neither another address nor a node with its domain. */
function isProse(word: string): boolean {
  return isNodeLike(word) && !word.includes('.') && !/^as\d*$/i.test(word);
}

function aReason(word: string): Refusal {
  return {
    ...refuse(
      'not_an_address',
      `"${word}" is not an IP address.`,
      `If it begins the reason: --reason ${word} …`,
    ),
    meant: { typed: word, name: `--reason ${word}` },
  };
}

function withoutListMarks(list: string): string {
  const bare = list.replace(/["']/g, ' ').trim();
  return /^\[([^[\]]*[,;\s][^[\]]*)\]$/.exec(bare)?.[1] ?? bare;
}

/** A phone turns two blanks into a full stop. */
function withoutFullStop(word: string): string {
  return word.replace(/(?<=[\da-f\])>])\.$/i, '');
}

/** Without the `and` between two items of a list, and without dashes that a blank separates from their flag. */
export function withoutAnd(words: readonly string[]): readonly string[] {
  const isApart = (word: string, at: number): boolean => {
    const [next] = words.slice(at + 1, at + 2);
    return /^[-\u2010-\u2015\u2212]+$/.test(word) && (next === undefined || isFlagName(flagName(next)));
  };
  return words.filter((word, at) => !/^(?:|and|&|\+)$/i.test(word) && !isApart(word, at));
}

/** Refuses a word that looks like a flag without its dashes. */
export function flagWithoutDashes(word: string, reasonCode: 'not_an_address' | 'unknown_node'): Refusal {
  const flag = `--${word.toLowerCase()}`;
  const what = reasonCode === 'not_an_address' ? 'an IP address' : 'a node';
  return {
    ...refuse(reasonCode, `"${word}" is not ${what}.`, `Did you mean ${flag}?`),
    meant: { typed: word, name: flag },
  };
}

/** Unwraps `[2001:db8::9]`, `(10.20.1.9)` and `<10.20.1.9>`, if the content is an address. */
function withoutBrackets(word: string): string {
  const [, square, round, angle] = /^(?:\[([^[\]]+)\]|\(([^()]+)\)|<([^<>]+)>)$/.exec(word) ?? [];
  const inner = square ?? round ?? angle;
  return inner !== undefined && canonicalAddress(inner) !== undefined ? inner : word;
}

/**
 * Words without brackets around addresses and without a leading `from`; after a node, `to`, `with` and `by` mean `=`. Between two
 * addresses they stay: without `=` the answer says what to type.
 */
export function withoutProse(words: readonly string[]): readonly string[] {
  const [first = '', ...others] = (/^from$/i.test(words[0] ?? '') ? words.slice(1) : words).map(
    withoutBrackets,
  );
  const isNode = canonicalAddress(first) === undefined;
  const says = (word: string, at: number): boolean =>
    isNode && at < others.length - 1 && /^(?:to|with|by)$/i.test(word);
  return [first, ...others.map((word, at) => (says(word, at) ? '=' : word))];
}

/** Refuses addresses in front of their node: such an address may be the old peer of the node as well as its new one. */
export function refuseNodeLast(verb: string, words: readonly string[]): Refusal | undefined {
  const said = withoutAnd(words.flatMap((word) => word.split(/[,;]/)));
  const [node = '', ...before] = said.toReversed().map((word) => withoutBrackets(withoutFullStop(word)));
  const addresses = /^(?:to|on|at|for)$/i.test(before[0] ?? '') ? before.slice(1) : before;
  const isNode = isNodeLike(node) && !isFlagName(node.toLowerCase());
  if (!isNode || addresses.length === 0) return undefined;
  if (addresses.some((word) => canonicalAddress(word) === undefined)) return undefined;
  const order = `${node} ${addresses.toReversed().join(',')}`;
  return {
    ...refuse('unknown_node', 'The node comes first, then its addresses.', `Type ${verb} ${order}`),
    meant: { typed: words.join(' '), name: order },
  };
}

/** Whether a word can be a node name and is not an address in any notation. */
export function isNodeLike(word: string): boolean {
  return /^[a-z][-.\w]*$/i.test(word) && /[g-z]/i.test(word);
}

/** Two addresses with a dash between, which may mean a range or a replacement; undefined for any other word. */
export function dashedPair(word: string): readonly [string, string] | undefined {
  const [one = '', other = '', ...more] = word.split('-');
  const [first, second] = [canonicalAddress(one), canonicalAddress(other)];
  return first === undefined || second === undefined || more.length > 0 ? undefined : [first, second];
}

/** Whether a word is an arrow, including one that Slack shows as an emoji. */
export function isArrow(word: string): boolean {
  return BECOMES.test(word);
}

/** What people type between an old address and a new one: `=` or any arrow, with or without blanks. */
const BECOMES =
  /\s*(?:[-=~\u2010-\u2015\u2212]*[>\u203a]|[\u2190-\u21ff\u2794\u2798-\u27be\u27f0-\u27ff\u2900-\u297f\u2b95]\ufe0f?|:arrow_right:|:?=)+\s*/;

/** Whether these words say that one address replaces another; a node is followed by addresses alone. */
export function sayPairs(words: readonly string[]): boolean {
  return BECOMES.test(words.join(' '));
}

/** Rewrites each `OLD -> NEW` and its variants to `OLD=NEW`. */
export function pairWords(words: readonly string[]): readonly string[] {
  return words
    .join(' ')
    .split(/\s*[,;]\s*/)
    .flatMap((part) => part.replace(new RegExp(BECOMES, 'g'), '=').split(/\s+/))
    .filter((word) => word !== '');
}

/**
 * A node and its addresses, as people type them: `NODE IP`, `NODE → IP`, `NODE = IP`. A further `=` stays, and is refused as an
 * address.
 */
export function nodeWords(words: readonly string[]): {
  readonly node: string;
  readonly others: readonly string[];
} {
  if (!sayPairs(words)) {
    const [node = '', ...others] = withNodeApart(words);
    return { node, others: others.filter((word) => word !== '' && word !== ':') };
  }
  const [, node = '', rest = ''] = /^([^=\s]*)\s*=?(.*)$/s.exec(pairWords(words).join(' ')) ?? [];
  return { node, others: rest.split(/\s+/).filter((word) => word !== '') };
}

/** `NODE,IP` and `NODE:IP` as two words; anything else as it is. */
function withNodeApart(words: readonly string[]): readonly string[] {
  const [first = '', ...others] = words;
  const [, node = '', rest = ''] = /^([^,;:]+)[,;:](.+)$/.exec(first) ?? [];
  const peer = canonicalAddress(rest.split(/[,;]/, 1)[0] ?? '');
  return peer === undefined || canonicalAddress(first) !== undefined ? words : [node, rest, ...others];
}

/** `OLD=NEW`, both addresses of one family. */
export function readPair(word: string): { readonly from: Address; readonly to: Address } | Refusal {
  const [old = '', fresh = '', ...more] = withoutFullStop(word).split('=').map(withoutBrackets);
  if (old === '' || fresh === '' || more.length > 0) {
    return refuse(
      'not_an_address',
      `"${word}" is not OLD=NEW.`,
      'Type the old address, =, and the new one: 10.20.1.1=10.20.1.9.',
    );
  }
  const from = readAddress(old);
  if (isRefusal(from)) return from;
  const to = readAddress(fresh);
  if (isRefusal(to)) return to;
  if (from.text === to.text) {
    return refuse('nothing_to_do', `${from.text} is on both sides of =.`, 'Type the new address behind =.');
  }
  if (from.family !== to.family) {
    return refuse(
      'wrong_family',
      `${from.text} is ${from.family} and ${to.text} is ${to.family}.`,
      'A peer is replaced by one of its own family.',
    );
  }
  return { from, to };
}
