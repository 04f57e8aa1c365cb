import { addressesOf } from '../../domain/bgp/mapping.ts';
import { type Displacement, displacementOf } from '../../domain/bgp/scheduling.ts';
import { isActive, type Node, type Snapshot, type TmmPod } from '../../domain/bgp/snapshot.ts';
import type { Difference, NodeRestart, Warning } from '../../domain/change/plan.ts';
import { sharingUnknown, unreadableInPlan } from './unreadable-values.ts';

/** What the approver should know before approving; none of it forbids the change. */
export function warningsFor(
  snapshot: Snapshot,
  differences: readonly Difference[],
  restarts: readonly NodeRestart[],
): readonly Warning[] {
  return [
    ...ownedLookups(snapshot, differences),
    ...unreadableInPlan(snapshot, differences, restarts),
    ...sharedAddresses(snapshot, differences),
    ...sharingUnknown(snapshot, differences),
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
  const changes = changesByPeer(snapshot, differences);
  return differences.flatMap((difference) => {
    const before = addressesOf(difference.before);
    const added = addressesOf(difference.after).filter((address) => !before.includes(address));
    return added.flatMap((address) => {
      const others = [...snapshot.lookups.keys()].flatMap((lookup) => {
        const { changed, after } = changes(lookup);
        const held = snapshot.lookupIndex(lookup).nodesByPeer.get(address) ?? [];
        const sharing = [...held.filter((node) => !changed.has(node)), ...(after.get(address) ?? [])];
        return sharing.filter((node) => node !== difference.node);
      });
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

interface LookupChanges {
  /** Nodes whose value in this lookup changes. */
  readonly changed: ReadonlySet<string>;
  /** Nodes of these that are mapped now, by each peer that they will have. */
  readonly after: ReadonlyMap<string, readonly string[]>;
}

function changesByPeer(
  snapshot: Snapshot,
  differences: readonly Difference[],
): (lookup: string) => LookupChanges {
  const byLookup = new Map<string, { changed: Set<string>; after: Map<string, string[]> }>();
  for (const { lookup, node, after } of differences) {
    const changes = byLookup.get(lookup) ?? { changed: new Set(), after: new Map() };
    byLookup.set(lookup, changes);
    changes.changed.add(node);
    if (!snapshot.lookupIndex(lookup).mappings.has(node)) continue;
    for (const address of addressesOf(after)) {
      const nodes = changes.after.get(address) ?? [];
      nodes.push(node);
      changes.after.set(address, nodes);
    }
  }
  return (lookup) => byLookup.get(lookup) ?? NO_CHANGES;
}

const NO_CHANGES: LookupChanges = { changed: new Set(), after: new Map() };

function nodesInTrouble(
  snapshot: Snapshot,
  differences: readonly Difference[],
  restarts: readonly NodeRestart[],
): Warning[] {
  const restarted = new Map(restarts.map((restart) => [restart.node, restart]));
  const named = new Set([...differences.map(({ node }) => node), ...restarted.keys()]);
  return [...named].flatMap((name) => {
    const node = snapshot.node(name);
    if (node === undefined) {
      const sentence = `${name} is not a node of this cluster (any more).`;
      return [{ code: 'node_gone', node: name, sentence }];
    }
    const restart = restarted.get(name);
    return [
      ...(node.ready ? [] : [{ code: 'node_not_ready', node: name, sentence: `${name} is not Ready.` }]),
      ...(restart === undefined ? [] : nodeWithoutTmm(snapshot, node, restart)),
    ];
  });
}

/** Warns if the node will have no TMM pod, because none of the replacements can run there. */
function nodeWithoutTmm(snapshot: Snapshot, node: Node, { pods }: NodeRestart): Warning[] {
  const replaced = new Set(pods.map(({ uid }) => uid));
  const active = snapshot.podsOn(node.name).filter(isActive);
  const displaced = active.map((pod) => {
    const displacement = replaced.has(pod.uid) ? displacementOf(pod, node, () => snapshot.nodes) : undefined;
    return displacement === undefined ? undefined : { pod, displacement };
  });
  const [first] = displaced;
  if (first === undefined || displaced.includes(undefined)) return [];
  const { replacement } = first.displacement;
  return [
    {
      code: replacement === 'elsewhere' ? 'replacement_elsewhere' : 'replacement_unschedulable',
      node: node.name,
      sentence: `${node.name} ends without a TMM: ${describeDisplacement(first.pod, first.displacement)}.`,
    },
  ];
}

function describeDisplacement({ name, owner }: TmmPod, { replacement, why }: Displacement): string {
  switch (replacement) {
    case 'elsewhere':
      return `its new TMM pod will run on another node (${why})`;
    case 'pending':
      return `its new TMM pod will stay Pending (${why}; no other node accepts it)`;
    case 'none':
      return owner === undefined
        ? `nothing replaces ${name}, which has no controller`
        : `${owner.kind} ${owner.name} starts none there (${why})`;
  }
}

function soleTmm(snapshot: Snapshot, restarts: readonly NodeRestart[]): Warning[] {
  return restarts.length > 0 && snapshot.podCounts.active === 1
    ? [
        {
          code: 'sole_tmm',
          sentence: 'There is only one TMM pod: while it restarts nothing carries traffic.',
        },
      ]
    : [];
}
