import { isRefusal } from '../refusal.ts';
import { shortened } from '../well-formed.ts';
import { canonicalAddress, decoratedAddress, readAddress } from './address.ts';

/** The parsed value of one node's key in a lookup. */
export interface Mapping {
  /** Canonical, in the order of the value. */
  readonly addresses: readonly string[];
  /** How the value is written; undefined for a single bare address, which shows no style. */
  readonly style: Style | undefined;
}

/** How a value is written: the text before the first address, between two, and after the last. */
export interface Style {
  readonly opening: string;
  /** Undefined when the value has only one address, and so no separator. */
  readonly between: string | undefined;
  readonly closing: string;
}

/**
 * Reads the peers of one node. F5 documents no separator, so commas, blanks, newlines and semicolons are all accepted, in quotes
 * or brackets, and as a JSON or YAML list. Never throws; a word that is not an address makes the value unreadable, and the reason
 * (without a full stop) says what the word is.
 */
export function readMapping(value: string): Mapping | { readonly unreadable: string } {
  const words = wordsIn(value);
  const addresses: string[] = [];
  for (const word of words) {
    const address = addressIn(word);
    if (address === undefined) return { unreadable: whatItIs(value, word) };
    addresses.push(address);
  }
  return { addresses, style: shownStyle(value, words) };
}

/** The addresses of a node's value; none where it has no value or an unreadable one. */
export function addressesOf(value: string | null | undefined): readonly string[] {
  const mapping = readMapping(value ?? '');
  return 'unreadable' in mapping ? [] : mapping.addresses;
}

/** ASCII only: whether a TMM skips a no-break space or a byte order mark is not known. */
function addressIn({ text }: Word): string | undefined {
  return ASCII.test(text) ? canonicalAddress(text) : undefined;
}

const ASCII = /^[\x21-\x7e]+$/;

/** Why a word is not an address: a comment, a mask, a port, or something else. */
function whatItIs(value: string, { text, start }: Word): string {
  if (COMMENT.test(text)) {
    const [line = ''] = value.slice(start).split('\n');
    return `"${visible(line.trim().slice(0, SHOWN))}" is a comment, and whether a TMM skips it is not known`;
  }
  if (!ASCII.test(text)) {
    const shown = `"${visible(text.slice(0, SHOWN))}" is not an address`;
    return addressesInside(text).length > 0
      ? `${shown}: it contains a character that no address has, and whether a TMM skips it is not known`
      : shown;
  }
  if (text === '-') return 'a dash between two addresses may mean a range, and a mapping has none';
  if (/^:\d+$/.test(text)) return `${text} is a port; BGP always uses 179`;
  const read = readAddress(text);
  return isRefusal(read)
    ? visible(read.sentence)
        .replace(/ an IP address\.$/, ' an address')
        .replace(/\.$/, '')
    : `"${visible(text.slice(0, SHOWN))}" is not an address`;
}

const COMMENT = /^(?:#|\/\/|--(?!-)|\/\*)/;
const SHOWN = 60;

/** Shows invisible characters by their code. */
function visible(text: string): string {
  return text.replace(
    /[^\P{C}\n]|[\u00a0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u3000]/gu,
    (letter) => `\\u{${letter.codePointAt(0)?.toString(16) ?? ''}}`,
  );
}

/** The addresses in a value, even if it cannot be read: before a mask or a port, or in a comment. */
export function mentionedAddresses(value: string): readonly string[] {
  const mentioned = wordsIn(value).flatMap(({ text }) => {
    const word = text.replace(COMMENT, '').replace(/[.:]+$/, '');
    return canonicalAddress(word) ?? canonicalAddress(decoratedAddress(word) ?? '') ?? addressesInside(word);
  });
  return [...new Set(mentioned)];
}

function addressesInside(word: string): readonly string[] {
  return [...word.matchAll(/(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g)].flatMap(
    ([text]) => canonicalAddress(text) ?? [],
  );
}

/** Addresses that a value names more than once. */
export function repeatedAddresses({ addresses }: Mapping): readonly string[] {
  return [...new Set(addresses.filter((address, at) => addresses.indexOf(address) !== at))];
}

/** Why addresses of a value can be nobody's peer, a sentence for each: multicast, loopback, link-local and their like. */
export function impossiblePeers({ addresses }: Mapping): readonly string[] {
  return addresses.map(readAddress).flatMap((address) => (isRefusal(address) ? [address.sentence] : []));
}

/** A value on one line: each line break as `\n`. */
export function valueOnOneLine(value: string): string {
  return value.replace(/\n/g, '\\n');
}

/** The beginning of a value on one line, for messages. */
export function quotedValue(value: string): string {
  return `"${valueOnOneLine(visible(value.slice(0, 2 * SHOWN)))}${value.length > 2 * SHOWN ? '…' : ''}"`;
}

/** What a node has in a lookup, byte for byte but shortened: its value in quotes, or `nothing`. */
export function describeValue(value: string | null): string {
  return value === null ? 'nothing' : JSON.stringify(shortened(value, 200));
}

/** Replaces addresses in place, all at the same time, so that every other byte of the value stays. */
export function replaceAddresses(value: string, pairs: ReadonlyMap<string, string>): string {
  let result = '';
  let end = 0;
  for (const word of wordsIn(value)) {
    const { text, start } = word;
    const replacement = pairs.get(addressIn(word) ?? '');
    result += value.slice(end, start) + (replacement ?? text);
    end = start + text.length;
  }
  return result + value.slice(end);
}

interface Word {
  readonly text: string;
  readonly start: number;
}

const BETWEEN = /[^ \t\r\n\v\f,;"'[\](){}]+/g;

function wordsIn(value: string): readonly Word[] {
  const words = [...value.matchAll(BETWEEN)].map((match) => ({ text: match[0], start: match.index }));
  // A dash alone is the bullet of a YAML list, whose lines may be folded into one; between two addresses it may be a range.
  const isFolded = words[0]?.text === '-';
  return words.filter(({ text, start }) => text !== '-' || !(isFolded || beginsLine(value, start)));
}

const MAX_INDENT = 80;

function beginsLine(value: string, start: number): boolean {
  return /(?:^|[\r\n])[ \t]*$/.test(value.slice(Math.max(0, start - MAX_INDENT), start));
}

function shownStyle(value: string, words: readonly Word[]): Style | undefined {
  const [first, second] = words;
  if (first === undefined) return undefined;
  const last = words.at(-1) ?? first;
  const opening = value.slice(0, first.start);
  const closing = value.slice(last.start + last.text.length);
  const between =
    second === undefined ? undefined : value.slice(first.start + first.text.length, second.start);
  return between === undefined && opening === '' && closing === ''
    ? undefined
    : { opening, between, closing };
}

/** A node's `.metadata.name`: a DNS-1123 subdomain of at most 253 characters. */
export function isNodeName(text: string): boolean {
  return text.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(text);
}

/** The text before the first dot: the short name that people use for a node. */
export function firstLabel(name: string): string {
  const dot = name.indexOf('.');
  return dot === -1 ? name : name.slice(0, dot);
}

/** The full names whose first label, or first few labels, are `typed`. */
export function shortNameMatches(typed: string, names: readonly string[]): readonly string[] {
  const short = typed.toLowerCase();
  return short === '' ? [] : names.filter((name) => name.toLowerCase().startsWith(`${short}.`));
}
