import type { Address } from '../domain/bgp/address.ts';
import {
  mentionedAddresses,
  quotedValue,
  readMapping,
  repeatedAddresses,
  replaceAddresses,
} from '../domain/bgp/mapping.ts';
import { printMapping, styleOf } from '../domain/bgp/mapping-style.ts';
import type { Snapshot } from '../domain/bgp/snapshot.ts';
import { lookupsOf, type Target } from '../domain/bgp/target.ts';
import type { ParsedCommand } from '../domain/change/change.ts';
import type { Difference, Plan, Warning } from '../domain/change/plan.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import { readAddresses, readPair } from './grammar/addresses.ts';
import type { ChangeCommand, Planner } from './grammar/declaration.ts';
import { changeKey } from './planning/change-key.ts';
import { chooseLookup, namedLookup } from './planning/choose-lookup.ts';
import { findNode, knownNodes } from './planning/find-node.ts';
import { planHead } from './planning/plan-head.ts';
import { restartsOn } from './planning/restarts.ts';
import { PATCH_LOOKUPS, RESTART_TMMS, SEE_TARGET } from './planning/rights.ts';
import { type UnreadableValue, unreadableValues, unreadableWarnings } from './planning/unreadable.ts';
import { warningsFor } from './planning/warnings.ts';

/** The doc's *changing peer IPs*, node by node: map the new addresses, then replace the TMM pods there one at a time. */
export const command: ChangeCommand = {
  kind: 'change',
  verb: 'rotate',
  summary:
    'Give a node other peers, or replace a router everywhere; restarts the TMM pods concerned, one by one',
  forms: [
    [
      { name: 'NODE', kind: 'node', need: 'required' },
      { name: 'IP[,IP…]', kind: 'addresses', need: 'required' },
    ],
    [{ name: 'OLD=NEW', kind: 'pair', need: 'repeated' }],
  ],
  flags: ['lookup', 'target', 'reason', 'dry-run', 'allow-outage', 'break-glass'],
  examples: [
    'rotate worker1.rack.example.com 10.20.1.9',
    'rotate 10.20.1.1=10.20.1.9 --reason router r1 is replaced',
  ],
  rights: [...SEE_TARGET, PATCH_LOOKUPS, ...RESTART_TMMS],
  read,
};

function read(parsed: ParsedCommand): Planner | Refusal {
  const differ = parsed.args[0]?.includes('=') === true ? byRouter(parsed) : byNode(parsed);
  if (typeof differ !== 'function') return differ;
  return (target, snapshot): Plan | Refusal => {
    const planned = differ(target, snapshot);
    if (isRefusal(planned)) return planned;
    const { differences, warnings } = planned;
    const restarts = restartsOn(
      snapshot,
      differences.map(({ node }) => node),
    );
    return {
      ...planHead('rotate', target, snapshot),
      differences,
      restarts,
      strategy: restarts.length === 0 ? 'none' : 'rolling',
      allowOutage: parsed.flags['allow-outage'] === true,
      warnings: [...warnings, ...warningsFor(snapshot, differences, restarts)],
    };
  };
}

type Differ = (target: Target, snapshot: Snapshot) => Planned | Refusal;

interface Planned {
  readonly differences: readonly Difference[];
  readonly warnings: readonly Warning[];
}

function byNode(parsed: ParsedCommand): Differ | Refusal {
  const addresses = readAddresses(parsed.args.slice(1));
  if (isRefusal(addresses)) return addresses;
  const wanted = addresses.map(({ text }) => text);
  return (target, snapshot) => {
    const node = findNode(parsed.args[0] ?? '', knownNodes(snapshot), 'change');
    if (isRefusal(node)) return node;
    const reference = chooseLookup(target, snapshot, addresses, parsed.flags.lookup);
    if (isRefusal(reference)) return reference;
    const present = snapshot.lookups.get(reference.name)?.data[node.name];
    if (
      present === undefined &&
      snapshot.lookups.get(reference.name)?.binaryKeys?.includes(node.name) !== true
    )
      return notMapped(node.name, reference.name, wanted);
    const mapping = readMapping(present ?? '');
    const held = 'unreadable' in mapping ? [] : mapping.addresses;
    if (held.length === wanted.length && wanted.every((address) => held.includes(address))) {
      return refuse(
        'nothing_to_do',
        `${node.name} has ${held.join(', ')} in ${reference.name} already.`,
        'Nothing to do.',
      );
    }
    const value = printMapping(
      wanted,
      styleOf(snapshot.lookupIndex(reference.name), node.name, target.separator),
    );
    const difference = changeKey(snapshot, reference, node.name, value);
    return isRefusal(difference) ? difference : { differences: [difference], warnings: [] };
  };
}

function byRouter(parsed: ParsedCommand): Differ | Refusal {
  const pairs = new Map<string, Address>();
  for (const word of parsed.args.flatMap((arg) => arg.split(/[,;]+/)).filter((part) => part !== '')) {
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
    if (missed.length > 0) return nobodyHas(missed, unread);
    return { differences, warnings: [...warnings, ...unreadableWarnings(unread)] };
  };
}

const MOST_UNREAD = 5;

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
  const mapping = readMapping(value);
  // A peer that is named twice is still one peer.
  const held = 'unreadable' in mapping ? [] : [...new Set(mapping.addresses)];
  const replaced = held.filter((address) => pairs.has(address));
  if (replaced.length === 0) return undefined;
  for (const address of replaced) met.add(address);
  const result = held.map((address) => pairs.get(address)?.text ?? address);
  const twice = result.find((address, at) => result.indexOf(address) !== at);
  if (twice !== undefined) {
    return refuse(
      'address_duplicate',
      `${node} would have ${twice} twice in ${reference.name}: ${held.includes(twice) ? 'it has it already' : 'two of its peers would become it'}.`,
      `To leave it with what it should have: rotate ${node} ${[...new Set(result)].join(',')}`,
    );
  }
  const texts = new Map([...pairs].map(([old, fresh]) => [old, fresh.text]));
  return changeKey(snapshot, reference, node, replaceAddresses(value, texts));
}

/** A value that cannot be read, and in which one of the old addresses stands all the same. */
function refuseUnreadable(
  snapshot: Snapshot,
  lookup: string,
  pairs: ReadonlyMap<string, Address>,
): Refusal | undefined {
  const { unreadable, data } = snapshot.lookupIndex(lookup);
  for (const node of unreadable.keys()) {
    const value = data[node] ?? '';
    const old = mentionedAddresses(value).find((address) => pairs.has(address));
    if (old === undefined) continue;
    return refuse(
      'mapping_unreadable',
      `${old} stands in the value of ${node} in ${lookup}, ${quotedValue(value)}, which cannot be read: ${unreadable.get(node)}.`,
      `Give ${node} its peers as addresses alone first (rotate ${node} IP[,IP…]), then ask again.`,
    );
  }
  return undefined;
}

/** The node keeps what it had: no byte is changed but the address. */
function repeated({ node, lookup, before }: Difference): readonly Warning[] {
  const mapping = readMapping(before ?? '');
  const addresses = 'unreadable' in mapping ? [] : repeatedAddresses(mapping);
  return addresses.map((address) => ({
    code: 'address_repeated',
    node,
    sentence: `${node} names ${address} more than once in ${lookup}; each is left or replaced where it stands.`,
  }));
}

function notMapped(node: string, lookup: string, wanted: readonly string[]): Refusal {
  return refuse(
    'node_not_mapped',
    `${node} is not in ${lookup}.`,
    `To map it: add ${node} ${wanted.join(',')}`,
  );
}

function nobodyHas(addresses: readonly string[], unread: readonly UnreadableValue[]): Refusal {
  const values = unread.map(({ node, lookup }) => `${node} in ${lookup}`).slice(0, MOST_UNREAD);
  const more = unread.length > values.length ? ` and ${unread.length - values.length} more` : '';
  const except = values.length === 0 ? '' : `, as far as values can be read: not ${values.join(', ')}${more}`;
  return refuse(
    'address_not_mapped',
    `No node has ${addresses.join(' or ')} as a peer${except}.`,
    'Type show to see the mapping.',
  );
}
