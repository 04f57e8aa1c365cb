import { readMapping } from '../../domain/bgp/mapping.ts';
import type { Snapshot } from '../../domain/bgp/snapshot.ts';
import type { Difference, NodeRestart, Warning } from '../../domain/change/plan.ts';

/** What the approver should know before pressing the button; none of it forbids the change. */
export function warningsFor(
  snapshot: Snapshot,
  differences: readonly Difference[],
  restarts: readonly NodeRestart[],
): readonly Warning[] {
  return [
    ...ownedLookups(snapshot, differences),
    ...sharedAddresses(snapshot, differences),
    ...nodesInTrouble(snapshot, differences, restarts),
    ...soleTmm(snapshot, restarts),
  ];
}

function ownedLookups(snapshot: Snapshot, differences: readonly Difference[]): Warning[] {
  return [...new Set(differences.map(({ lookup }) => lookup))].flatMap((name) => {
    const owner = snapshot.lookups.get(name)?.owner;
    return owner === undefined
      ? []
      : [
          {
            code: 'lookup_owned',
            sentence: `ConfigMap ${name} belongs to ${owner.tool} (${owner.name}), which may undo this: change it there as well.`,
          },
        ];
  });
}

function sharedAddresses(snapshot: Snapshot, differences: readonly Difference[]): Warning[] {
  const changed = new Map(
    differences.map((difference) => [`${difference.lookup}/${difference.node}`, difference.after]),
  );
  return differences.flatMap((difference) => {
    const before = addressesOf(difference.before);
    const added = addressesOf(difference.after).filter((address) => !before.includes(address));
    return added.flatMap((address) => {
      const others = [...snapshot.lookups.values()].flatMap((lookup) =>
        Object.keys({ ...lookup.data }).filter((node) => {
          if (node === difference.node) return false;
          const key = `${lookup.name}/${node}`;
          const value = changed.has(key) ? changed.get(key) : lookup.data[node];
          return addressesOf(value ?? null).includes(address);
        }),
      );
      return others.length === 0
        ? []
        : [
            {
              code: 'address_shared',
              sentence: `${address} is also a peer of ${[...new Set(others)].sort().join(', ')}. That is right only if these nodes share a rack router.`,
            },
          ];
    });
  });
}

function nodesInTrouble(
  snapshot: Snapshot,
  differences: readonly Difference[],
  restarts: readonly NodeRestart[],
): Warning[] {
  const named = new Set([...differences.map(({ node }) => node), ...restarts.map(({ node }) => node)]);
  return [...named].flatMap((name) => {
    const node = snapshot.nodes.find((one) => one.name === name);
    if (node === undefined)
      return [{ code: 'node_gone', sentence: `${name} is not a node of this cluster (any more).` }];
    if (!node.ready) return [{ code: 'node_not_ready', sentence: `${name} is not Ready.` }];
    const restarted = restarts.some((restart) => restart.node === name);
    return node.cordoned && restarted
      ? [
          {
            code: 'node_cordoned',
            sentence: `${name} is cordoned: a restarted TMM pod will not come back to it.`,
          },
        ]
      : [];
  });
}

function soleTmm(snapshot: Snapshot, restarts: readonly NodeRestart[]): Warning[] {
  const pods = snapshot.pods.filter((pod) => !pod.terminating);
  return restarts.length > 0 && pods.length === 1
    ? [
        {
          code: 'sole_tmm',
          sentence: 'There is only one TMM pod: while it restarts nothing carries traffic.',
        },
      ]
    : [];
}

function addressesOf(value: string | null): readonly string[] {
  if (value === null) return [];
  const mapping = readMapping(value);
  return 'unreadable' in mapping ? [] : mapping.addresses;
}
