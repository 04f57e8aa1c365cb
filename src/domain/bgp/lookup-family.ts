import type { Address } from './address.ts';
import type { LookupIndex } from './lookup-index.ts';
import type { LookupReference } from './target.ts';

/**
 * The family of peers that a lookup takes: that of its present entries when they agree; of an empty one, what
 * `acceptsIPv4` and `acceptsIPv6` leave open, else what its name says. Undefined means any.
 */
export function familyOfLookup(
  reference: LookupReference,
  { families }: Pick<LookupIndex, 'families'>,
): Address['family'] | undefined {
  if (families.IPv4 > 0 && families.IPv6 > 0) return undefined;
  if (families.IPv4 > 0) return 'IPv4';
  if (families.IPv6 > 0) return 'IPv6';
  const { acceptsIPv4, acceptsIPv6 } = reference.neighbor;
  if (acceptsIPv4 !== acceptsIPv6) return acceptsIPv4 ? 'IPv4' : 'IPv6';
  const named = /(?:ip)?v([46])$/i.exec(reference.name)?.[1];
  return named === undefined ? undefined : `IPv${named === '4' ? 4 : 6}`;
}
