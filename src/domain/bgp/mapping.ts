import { canonicalAddress } from './address.ts';

/** The value of one node's key in a lookup, read. */
export interface Mapping {
  /** Canonical, in the order they stand in. */
  readonly addresses: readonly string[];
  /** How the value is written; undefined when one bare address shows none. */
  readonly style: Style | undefined;
}

/** How a value is written: what stands before the first address, between two, and behind the last. */
export interface Style {
  readonly opening: string;
  /** Undefined when the value has one address only and so shows no separator. */
  readonly between: string | undefined;
  readonly closing: string;
}

/**
 * Reads the peers of one node. F5 documents no separator, so commas, blanks, newlines and semicolons are all read, in
 * quotes or brackets, and as a JSON or YAML list. Never throws; a word that is no address makes it unreadable.
 */
export function readMapping(value: string): Mapping | { readonly unreadable: string } {
  const words = wordsIn(value);
  const addresses: string[] = [];
  for (const { text } of words) {
    const address = canonicalAddress(text);
    if (address === undefined) return { unreadable: `"${text.slice(0, 60)}" is not an address` };
    addresses.push(address);
  }
  return { addresses, style: shownStyle(value, words) };
}

/** Replaces addresses where they stand, all at the same time, so that every other byte of the value stays. */
export function replaceAddresses(value: string, pairs: ReadonlyMap<string, string>): string {
  let result = '';
  let end = 0;
  for (const { text, start } of wordsIn(value)) {
    const replacement = pairs.get(canonicalAddress(text) ?? '');
    result += value.slice(end, start) + (replacement ?? text);
    end = start + text.length;
  }
  return result + value.slice(end);
}

interface Word {
  readonly text: string;
  readonly start: number;
}

const BETWEEN = /[^\s,;"'[\](){}]+/g;

function wordsIn(value: string): readonly Word[] {
  // A dash alone is the bullet of a YAML list.
  return [...value.matchAll(BETWEEN)]
    .map((match) => ({ text: match[0], start: match.index }))
    .filter(({ text }) => text !== '-');
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

/** What stands before the first dot: the short name under which people know a node. */
export function firstLabel(name: string): string {
  const dot = name.indexOf('.');
  return dot === -1 ? name : name.slice(0, dot);
}

/** The full names of which `typed` is the first label, or the first few. */
export function shortNameMatches(typed: string, names: readonly string[]): readonly string[] {
  const short = typed.toLowerCase();
  return short === '' ? [] : names.filter((name) => name.startsWith(`${short}.`));
}
