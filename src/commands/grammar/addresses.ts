import { type Address, readAddress } from '../../domain/bgp/address.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';

/** `IP[,IP…]` as people type it: commas, semicolons or blanks between, also several words. */
export function readAddresses(words: readonly string[]): readonly Address[] | Refusal {
  const addresses: Address[] = [];
  for (const parsed of words.flatMap((word) => word.split(/[,;\s]+/)).filter((part) => part !== '')) {
    // The full stop that a phone puts behind two blanks.
    const address = readAddress(parsed.replace(/(?<=\d)\.$/, ''));
    if (isRefusal(address)) return address;
    if (addresses.some(({ text }) => text === address.text)) {
      return refuse('address_duplicate', `${address.text} is named twice.`, 'Name each address once.');
    }
    addresses.push(address);
  }
  if (addresses.length > 0) return addresses;
  return refuse(
    'missing_argument',
    'There is no address in that.',
    'Type one address or several, such as 10.20.1.9,10.20.1.10.',
  );
}

/** What people type between an old address and a new one: `=`, an arrow of whichever kind, with blanks or without. */
const BECOMES =
  /\s*(?:[-=~\u2010-\u2015\u2212]*[>\u203a]|[\u2190-\u21ff\u2794\u2798-\u27be\u27f0-\u27ff\u2900-\u297f\u2b95]\ufe0f?|:arrow_right:|:?=)+\s*/;

/** Whether these words say that one address becomes another; a node is followed by addresses alone. */
export function sayPairs(words: readonly string[]): boolean {
  return BECOMES.test(words.join(' '));
}

/** Words as people type them, `OLD -> NEW` among them, as `OLD=NEW` each. */
export function pairWords(words: readonly string[]): readonly string[] {
  return words
    .join(' ')
    .split(/\s*[,;]\s*/)
    .flatMap((part) => part.replace(new RegExp(BECOMES, 'g'), '=').split(/\s+/))
    .filter((word) => word !== '');
}

/** A node and what follows it, as people type them: `NODE IP`, `NODE → IP`, `NODE = IP`. A further `=` stays, and is no address. */
export function nodeWords(words: readonly string[]): {
  readonly node: string;
  readonly others: readonly string[];
} {
  if (!sayPairs(words)) {
    const [node = '', ...others] = words;
    return { node, others: others.filter((word) => word !== '') };
  }
  const [, node = '', rest = ''] = /^([^=\s]*)\s*=?(.*)$/s.exec(pairWords(words).join(' ')) ?? [];
  return { node, others: rest.split(/\s+/).filter((word) => word !== '') };
}

/** `OLD=NEW`, both addresses of one family. */
export function readPair(word: string): { readonly from: Address; readonly to: Address } | Refusal {
  const [old = '', fresh = '', ...more] = word.split('=');
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
