import type { PersistentMap } from './persistent-map.ts';
import { isEnded, type Lookup, type Node, type NodeFault, type TmmPod } from './snapshot.ts';

/** The part of a target's index that decides the faults of a node. */
interface KnownTarget {
  readonly nodes: PersistentMap<Node>;
  readonly pods: PersistentMap<TmmPod>;
  readonly podsByNode: PersistentMap<readonly string[]>;
  readonly lookups: ReadonlyMap<string, Lookup>;
  readonly faults: PersistentMap<readonly NodeFault[]>;
}

/** The present faults of these nodes; undefined for a node whose faults are gone. */
export function* changedFaults(
  index: KnownTarget,
  touched: ReadonlySet<string>,
): Generator<readonly [name: string, now: readonly NodeFault[] | undefined]> {
  for (const name of touched) {
    const now = faultsOf(index, name);
    if (now !== undefined || index.faults.has(name)) yield [name, now];
  }
}

function faultsOf(index: KnownTarget, name: string): readonly NodeFault[] | undefined {
  const node = index.nodes.get(name);
  const mapped = [...index.lookups.values()].some(
    ({ data, binaryKeys = [] }) => Object.hasOwn(data, name) || binaryKeys.includes(name),
  );
  const runsTmm = (index.podsByNode.get(name) ?? []).some((key) => {
    const pod = index.pods.get(key);
    return pod !== undefined && !isEnded(pod);
  });
  const faults: NodeFault[] = [];
  if (runsTmm && !mapped) faults.push('unmapped');
  if (node === undefined && (mapped || runsTmm)) faults.push('absent');
  if (node?.ready === false) faults.push('not_ready');
  if (node?.cordoned === true) faults.push('cordoned');
  return faults.length === 0 ? undefined : faults;
}
