import type { Address } from '../../domain/bgp/address.ts';
import type { LookupIndex } from '../../domain/bgp/lookup-index.ts';
import type { Snapshot } from '../../domain/bgp/snapshot.ts';
import { type LookupReference, lookupsOf, type Target } from '../../domain/bgp/target.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { suggest } from '../../domain/suggest.ts';

/** The lookup named by `--lookup`, if any. */
export function namedLookup(
  target: Target,
  name: string | true | undefined,
): LookupReference | undefined | Refusal {
  if (typeof name !== 'string') return undefined;
  const names = lookupsOf(target).map((lookup) => lookup.name);
  // As `kubectl get configmap -o name` and the difference on a card write it, and with punctuation at its end.
  const bare = name
    .toLowerCase()
    .replace(/^(?:configmaps?|cm)\//, '')
    .replace(/[.,:;!?…]+$/, '');
  const wanted = bare.startsWith(`${target.namespace}/`) ? bare.slice(target.namespace.length + 1) : bare;
  const found = lookupsOf(target).find((lookup) => lookup.name === wanted);
  if (found !== undefined) return found;
  const near = suggest(wanted, names);
  const sentence = `Target ${target.name} has no lookup ${name.slice(0, 100)}.`;
  const next = `Its lookups are ${names.join(', ')}.`;
  return near === undefined
    ? refuse('unknown_lookup', sentence, next)
    : {
        ...refuse('unknown_lookup', sentence, `Did you mean ${near}? ${next}`),
        meant: { typed: name, name: near },
      };
}

/** The one lookup for these addresses: the named one, else the only one that accepts their family. */
export function chooseLookup(
  target: Target,
  snapshot: Snapshot,
  addresses: readonly Address[],
  name: string | true | undefined,
): LookupReference | Refusal {
  const named = namedLookup(target, name);
  if (named !== undefined && isRefusal(named)) return named;
  const all = lookupsOf(target);
  const [first] = addresses;
  const odd = addresses.find(({ family }) => family !== first?.family);
  const takes = (lookup: LookupReference, address: Address): boolean => {
    const family = familyOfLookup(lookup, snapshot.lookupIndex(lookup.name));
    return family === undefined || family === address.family;
  };
  const asked = named === undefined ? all : [named];
  const fitting = asked.filter((lookup) => addresses.every((address) => takes(lookup, address)));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  if (fitting.length > 1) {
    const names = fitting.map((lookup) => lookup.name);
    return refuse(
      'lookup_ambiguous',
      `Target ${target.name} has ${names.length} lookups that could take this: ${names.join(', ')}.`,
      `Add --lookup ${names.join(' or --lookup ')}.`,
    );
  }
  if (odd !== undefined && first !== undefined) {
    return refuse(
      'wrong_family',
      `${first.text} is ${first.family} and ${odd.text} is ${odd.family}; no lookup of ${target.name} accepts both.`,
      'Use one command per address family.',
    );
  }
  return wrongFamily(target, snapshot, asked, first);
}

function wrongFamily(
  target: Target,
  snapshot: Snapshot,
  asked: readonly LookupReference[],
  address: Address | undefined,
): Refusal {
  const taken = asked.map((lookup) => {
    const family = familyOfLookup(lookup, snapshot.lookupIndex(lookup.name));
    return `${lookup.name} holds ${family ?? 'any'} peers`;
  });
  const others = lookupsOf(target).filter(
    (lookup) => familyOfLookup(lookup, snapshot.lookupIndex(lookup.name)) === address?.family,
  );
  const understood = address === undefined ? 'That' : `${address.text} (${address.family})`;
  return refuse(
    'wrong_family',
    asked.length === 0
      ? `Target ${target.name} has no lookup: its Helm values name none.`
      : `${understood} does not belong there: ${taken.join(', ')}.`,
    others.length === 0
      ? `Target ${target.name} has no lookup for ${address?.family ?? 'these'} peers; its Helm values would have to name one.`
      : `Use --lookup ${others.map((lookup) => lookup.name).join(' or ')}.`,
  );
}

/**
 * The family of peers that a lookup accepts: that of its present entries when they agree; for an empty one, what `acceptsIPv4`
 * and `acceptsIPv6` leave open, else what its name suggests. Undefined: any.
 */
function familyOfLookup(
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
