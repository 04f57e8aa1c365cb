import type { Address } from './address.ts';
import { readMapping } from './mapping.ts';
import type { LookupReference } from './target.ts';

/**
 * The family of peers that a lookup takes: that of its present entries when they agree; of an empty one, what
 * `acceptsIPv4` and `acceptsIPv6` leave open, else what its name says. Undefined means any.
 */
export function familyOfLookup(
  reference: LookupReference,
  data: Readonly<Record<string, string>> | undefined,
): Address['family'] | undefined {
  const held = new Set(Object.values(data ?? {}).flatMap(familiesIn));
  const [only] = held;
  if (held.size > 0) return held.size === 1 ? only : undefined;
  const { acceptsIPv4, acceptsIPv6 } = reference.neighbor;
  if (acceptsIPv4 !== acceptsIPv6) return acceptsIPv4 ? 'IPv4' : 'IPv6';
  const named = /(?:ip)?v([46])$/i.exec(reference.name)?.[1];
  return named === undefined ? undefined : `IPv${named === '4' ? 4 : 6}`;
}

function familiesIn(value: string): readonly Address['family'][] {
  const mapping = readMapping(value);
  return 'unreadable' in mapping
    ? []
    : mapping.addresses.map((address) => (address.includes(':') ? 'IPv6' : 'IPv4'));
}
