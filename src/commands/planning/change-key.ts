import { binaryRemedy } from '../../domain/bgp/mapping-faults.ts';
import type { Snapshot } from '../../domain/bgp/snapshot.ts';
import type { LookupReference } from '../../domain/bgp/target.ts';
import type { Difference } from '../../domain/change/plan.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';

/** What Kubernetes takes as all keys and values of one ConfigMap together: 1 MiB. */
const LARGEST_CONFIG_MAP_BYTES = 1_048_576;

/** The difference that gives `node` the value `after` (`null` takes the key away), or why that cannot be. */
export function changeKey(
  snapshot: Snapshot,
  reference: LookupReference,
  node: string,
  after: string | null,
): Difference | Refusal {
  const lookup = snapshot.lookups.get(reference.name);
  const before = lookup?.data[node] ?? null;
  if (lookup?.immutable === true) {
    return refuse(
      'lookup_immutable',
      `ConfigMap ${reference.name} is immutable: Kubernetes accepts no change to it.`,
      'It has to be deleted and created again by whoever made it immutable, without `immutable: true`.',
    );
  }
  if (lookup?.binaryKeys?.includes(node) === true) {
    return refuse(
      'mapping_unreadable',
      `${node} stands in binaryData of ConfigMap ${reference.name}: Kubernetes refuses the same key in data.`,
      binaryRemedy(reference.name, node),
    );
  }
  const growth = bytesOf(node, after) - bytesOf(node, before);
  const bytes = (lookup?.bytes ?? 0) + growth;
  if (growth > 0 && bytes > LARGEST_CONFIG_MAP_BYTES) {
    return refuse(
      'lookup_too_large',
      `ConfigMap ${reference.name} would hold ${bytes} bytes; Kubernetes takes at most ${LARGEST_CONFIG_MAP_BYTES}.`,
      'Remove nodes that are gone, or split the lookup into two.',
    );
  }
  return {
    lookup: reference.name,
    asn: reference.asn,
    node,
    before,
    after,
    createsLookup: lookup === undefined,
  };
}

function bytesOf(key: string, value: string | null): number {
  return value === null ? 0 : Buffer.byteLength(key) + Buffer.byteLength(value);
}
