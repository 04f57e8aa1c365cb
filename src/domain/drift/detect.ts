import { faultyKeys, keysOf, mappingFaultsOf } from '../bgp/mapping-faults.ts';
import { isActive, type KeyWriter, type Snapshot } from '../bgp/snapshot.ts';
import { lookupsOf, type Target } from '../bgp/target.ts';
import type { Change } from '../change/change.ts';

/** A deviation that one check of the target found. */
export interface Observation {
  /** The same at every check while it lasts. */
  readonly key: string;
  readonly sentence: string;
  /** What to do about it. */
  readonly next: string;
}

/** Nodes with a TMM pod and without a mapping, mappings of nodes that do not exist, and values that cannot be used. */
export function observeMapping(target: Target, snapshot: Snapshot): readonly Observation[] {
  const lookups = lookupsOf(target).flatMap(({ name }) => snapshot.lookups.get(name) ?? []);
  if (lookups.length === 0) return [];
  const keys = keysOf(snapshot);
  const mapped = new Set(keys);
  const known = new Set(snapshot.nodes.map(({ name }) => name));
  const carrying = snapshot.pods.flatMap((pod) =>
    pod.node !== undefined && isActive(pod) && pod.routing ? [pod.node] : [],
  );
  return [
    ...[...new Set(carrying)]
      .filter((node) => !mapped.has(node))
      .map((node) => ({
        key: `unmapped ${node}`,
        sentence: `A TMM pod runs on ${node}, which no lookup maps: it has no peer and carries no traffic.`,
        next: `Map it (add ${node} IP) and restart it, or keep TMM pods away from it.`,
      })),
    ...faultyKeys(target, snapshot).flatMap((node) =>
      mappingFaultsOf(target, snapshot, node).map(({ code, about, sentence, next }) => ({
        key: `${code} ${node} ${about}`,
        sentence,
        next,
      })),
    ),
    ...lookups.flatMap(({ name, data }) =>
      Object.keys(data)
        .filter((node) => !known.has(node))
        .map((node) => ({
          key: `orphan ${name} ${node}`,
          sentence: `${name} maps ${node}, but the cluster has no such node.`,
          next: `If it is gone for good: remove ${node}`,
        })),
    ),
  ];
}

/** The name under which Kubernetes remembers the bot as the writer of a field (`metadata.managedFields`). */
export const FIELD_MANAGER = 'tor-bgp-bot';

/** The mapping of a target: node → value, by lookup. */
export type MappingSnapshot = Readonly<Record<string, Readonly<Record<string, string>>>>;

export function mappingSnapshotOf(target: Target, snapshot: Snapshot): MappingSnapshot {
  return Object.fromEntries(
    lookupsOf(target).map(({ name }) => [name, snapshot.lookups.get(name)?.data ?? {}]),
  );
}

/** The mapping as read by an earlier check, and when. */
export interface EarlierMapping {
  readonly mapping: MappingSnapshot;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** One key of a lookup that changed since the earlier check, and that no change of this bot wrote. */
export interface ExternalEdit {
  readonly lookup: string;
  readonly node: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Absent where Kubernetes does not record it, as for a deleted key. */
  readonly writer?: KeyWriter;
}

/**
 * What others than the bot wrote since the earlier check. `changes` are the bot's recent ones: their journals decide about keys
 * for which Kubernetes names no writer.
 */
export function externalEdits(
  earlier: EarlierMapping,
  target: Target,
  snapshot: Snapshot,
  changes: readonly Change[],
): readonly ExternalEdit[] {
  return Object.entries(mappingSnapshotOf(target, snapshot)).flatMap(([lookup, data]) => {
    const was = earlier.mapping[lookup] ?? {};
    const writers = snapshot.lookups.get(lookup)?.writers ?? {};
    const nodes = [...new Set([...Object.keys(was), ...Object.keys(data)])].sort();
    return nodes
      .map((node): ExternalEdit => {
        const [before, after] = [was[node] ?? null, data[node] ?? null];
        const writer = writers[node];
        return { lookup, node, before, after, ...(writer === undefined ? {} : { writer }) };
      })
      .filter((edit) => edit.before !== edit.after && !isByBot(edit, earlier.atMs, changes));
  });
}

/**
 * Clocks of replicas differ, and a watch may deliver a write late: a write counts if it is at most this much older than the
 * earlier check.
 */
const LATE_BY_MS = 60_000;

function isByBot(edit: ExternalEdit, earlierAtMs: number, changes: readonly Change[]): boolean {
  if (edit.writer !== undefined) return edit.writer.manager === FIELD_MANAGER;
  const { lookup, node, after } = edit;
  return changes.some(
    ({ plan, journal }) =>
      plan.differences.some((one) => one.lookup === lookup && one.node === node && one.after === after) &&
      journal.some(
        ({ step, atMs }) =>
          step.kind === 'write' &&
          step.lookup === lookup &&
          step.node === node &&
          atMs >= earlierAtMs - LATE_BY_MS,
      ),
  );
}
