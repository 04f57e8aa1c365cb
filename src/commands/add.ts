import { quotedValue, readMapping } from '../domain/bgp/mapping.ts';
import { printMapping, styleOf } from '../domain/bgp/mapping-style.ts';
import { hasTmm } from '../domain/bgp/snapshot.ts';
import type { ParsedCommand } from '../domain/change/change.ts';
import type { Plan } from '../domain/change/plan.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import { nodeWords, readAddresses, refuseNodeLast, withoutProse } from './grammar/addresses.ts';
import type { ChangeCommand, Planner } from './grammar/declaration.ts';
import { peersElsewhere, refuseTwoAs } from './planning/as-conflicts.ts';
import { chooseLookup } from './planning/choose-lookup.ts';
import { clusterNodes, findNode } from './planning/find-node.ts';
import { changeKey, planHead } from './planning/plan-parts.ts';
import { CREATE_LOOKUPS, PATCH_LOOKUPS, SEE_TARGET } from './planning/rights.ts';
import { warningsFor } from './planning/warnings.ts';

/** F5's documented *adding a node*: map it before TMM pods are scheduled there. Restarts nothing. */
export const command: ChangeCommand = {
  kind: 'change',
  verb: 'add',
  summary: 'Map a node to the addresses of its rack routers; restarts no TMM pod',
  forms: [
    [
      { name: 'NODE', kind: 'node', need: 'required' },
      { name: 'IP[,IP…]', kind: 'addresses', need: 'required' },
    ],
  ],
  flags: ['lookup', 'target', 'reason', 'dry-run', 'break-glass'],
  examples: [
    'add worker4.rack.example.com 10.20.4.1',
    'add worker4.rack.example.com 10.20.4.1,10.20.4.2 --reason new rack',
  ],
  rights: [...SEE_TARGET, PATCH_LOOKUPS, CREATE_LOOKUPS],
  read,
};

function read(parsed: ParsedCommand): Planner | Refusal {
  const order = refuseNodeLast('add', parsed.args);
  if (order !== undefined) return order;
  const { node: typedNode, others } = nodeWords(withoutProse(parsed.args));
  const addresses = readAddresses(others);
  if (isRefusal(addresses)) return addresses;
  return (target, snapshot): Plan | Refusal => {
    const node = findNode(typedNode, clusterNodes(snapshot), 'change');
    if (isRefusal(node)) return node;
    const reference = chooseLookup(target, snapshot, addresses, parsed.flags.lookup);
    if (isRefusal(reference)) return reference;
    const present = snapshot.lookups.get(reference.name)?.data[node.name];
    if (present !== undefined)
      return alreadyMapped(
        reference.name,
        node.name,
        present,
        addresses.map(({ text }) => text),
      );
    const value = printMapping(
      addresses.map(({ text }) => text),
      styleOf(snapshot.lookupIndex(reference.name), node.name, target.separator),
    );
    const difference = changeKey(snapshot, reference, node.name, value);
    if (isRefusal(difference)) return difference;
    const clash = refuseTwoAs(target, snapshot, [difference]);
    if (clash !== undefined) return clash;
    return {
      ...planHead('add', target, snapshot),
      differences: [difference],
      restarts: [],
      strategy: 'none',
      allowOutage: false,
      warnings: [
        ...peersElsewhere(target, snapshot, [difference]),
        ...warningsFor(snapshot, [difference], []),
        ...(hasTmm(snapshot, node.name)
          ? [
              {
                code: 'tmm_runs_already',
                sentence: `A TMM pod runs on ${node.name} already and will not read this until it is restarted: use restart ${node.name} afterwards.`,
              },
            ]
          : []),
      ],
    };
  };
}

function alreadyMapped(lookup: string, node: string, present: string, wanted: readonly string[]): Refusal {
  const mapping = readMapping(present);
  if ('unreadable' in mapping) {
    return refuse(
      'node_already_mapped',
      `${node} is in ${lookup} already, with ${quotedValue(present)}, which cannot be read: ${mapping.unreadable}.`,
      `To replace all of it: rotate ${node} ${wanted.join(',')}`,
    );
  }
  const { addresses } = mapping;
  if (addresses.length === wanted.length && wanted.every((address) => addresses.includes(address))) {
    return refuse(
      'nothing_to_do',
      `${node} has ${addresses.join(', ')} in ${lookup} already.`,
      'Nothing to do.',
    );
  }
  return refuse(
    'node_already_mapped',
    `${node} is in ${lookup} already, with ${addresses.join(', ') || 'no address'}.`,
    `To give it other addresses: rotate ${node} ${wanted.join(',')}`,
  );
}
