import { canonicalAddress } from '../../domain/bgp/address.ts';
import { firstLabel, shortNameMatches } from '../../domain/bgp/mapping.ts';
import type { Snapshot } from '../../domain/bgp/snapshot.ts';
import { isChangeId, type ParsedCommand, readChangeId } from '../../domain/change/change.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { suggest } from '../../domain/suggest.ts';
import type { Cluster } from '../../ports/cluster.ts';

/**
 * The typed node among the known names: as typed, else in lower case as node names are, else the only key that differs from it in
 * case. For a query, a short name is completed if it is unique; a change needs the full name, so it is suggested and never
 * guessed. The name of a TMM pod is treated like a short name of its node.
 */
export function findNode(
  typed: string,
  names: NodeNames,
  purpose: 'query' | 'change',
): { readonly name: string } | Refusal {
  if (names.has(typed)) return { name: typed };
  const name = bareName(typed);
  if (names.has(name)) return { name };
  if (canonicalAddress(typed) !== undefined) {
    return refuse(
      'unknown_node',
      `${typed} is an address, not a node.`,
      purpose === 'query'
        ? `Type the name of a node. Which nodes this router serves: peers ${typed}`
        : 'Type the name of a node. To replace a router wherever it is mapped: rotate OLD=NEW.',
    );
  }
  const pod = name.replace(/^pods?\//, '');
  const host = names.nodeOfPod(pod);
  if (host !== undefined && purpose === 'query') return { name: host };
  if (host !== undefined) {
    return {
      ...refuse(
        'unknown_node',
        `${pod} is a TMM pod on ${host}, not a node.`,
        `Type the name of the node: ${host}.`,
      ),
      meant: { typed, name: host },
    };
  }
  const labels = new Set([firstLabel(name), firstLabel(typed)]);
  const matches = shortNameMatches(
    name,
    [...labels].flatMap((label) => names.labelled(label)),
  );
  const [only] = matches;
  if (only !== undefined && matches.length === 1 && purpose === 'query') return { name: only };
  if (matches.length > 0) {
    return {
      ...refuse(
        'short_node_name',
        `${escapeInvisible(typed)} is a short name; the cluster knows ${matches.join(', ')}.`,
        `Type the full name: ${matches.join(' or ')}.`,
      ),
      ...(only === undefined || matches.length > 1 ? {} : { meant: { typed, name: only } }),
    };
  }
  const alike = names.all().filter((one) => one.toLowerCase() === name);
  const [same] = alike;
  if (same !== undefined && alike.length === 1) return { name: same };
  if (alike.length > 1) {
    return refuse(
      'unknown_node',
      `There is no node ${escapeInvisible(typed)} in this cluster; ${alike.join(' and ')} differ from it in case.`,
      `Type the name exactly as it is written: ${alike.join(' or ')}.`,
    );
  }
  const id = refuseChangeId(name);
  if (id !== undefined) return id;
  const near = nearName(name, names.all());
  const sentence = `There is no node ${escapeInvisible(typed)} in this cluster.`;
  return near === undefined
    ? refuse('unknown_node', sentence, 'Type nodes to see all nodes.')
    : {
        ...refuse('unknown_node', sentence, `Did you mean ${near}?`),
        meant: { typed, name: near },
      };
}

/** Without what `kubectl get node -o name` and browsers put before it and people after it, in lower case as node names are. */
export function bareName(typed: string): string {
  return typed
    .replace(/^(?:https?:\/\/|nodes?\/)/i, '')
    .replace(/[.:,;!?…/]+$/, '')
    .toLowerCase();
}

/** The node that a query names; `all` names none in particular, like nothing at all. */
export function askedNode({ args: [word] }: Pick<ParsedCommand, 'args'>): string | undefined {
  return word === undefined || /^(?:all|\*)$/i.test(word) ? undefined : word;
}

/** Refuses the id of a change in the place of a node. */
export function refuseChangeId(name: string): Refusal | undefined {
  if (!/^#?bgp/i.test(name) || !isChangeId(name)) return undefined;
  const id = readChangeId(name);
  return refuse('unknown_node', `${id} is the id of a change, not a node.`, `Type status ${id}.`);
}

/** For a short name, the only node with the nearest first label. */
function nearName(name: string, all: readonly string[]): string | undefined {
  const whole = suggest(name, all);
  if (whole !== undefined || name.includes('.')) return whole;
  const label = suggest(name, [...new Set(all.map((one) => firstLabel(one).toLowerCase()))]);
  const [only, ...others] = all.filter((one) => firstLabel(one).toLowerCase() === label);
  return others.length === 0 ? only : undefined;
}

/** Shows lookalikes of Latin letters by their code. */
function escapeInvisible(typed: string): string {
  return typed
    .slice(0, 100)
    .replace(/[^\x21-\x7e]/gu, (letter) => `\\u{${letter.codePointAt(0)?.toString(16) ?? ''}}`);
}

/** Node names, indexed. */
export interface NodeNames {
  has(name: string): boolean;
  /** Names with this first label, sorted. */
  labelled(label: string): readonly string[];
  /** Sorted. */
  all(): readonly string[];
  /** The node on which the TMM pod of this name runs. */
  nodeOfPod(name: string): string | undefined;
}

/** Nodes of the cluster. */
export function clusterNodes(snapshot: Snapshot): NodeNames {
  return {
    has: (name) => snapshot.node(name) !== undefined,
    labelled: (label) => snapshot.nodesLabelled(label),
    all: () => snapshot.nodeNames(),
    nodeOfPod: (name) => hostOf(name, snapshot),
  };
}

/** Nodes of the cluster, and nodes that only a lookup still has. */
export function knownNodes(snapshot: Snapshot): NodeNames {
  const indexes = [...snapshot.lookups.keys()].map((lookup) => snapshot.lookupIndex(lookup));
  const binary = [...snapshot.lookups.values()].flatMap(({ binaryKeys = [] }) => binaryKeys);
  return {
    has: (name) =>
      snapshot.node(name) !== undefined ||
      indexes.some(({ mappings }) => mappings.has(name)) ||
      binary.includes(name),
    labelled: (label) =>
      [
        ...new Set([
          ...snapshot.nodesLabelled(label),
          ...indexes.flatMap(({ nodesByLabel }) => nodesByLabel.get(label) ?? []),
          ...binary.filter((name) => firstLabel(name) === label),
        ]),
      ].sort(),
    all: () =>
      [
        ...new Set([
          ...snapshot.nodeNames(),
          ...indexes.flatMap(({ mappings }) => mappings.keys()),
          ...binary,
        ]),
      ].sort(),
    nodeOfPod: (name) => hostOf(name, snapshot),
  };
}

function hostOf(pod: string, { pods }: Snapshot): string | undefined {
  return pods.find(({ name }) => name === pod)?.node;
}

/**
 * The node typed in a query, and a snapshot with a live read of it and its pods. A name that the watches know costs as much as
 * one node; an unknown one is searched for in a live read of everything before it is refused.
 */
export async function resolveNode(
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
