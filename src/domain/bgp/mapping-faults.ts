import { canonicalAddress } from './address.ts';
import {
  firstLabel,
  impossiblePeers,
  type Mapping,
  quotedValue,
  type readMapping,
  repeatedAddresses,
  shortNameMatches,
} from './mapping.ts';
import type { Snapshot } from './snapshot.ts';
import { lookupsOf, type Target } from './target.ts';

/** Something about the mapping of one node that a person has to correct. */
export interface MappingFault {
  readonly code: MappingFaultCode;
  /** The values concerned, which tell apart two faults of one node and code. */
  readonly about: string;
  /** Begins with the name of the node. */
  readonly sentence: string;
  /** What to do about it. */
  readonly next: string;
}

export type MappingFaultCode =
  /** The value is not a list of addresses: the node's peers are unknown. */
  | 'unreadable'
  /** The key is in `binaryData`, where nothing reads it as text. */
  | 'binary'
  /** One address has another AS in another lookup, or as a static peer. */
  | 'two_as'
  /** No node has this name, but one has it in lower case. */
  | 'case_differs'
  /** An address that no router can have, such as a multicast address. */
  | 'impossible_peer'
  /** An address is listed more than once. */
  | 'repeated'
  /** The value can be read, but names no address. */
  | 'empty';

/** What is wrong with the lookups' values for a key; empty where no lookup has it. */
export function mappingFaultsOf(
  target: Target,
  snapshot: Pick<Snapshot, 'lookups' | 'node' | 'lookupIndex'>,
  node: string,
): readonly MappingFault[] {
  const { lookups, node: find } = snapshot;
  const readingIn = (lookup: string): Reading => snapshot.lookupIndex(lookup).mappings.get(node);
  const faults: MappingFault[] = [];
  for (const { name } of lookupsOf(target)) {
    const lookup = lookups.get(name);
    if (lookup?.binaryKeys?.includes(node) === true) faults.push(binaryFault(name, node));
    const mapping = readingIn(name);
    if (mapping === undefined) continue;
    if ('unreadable' in mapping)
      faults.push(unreadableFault(name, node, lookup?.data[node] ?? '', mapping.unreadable));
    else faults.push(...addressFaults(name, node, mapping));
  }
  for (const clash of clashesOf(target, readingIn)) {
    faults.push({
      code: 'two_as',
      about: clash.address,
      sentence: `${node} has ${clash.address} in two AS: ${clash.places.map(describePlace).join(' and ')}.`,
      next: 'A router has one AS: remove the address from the lookup where it does not belong.',
    });
  }
  const mapped = [...lookups.keys()].some((name) => readingIn(name) !== undefined);
  const lower = node.toLowerCase();
  if (mapped && lower !== node && find(node) === undefined && find(lower) !== undefined) {
    faults.push({
      code: 'case_differs',
      about: lower,
      sentence: `${node} differs from node ${lower} in case only: no TMM reads it.`,
      next: `Map the node by its own name (add ${lower} IP), and remove the other key: remove ${node}`,
    });
  }
  return faults;
}

function addressFaults(lookup: string, node: string, mapping: Mapping): readonly MappingFault[] {
  const found = (code: MappingFaultCode, sentence: string, next: string): readonly MappingFault[] => [
    { code, about: lookup, sentence, next },
  ];
  if (mapping.addresses.length === 0)
    return found(
      'empty',
      `${node} is in ${lookup} with a value that names no address: it gets no peer from there.`,
      `Give it its peers (rotate ${node} IP[,IP…] --lookup ${lookup}), or remove it: remove ${node} --lookup ${lookup}`,
    );
  const [impossible] = impossiblePeers(mapping);
  if (impossible !== undefined)
    return found(
      'impossible_peer',
      `${node} has a peer in ${lookup} to which no session can come up: ${impossible}`,
      `Give it the addresses of its router: rotate ${node} IP[,IP…] --lookup ${lookup}`,
    );
  const twice = repeatedAddresses(mapping);
  if (twice.length === 0) return [];
  return found(
    'repeated',
    `${node} names ${twice.join(', ')} more than once in ${lookup}.`,
    `Name it once: rotate ${node} ${[...new Set(mapping.addresses)].join(',')} --lookup ${lookup}`,
  );
}

/** That a key which is no node is the short name of one, and what to do about it; undefined when it is not. */
export function shortKeyOf(
  { node, nodesLabelled }: Pick<Snapshot, 'node' | 'nodesLabelled'>,
  key: string,
): string | undefined {
  if (node(key) !== undefined) return undefined;
  const names = shortNameMatches(key.replace(/\.+$/, ''), nodesLabelled(firstLabel(key).toLowerCase()));
  const full = node(key.replace(/\.+$/, '').toLowerCase())?.name;
  const meant = key.endsWith('.') && full !== undefined ? [full] : names;
  if (meant.length === 0) return undefined;
  return `${key} is not the full name of ${meant.join(' or ')}, and no TMM reads it. Map the node by its full name (add ${meant[0]} IP), and remove the other key: remove ${key}`;
}

/** Faults that leave the meaning of a mapping clear. */
export const WORTH_A_LOOK: ReadonlySet<MappingFaultCode> = new Set(['repeated', 'empty']);

/** Keys that any lookup of the target has, as text or in `binaryData`, sorted. */
export function keysOf({ lookups }: Pick<Snapshot, 'lookups'>): readonly string[] {
  const keys = [...lookups.values()].flatMap(({ data, binaryKeys = [] }) => [
    ...Object.keys(data),
    ...binaryKeys,
  ]);
  return [...new Set(keys)].sort();
}

/** Keys for which `mappingFaultsOf` returns a fault, sorted; found without evaluating each key. */
export function faultyKeys(
  target: Target,
  snapshot: Pick<Snapshot, 'lookups' | 'lookupIndex'>,
): readonly string[] {
  const found = new Set<string>();
  const add = (keys: readonly string[]): void => {
    for (const key of keys) found.add(key);
  };
  const references = lookupsOf(target);
  for (const { name, asn } of references) {
    const { data, unreadable, irregular, nodesByPeer } = snapshot.lookupIndex(name);
    add([...unreadable.keys(), ...irregular.keys(), ...(snapshot.lookups.get(name)?.binaryKeys ?? [])]);
    add(Object.keys(data).filter((key) => CAPITALS.test(key)));
    const others = references
      .filter((other) => other.asn !== asn)
      .map((other) => snapshot.lookupIndex(other.name));
    if (others.length > 0)
      add(
        nodesByPeer
          .keys()
          .filter((address) => others.some((other) => other.nodesByPeer.has(address)))
          .flatMap((address) => nodesByPeer.get(address) ?? []),
      );
    for (const { ip } of target.bgp.neighbors) add(nodesByPeer.get(canonicalAddress(ip ?? '') ?? '') ?? []);
  }
  return [...found].sort();
}

const CAPITALS = /[A-Z]/;

/** An address that one node has in more than one AS. */
export interface Clash {
  readonly address: string;
  /** Where the address is, with at least two different AS. */
  readonly places: readonly Place[];
}

interface Place {
  readonly asn: number;
  /** A lookup, or which static neighbor of the Helm values. */
  readonly where: { readonly lookup: string } | { readonly neighbor: number };
}

/** What a lookup says about one node; undefined where it does not have it. */
type Reading = ReturnType<typeof readMapping> | undefined;

/** Addresses to which the lookups and the static neighbors together give a node two AS. */
export function clashesOf(target: Target, readingIn: (lookup: string) => Reading): readonly Clash[] {
  const places = new Map<string, Place[]>();
  const add = (address: string, place: Place): void =>
    void places.set(address, [...(places.get(address) ?? []), place]);
  for (const { name, asn } of lookupsOf(target)) {
    const mapping = readingIn(name);
    if (mapping !== undefined && !('unreadable' in mapping))
      for (const address of new Set(mapping.addresses)) add(address, { asn, where: { lookup: name } });
  }
  // A clash of static peers alone is reported by the policy check at start.
  for (const [index, { ip, asn }] of target.bgp.neighbors.entries()) {
    const address = ip === undefined ? undefined : canonicalAddress(ip);
    if (address !== undefined && places.has(address)) add(address, { asn, where: { neighbor: index } });
  }
  return [...places]
    .filter(([, held]) => new Set(held.map(({ asn }) => asn)).size > 1)
    .map(([address, held]) => ({ address, places: held }));
}

export function describePlace({ asn, where }: Place): string {
  return 'lookup' in where
    ? `AS ${asn} in ${where.lookup}`
    : `AS ${asn} as neighbors[${where.neighbor}].ip of the Helm values`;
}

function unreadableFault(lookup: string, node: string, value: string, why: string): MappingFault {
  return {
    code: 'unreadable',
    about: lookup,
    sentence: `${node} has a value in ${lookup} that cannot be read, ${quotedValue(value)}: ${why}.`,
    next: `Give it its peers as addresses alone: rotate ${node} IP[,IP…] --lookup ${lookup}`,
  };
}

function binaryFault(lookup: string, node: string): MappingFault {
  return {
    code: 'binary',
    about: lookup,
    sentence: `${node} is in binaryData of ${lookup}, not in data: it is not UTF-8 text, and nothing reads it as addresses.`,
    next: binaryRemedy(lookup, node),
  };
}

/** How to remove a key from `binaryData`, so that it can be written as text. */
export function binaryRemedy(lookup: string, node: string): string {
  return `Remove it first: kubectl patch configmap ${lookup} --type json -p '[{"op": "remove", "path": "/binaryData/${node}"}]', then add it as text.`;
}
