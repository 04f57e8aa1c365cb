import { canonicalAddress } from '../../domain/bgp/address.ts';
import { addressesOf, readMapping } from '../../domain/bgp/mapping.ts';
import { clashesOf, describePlace } from '../../domain/bgp/mapping-faults.ts';
import type { Snapshot } from '../../domain/bgp/snapshot.ts';
import { lookupsOf, type Target } from '../../domain/bgp/target.ts';
import type { Difference, Warning } from '../../domain/change/plan.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';

/** Refuses a plan that would give a node one address in two AS, over all lookups and static neighbors of the target. */
export function refuseTwoAs(
  target: Target,
  snapshot: Snapshot,
  differences: readonly Difference[],
): Refusal | undefined {
  for (const { node, lookup, after } of differences) {
    const added = addressesOf(after);
    const clash = clashesOf(target, afterwards(snapshot, differences, node)).find(({ address }) =>
      added.includes(address),
    );
    if (clash === undefined) continue;
    const places = clash.places.map(describePlace).join(' and ');
    const fitting = clash.places.flatMap(({ where }) =>
      'lookup' in where && where.lookup !== lookup ? [where.lookup] : [],
    );
    return refuse(
      'address_other_as',
      `${clash.address} would be a peer of ${node} with ${places}, and a router has one AS.`,
      fitting.length === 0
        ? 'Name the address of another router, or change the static neighbor in the Helm values.'
        : `Name another address, or remove it first from the lookup where it does not belong: --lookup ${fitting.join(' or --lookup ')}.`,
    );
  }
  return undefined;
}

/** New peers of a node that it already has from elsewhere, or that other nodes have in another AS. */
export function peersElsewhere(
  target: Target,
  snapshot: Snapshot,
  differences: readonly Difference[],
): readonly Warning[] {
  return differences.flatMap(({ node, lookup, asn, before, after }) => {
    const held = addressesOf(before);
    return addressesOf(after)
      .filter((address) => !held.includes(address))
      .flatMap((address): Warning[] => [
        ...staticPeers(target, address).map((index) => ({
          code: 'static_peer_too',
          node,
          sentence: `${address} is neighbors[${index}].ip of the Helm values as well: a peer of all TMMs already.`,
        })),
        ...lookupsOf(target).flatMap((other): Warning[] => {
          if (other.name === lookup) return [];
          const nodes = snapshot.lookupIndex(other.name).nodesByPeer.get(address) ?? [];
          if (other.asn === asn)
            return nodes.includes(node)
              ? [
                  {
                    code: 'address_repeated',
                    node,
                    sentence: `${node} has ${address} in ${other.name} as well.`,
                  },
                ]
              : [];
          const others = nodes.filter((one) => one !== node);
          return others.length === 0
            ? []
            : [
                {
                  code: 'address_other_as',
                  node,
                  sentence: `${address} is AS ${asn} here, but AS ${other.asn} for ${others.join(', ')} (${other.name}): a router has one AS.`,
                },
              ];
        }),
      ]);
  });
}

/** Indexes of the neighbors in the Helm values with this address. */
export function staticPeers({ bgp: { neighbors } }: Target, address: string): readonly number[] {
  return neighbors.flatMap(({ ip }, index) =>
    ip !== undefined && canonicalAddress(ip) === address ? [index] : [],
  );
}

/** The values of one node in the lookups after these differences are written. */
function afterwards(
  snapshot: Snapshot,
  differences: readonly Difference[],
  node: string,
): Parameters<typeof clashesOf>[1] {
  return (lookup) => {
    const written = differences.find((one) => one.lookup === lookup && one.node === node);
    if (written === undefined) return snapshot.lookupIndex(lookup).mappings.get(node);
    return written.after === null ? undefined : readMapping(written.after);
  };
}
