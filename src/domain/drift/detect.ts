import type { Snapshot } from '../bgp/snapshot.ts';
import { lookupsOf, type Target } from '../bgp/target.ts';
import type { Change } from '../change/change.ts';

/** Something that is not as it should be, as one look at the target shows it. */
export interface Observation {
  /** The same trouble has the same key at every look. */
  readonly key: string;
  readonly sentence: string;
  /** What to do about it. */
  readonly next: string;
}

/** Nodes with a TMM and without a mapping, and mappings of nodes that are not there. */
export function observeMapping(target: Target, snapshot: Snapshot): readonly Observation[] {
  const lookups = lookupsOf(target).flatMap(({ name }) => snapshot.lookups.get(name) ?? []);
  if (lookups.length === 0) return [];
  const mapped = new Set(lookups.flatMap(({ data }) => Object.keys(data)));
  const known = new Set(snapshot.nodes.map(({ name }) => name));
  const carrying = snapshot.pods.flatMap(({ node, terminating, routing }) =>
    node === undefined || terminating || !routing ? [] : [node],
  );
  return [
    ...[...new Set(carrying)]
      .filter((node) => !mapped.has(node))
      .map((node) => ({
        key: `unmapped ${node}`,
        sentence: `A TMM pod runs on ${node}, which no lookup maps: it has no peer and carries nothing.`,
        next: `Map it (add ${node} IP) and restart it, or keep TMM pods away from it.`,
      })),
    ...lookups.flatMap(({ name, data }) =>
      Object.keys(data)
        .filter((node) => !known.has(node))
        .map((node) => ({
          key: `orphan ${name} ${node}`,
          sentence: `${name} maps ${node}, and there is no such node.`,
          next: `If it is gone for good: remove ${node}`,
        })),
    ),
  ];
}

/** One key of a lookup that is not what it was at the last look, and that no change of ours wrote. */
export interface ExternalEdit {
  readonly lookup: string;
  readonly node: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** The mapping of a target: node → value, by lookup. */
export type MappingSnapshot = Readonly<Record<string, Readonly<Record<string, string>>>>;

export function mappingSnapshotOf(target: Target, snapshot: Snapshot): MappingSnapshot {
  return Object.fromEntries(
    lookupsOf(target).map(({ name }) => [name, snapshot.lookups.get(name)?.data ?? {}]),
  );
}

/** What others wrote between two looks. `changes` are the last ones, to know our own hand by. */
export function externalEdits(
  before: MappingSnapshot,
  now: MappingSnapshot,
  changes: readonly Change[],
): readonly ExternalEdit[] {
  return Object.entries(now).flatMap(([lookup, data]) => {
    const was = before[lookup] ?? {};
    const nodes = [...new Set([...Object.keys(was), ...Object.keys(data)])].sort();
    return nodes
      .map((node) => ({ lookup, node, before: was[node] ?? null, after: data[node] ?? null }))
      .filter((write) => write.before !== write.after && !isOurs(write, changes));
  });
}

function isOurs({ lookup, node, after }: ExternalEdit, changes: readonly Change[]): boolean {
  return changes.some(
    ({ plan, journal }) =>
      plan.differences.some((one) => one.lookup === lookup && one.node === node && one.after === after) &&
      journal.some(({ step }) => step.kind === 'write' && step.lookup === lookup && step.node === node),
  );
}
