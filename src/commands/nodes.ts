import type { Answer, Part, Tone } from '../domain/answer.ts';
import { isEnded, type Snapshot } from '../domain/bgp/snapshot.ts';
import { lookupsOf, type Target } from '../domain/bgp/target.ts';
import { firstNames } from '../domain/natural-order.ts';
import { counted } from '../domain/phrasing.ts';
import { isRefusal } from '../domain/refusal.ts';
import type { ClusterQuery } from './grammar/declaration.ts';
import { endedPods } from './inspection/ended-pods.ts';
import { nodeState } from './inspection/inspect.ts';
import { SEE_TARGET } from './planning/rights.ts';
import { unreadableValues } from './planning/unreadable-values.ts';

/** Steps 1 and 4 of F5's procedure: the nodes, what maps them, and where the TMM pods run. */
export const command: ClusterQuery = {
  kind: 'query',
  verb: 'nodes',
  summary: 'The nodes, their mapping, and where TMM pods run',
  forms: [[]],
  flags: ['target', 'public'],
  examples: ['nodes'],
  rights: SEE_TARGET,
  read: () => async (target, cluster) => {
    const snapshot = cluster.cachedSnapshot() ?? (await cluster.snapshot());
    return isRefusal(snapshot) ? snapshot : answer(target, snapshot);
  },
};

/** Nobody reads more rows than this in a chat; another node can be queried by name. */
const MAX_ROWS = 50;
/** Maximum number of notes of one kind. */
const MAX_NOTES = 10;

function answer(target: Target, snapshot: Snapshot): Answer {
  const lookups = lookupsOf(target).map(({ name }) => name);
  const unread = unreadableValues(snapshot, lookupsOf(target));
  const faulty = [...new Set([...snapshot.faults.keys(), ...unread.map(({ node }) => node)])];
  const names = shownNames(snapshot, faulty);
  const total =
    snapshot.nodeNames().length + faulty.filter((name) => snapshot.node(name) === undefined).length;
  const absent = lookups.filter((lookup) => !snapshot.lookups.has(lookup));
  const unmapped = faulty.filter((name) => snapshot.faults.get(name)?.includes('unmapped'));
  return {
    title: `Nodes of ${target.name}`,
    parts: [
      ...notes('bad', unmapped, ['node is like this', 'nodes are like this'], (node) => {
        return `A TMM pod runs on ${node}, which no lookup maps: it has no rack peer.`;
      }),
      ...notes('bad', unread, ['value is like this', 'values are like this'], ({ node, lookup, why }) => {
        return `The value of ${node} in ${lookup} cannot be read (${why}): its peers are unknown.`;
      }),
      ...notes('warning', absent, ['is missing', 'are missing'], (lookup) => {
        return `ConfigMap ${target.namespace}/${lookup} does not exist yet; the first add creates it.`;
      }),
      ...notes(
        'warning',
        snapshot.podsOn(undefined).filter((pod) => !isEnded(pod)),
        ['pod runs on no node', 'pods run on no node'],
        ({ name, notReadyReason, phase }) => {
          return `${name} runs on no node yet: ${notReadyReason ?? phase}.`;
        },
      ),
      {
        kind: 'table',
        columns: ['Node', 'State', 'Mapped in', 'TMM pods'],
        rows: names.map((name) => rowOf(snapshot, lookups, name)),
      },
      ...(snapshot.podCounts.ended === 0 ? [] : endedPods(snapshot.pods)),
      ...(total > names.length ? [rest(names.length, total, faulty.length)] : []),
    ],
  };
}

/** Nodes with a fault, then the others, each in natural order of their names. */
function shownNames({ nodeNames }: Snapshot, faulty: readonly string[]): readonly string[] {
  const worst = firstNames(faulty, MAX_ROWS);
  const known = new Set(faulty);
  // With fewer faults than rows, they leave enough of twice as many names.
  const others = firstNodes(nodeNames()).filter((name) => !known.has(name));
  return [...worst, ...others.slice(0, MAX_ROWS - worst.length)];
}

/** The first names, found once for all snapshots with the same nodes: they share the list of names. */
function firstNodes(names: readonly string[]): readonly string[] {
  const first = firstOf.get(names) ?? firstNames(names, 2 * MAX_ROWS);
  firstOf.set(names, first);
  return first;
}

const firstOf = new WeakMap<readonly string[], readonly string[]>();

function rowOf(snapshot: Snapshot, lookups: readonly string[], name: string): readonly string[] {
  const mapped = lookups.flatMap((lookup) => {
    const { data = {}, binaryKeys = [] } = snapshot.lookups.get(lookup) ?? {};
    if (binaryKeys.includes(name)) return [`${lookup} (in binaryData)`];
    if (data[name] === undefined) return [];
    return [snapshot.lookupIndex(lookup).unreadable.has(name) ? `${lookup} (unreadable)` : lookup];
  });
  return [
    name,
    nodeState(snapshot.node(name)),
    mapped.join(', ') || '-',
    snapshot
      .podsOn(name)
      .filter((pod) => !isEnded(pod))
      .map((pod) => pod.name)
      .join(', ') || '-',
  ];
}

function rest(shown: number, total: number, faulty: number): Part {
  const first = faulty === 0 ? '' : `, those that need attention first (${faulty})`;
  const text = `${shown} of ${total} nodes are shown${first}. To see another one: show NODE`;
  return { kind: 'text', text };
}

function notes<Item>(
  tone: Tone,
  items: readonly Item[],
  [one, several]: readonly [one: string, several: string],
  sentence: (item: Item) => string,
): readonly Part[] {
  const more = items.length - MAX_NOTES;
  return [
    ...items.slice(0, MAX_NOTES).map((item): Part => ({ kind: 'note', tone, text: sentence(item) })),
    ...(more > 0
      ? [{ kind: 'note' as const, tone, text: `${counted(more, `more ${one}`, `more ${several}`)}.` }]
      : []),
  ];
}
