import { canonicalAddress } from '../domain/bgp/address.ts';
import { addressesOf } from '../domain/bgp/mapping.ts';
import { printMapping, styleOf } from '../domain/bgp/mapping-style.ts';
import type { ParsedCommand } from '../domain/change/change.ts';
import type { Plan } from '../domain/change/plan.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import {
  dashedPair,
  isNodeLike,
  nodeWords,
  pairWords,
  readAddresses,
  readPair,
  refuseNodeLast,
  sayPairs,
  withoutProse,
} from './grammar/addresses.ts';
import type { ChangeCommand, Planner } from './grammar/declaration.ts';
import { peersElsewhere, refuseTwoAs } from './planning/as-conflicts.ts';
import { chooseLookup } from './planning/choose-lookup.ts';
import { findNode, knownNodes } from './planning/find-node.ts';
import { changeKey, planHead, restartsOn } from './planning/plan-parts.ts';
import { type Differ, replaceRouters } from './planning/replace-router.ts';
import { PATCH_LOOKUPS, RESTART_TMMS, SEE_TARGET } from './planning/rights.ts';
import { warningsFor } from './planning/warnings.ts';

/** F5's documented *changing peer IPs*, node by node: map the new addresses, then replace the TMM pods there one at a time. */
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

function read(typed: ParsedCommand): Planner | Refusal {
  const parsed = { ...typed, args: withoutProse(typed.args) };
  const order = refuseNodeLast('rotate', typed.args);
  if (order !== undefined) return order;
  const scope = refusePairOfNode(parsed.args);
  if (scope !== undefined) return scope;
  const differ = meansRouters(parsed) ? replaceRouters(parsed) : byNode(parsed);
  if (typeof differ !== 'function') return differ;
  return (target, snapshot): Plan | Refusal => {
    const planned = differ(target, snapshot);
    if (isRefusal(planned)) return planned;
    const { differences, warnings } = planned;
    const clash = refuseTwoAs(target, snapshot, differences);
    if (clash !== undefined) return clash;
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
      warnings: [
        ...warnings,
        ...peersElsewhere(target, snapshot, differences),
        ...warningsFor(snapshot, differences, restarts),
      ],
    };
  };
}

/** Refuses `NODE OLD=NEW`: a pair is about every node that has the old address. */
function refusePairOfNode(args: readonly string[]): Refusal | undefined {
  const words = sayPairs(args) ? pairWords(args) : [];
  const pair = words.find((word) => !isRefusal(readPair(word)));
  const node = words.find((word) => isNodeLike(word.replace(/:$/, '')));
  if (pair === undefined || node === undefined) return undefined;
  return refuse(
    'not_an_address',
    `${pair} replaces a router wherever it is mapped, and takes no node.`,
    `Type rotate ${pair}, or rotate NODE with all addresses that the node will have.`,
  );
}

/** Whether the words are `OLD=NEW` rather than `NODE → IP`, which names a node. */
function meansRouters({ args }: ParsedCommand): boolean {
  const [first = ''] = pairWords(args);
  return (
    sayPairs(args) &&
    (!isNodeLike(first.split('=')[0] ?? '') ||
      pairWords(args)
        .slice(1)
        .some((word) => word.includes('=')))
  );
}

function byNode(parsed: ParsedCommand): Differ | Refusal {
  const { node: first, others } = nodeWords(parsed.args);
  if (canonicalAddress(first) !== undefined) {
    const fresh = others.find((word) => canonicalAddress(word) !== undefined) ?? 'NEW';
    return refuse(
      'unknown_node',
      `${first} is an address, not a node.`,
      `To replace a router wherever it is mapped: rotate ${first}=${fresh}`,
    );
  }
  const dashed = dashedPair(first);
  if (dashed !== undefined) {
    return refuse(
      'not_an_address',
      `${first} may be a range as well as an exchange.`,
      `To replace a router wherever it is mapped: rotate ${dashed.join('=')}`,
    );
  }
  const addresses = readAddresses(others);
  if (isRefusal(addresses)) return addresses;
  const wanted = addresses.map(({ text }) => text);
  return (target, snapshot) => {
    const node = findNode(first, knownNodes(snapshot), 'change');
    if (isRefusal(node)) return node;
    const reference = chooseLookup(target, snapshot, addresses, parsed.flags.lookup);
    if (isRefusal(reference)) return reference;
    const present = snapshot.lookups.get(reference.name)?.data[node.name];
    if (
      present === undefined &&
      snapshot.lookups.get(reference.name)?.binaryKeys?.includes(node.name) !== true
    )
      return notMapped(node.name, reference.name, wanted);
    const held = addressesOf(present);
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

function notMapped(node: string, lookup: string, wanted: readonly string[]): Refusal {
  return refuse(
    'node_not_mapped',
    `${node} is not in ${lookup}.`,
    `To map it: add ${node} ${wanted.join(',')}`,
  );
}
