import type { Snapshot } from '../../domain/bgp/snapshot.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Cluster } from '../../ports/cluster.ts';
import { findNode } from '../grammar/find-node.ts';
import { knownNodes } from './known-nodes.ts';

/**
 * The node that was typed in a query, and a snapshot in which it and its pods are read now. A name that the watches know
 * costs as much as one node; one that they do not know is looked for in all there is before it is refused.
 */
export async function readNode(
  cluster: Pick<Cluster, 'snapshot' | 'cachedSnapshot'>,
  typed: string,
): Promise<{ readonly name: string; readonly snapshot: Snapshot } | Refusal> {
  const cached = cluster.cachedSnapshot();
  const known = cached === undefined ? undefined : findNode(typed, knownNodes(cached), 'query');
  if (known !== undefined && !isRefusal(known)) {
    const snapshot = await cluster.snapshot({ node: known.name });
    if (isRefusal(snapshot)) return snapshot;
    if (knownNodes(snapshot).has(known.name)) return { name: known.name, snapshot };
  }
  const snapshot = await cluster.snapshot();
  if (isRefusal(snapshot)) return snapshot;
  const found = findNode(typed, knownNodes(snapshot), 'query');
  return isRefusal(found) ? found : { name: found.name, snapshot };
}
