import type { Address } from '../../domain/bgp/address.ts';
import {
  addressesOf,
  mentionedAddresses,
  quotedValue,
  readMapping,
  repeatedAddresses,
  replaceAddresses,
} from '../../domain/bgp/mapping.ts';
import type { Snapshot } from '../../domain/bgp/snapshot.ts';
import { lookupsOf, type Target } from '../../domain/bgp/target.ts';
import type { ParsedCommand } from '../../domain/change/change.ts';
import type { Difference, Warning } from '../../domain/change/plan.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { pairWords, readPair } from '../grammar/addresses.ts';
import { staticPeers } from './as-conflicts.ts';
import { namedLookup } from './choose-lookup.ts';
import { changeKey } from './plan-parts.ts';
import { type UnreadableValue, unreadableValues, unreadableWarnings } from './unreadable-values.ts';

/** `OLD=NEW …`: replaces a router wherever it is mapped. */
export function replaceRouters(parsed: ParsedCommand): Differ | Refusal {
  const pairs = new Map<string, Address>();
  for (const word of pairWords(parsed.args)) {
    const pair = readPair(word);
    if (isRefusal(pair)) return pair;
    if (pairs.has(pair.from.text)) {
      return refuse(
        'address_duplicate',
        `${pair.from.text} is to be replaced twice.`,
        'Name each old address once.',
      );
    }
    pairs.set(pair.from.text, pair.to);
  }
  return (target, snapshot) => {
    const named = namedLookup(target, parsed.flags.lookup);
    if (named !== undefined && isRefusal(named)) return named;
    const differences: Difference[] = [];
    const warnings: Warning[] = [];
    const met = new Set<string>();
    const references = named === undefined ? lookupsOf(target) : [named];
    for (const reference of references) {
      const unreadable = refuseUnreadable(snapshot, reference.name, pairs);
      if (unreadable !== undefined) return unreadable;
      for (const [node, value] of valuesWith(snapshot, reference.name, [...pairs.keys()])) {
        const difference = replaceIn(snapshot, reference, node, value, pairs, met);
        if (difference === undefined) continue;
        if (isRefusal(difference)) return difference;
        differences.push(difference);
        warnings.push(...repeated(difference));
      }
    }
    const unread = unreadableValues(snapshot, references);
    const missed = [...pairs.keys()].filter((address) => !met.has(address));
    const fixed = [...pairs.keys()].flatMap((address) =>
      staticPeers(target, address).map((index) => ({ address, index })),
    );
    const only = fixed.find(({ address }) => missed.includes(address));
    if (only !== undefined) return staticPeer(only.address, only.index);
    if (missed.length > 0) return newOneMapped(pairs, references, snapshot) ?? nobodyHas(missed, unread);
    return {
      differences,
      warnings: [...warnings, ...fixed.map(staysStatic), ...unreadableWarnings(unread)],
    };
  };
}

const MAX_UNREAD = 5;

/** Nodes that have one of these peers in a lookup, sorted, with their values. */
function valuesWith(
  snapshot: Snapshot,
  lookup: string,
  peers: readonly string[],
): readonly (readonly [node: string, value: string])[] {
  const { nodesByPeer, data } = snapshot.lookupIndex(lookup);
  const nodes = new Set(peers.flatMap((peer) => nodesByPeer.get(peer) ?? []));
  return [...nodes].sort().map((node) => [node, data[node] ?? '']);
}

function replaceIn(
  snapshot: Snapshot,
  reference: Parameters<typeof changeKey>[1],
  node: string,
  value: string,
  pairs: ReadonlyMap<string, Address>,
  met: Set<string>,
): Difference | Refusal | undefined {
  // A peer named twice is still one peer.
  const held = [...new Set(addressesOf(value))];
  const replaced = held.filter((address) => pairs.has(address));
  if (replaced.length === 0) return undefined;
  for (const address of replaced) met.add(address);
  const result = held.map((address) => pairs.get(address)?.text ?? address);
  const twice = result.find((address, at) => result.indexOf(address) !== at);
  if (twice !== undefined) {
    return refuse(
      'address_duplicate',
      `${node} would have ${twice} twice in ${reference.name}: ${held.includes(twice) ? 'it has it already' : 'two of its peers would become it'}.`,
      `To give it the peers that it should have: rotate ${node} ${[...new Set(result)].join(',')}`,
    );
  }
  const texts = new Map([...pairs].map(([old, fresh]) => [old, fresh.text]));
  return changeKey(snapshot, reference, node, replaceAddresses(value, texts));
}

/** Refuses if a value cannot be read but mentions one of the old addresses. */
function refuseUnreadable(
  snapshot: Snapshot,
  lookup: string,
  pairs: ReadonlyMap<string, Address>,
): Refusal | undefined {
  const { unreadable, data } = snapshot.lookupIndex(lookup);
  for (const node of unreadable.keys()) {
    // No TMM reads a key that is not a node, such as a README: the plan only warns about it.
    if (snapshot.node(node) === undefined && snapshot.podsOn(node).length === 0) continue;
    const value = data[node] ?? '';
    const old = mentionedAddresses(value).find((address) => pairs.has(address));
    if (old === undefined) continue;
    return refuse(
      'mapping_unreadable',
      `${old} is in the value of ${node} in ${lookup}, ${quotedValue(value)}, which cannot be read: ${unreadable.get(node)}.`,
      `Give ${node} its peers as addresses alone first (rotate ${node} IP[,IP…]), then submit this command again.`,
    );
  }
  return undefined;
}

/** Warns of addresses that the value names more than once: each occurrence is left or replaced in place. */
function repeated({ node, lookup, before }: Difference): readonly Warning[] {
  const mapping = readMapping(before ?? '');
  const addresses = 'unreadable' in mapping ? [] : repeatedAddresses(mapping);
  return addresses.map((address) => ({
    code: 'address_repeated',
    node,
    sentence: `${node} names ${address} more than once in ${lookup}; each occurrence is kept or replaced in place.`,
  }));
}

function staticPeer(address: string, index: number): Refusal {
  return refuse(
    'static_peer',
    `${address} is neighbors[${index}].ip of the Helm values: a peer of all TMMs, and in no lookup.`,
    `Change neighbors[${index}].ip in the Helm values and upgrade the release; the TMM pods read it when they start.`,
  );
}

function staysStatic({ address, index }: { readonly address: string; readonly index: number }): Warning {
  return {
    code: 'static_peer_too',
    sentence: `${address} is neighbors[${index}].ip of the Helm values as well, and stays a peer of all TMMs until a Helm upgrade changes that.`,
  };
}

/** For one pair of which only the new address is mapped: it was replaced already, or typed in the wrong order. */
function newOneMapped(
  pairs: ReadonlyMap<string, Address>,
  references: readonly { readonly name: string }[],
  snapshot: Snapshot,
): Refusal | undefined {
  const [[from, to] = [], ...more] = [...pairs];
  if (from === undefined || to === undefined || more.length > 0) return undefined;
  const nodes = references.flatMap(({ name }) => snapshot.lookupIndex(name).nodesByPeer.get(to.text) ?? []);
  const [node] = nodes;
  if (node === undefined) return undefined;
  const others = nodes.length === 1 ? '' : ` and ${nodes.length - 1} more`;
  return refuse(
    'address_not_mapped',
    `No node has ${from} as a peer; ${to.text} is a peer of ${node}${others}.`,
    `It was replaced already, unless ${to.text} is the old address, which comes first: rotate ${to.text}=${from}`,
  );
}

function nobodyHas(addresses: readonly string[], unread: readonly UnreadableValue[]): Refusal {
  const values = unread.map(({ node, lookup }) => `${node} in ${lookup}`).slice(0, MAX_UNREAD);
  const more = unread.length > values.length ? ` and ${unread.length - values.length} more` : '';
  const except = values.length === 0 ? '' : `, as far as values can be read: not ${values.join(', ')}${more}`;
  return refuse(
    'address_not_mapped',
    `No node has ${addresses.join(' or ')} as a peer${except}.`,
    'Type show to see the mapping.',
  );
}

/** Pure: the differences to write, or a refusal. */
export type Differ = (target: Target, snapshot: Snapshot) => PlannedDifferences | Refusal;

export interface PlannedDifferences {
  readonly differences: readonly Difference[];
  readonly warnings: readonly Warning[];
}
