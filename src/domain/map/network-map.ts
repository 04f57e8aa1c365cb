import type { LiveSession } from '../bgp/live-sessions.ts';
import { compareNames } from '../natural-order.ts';
import { counted } from '../phrasing.ts';

/** The content of a target's picture: its nodes in their racks, with TMM pods and sessions, at one moment. */
export interface NetworkMap {
  readonly target: string;
  /** The worst first. */
  readonly racks: readonly Rack[];
  /**
   * The common suffix of all node names, such as `.rack.example.com`, which the picture leaves out; empty where there is none.
   */
  readonly suffix: string;
  /** Heading in place of the target's name and the totals. */
  readonly heading?: { readonly title: string; readonly summary: string; readonly verdict: Verdict };
}

/** Nodes of one group, the worst first. */
export interface Rack {
  /** From the nodes' labels, or from what their names share; absent where nodes are grouped because they share routers. */
  readonly name?: string;
  readonly nodes: readonly MapNode[];
}

export interface MapNode {
  readonly name: string;
  /** Such as `Ready, cordoned`. */
  readonly state: string;
  /** Its problems besides those of its sessions, the worst first. */
  readonly notes: readonly MapNote[];
  readonly pods: readonly MapPod[];
}

export interface MapNote {
  readonly verdict: Exclude<Verdict, 'good'>;
  /** A few words. */
  readonly text: string;
}

export interface MapPod {
  readonly name: string;
  /** `Ready`, or why it is not. */
  readonly state: string;
  readonly ready: boolean;
  /** The worst first. */
  readonly sessions: readonly LiveSession[];
}

/** How something is, from the worst to what needs no attention; `idle` is a node without TMM pod and mapping. */
export type Verdict = 'bad' | 'unknown' | 'warning' | 'good' | 'idle';

const ORDER: readonly Verdict[] = ['bad', 'unknown', 'warning', 'good', 'idle'];

/** Each verdict also has a symbol and a word: nothing is shown by colour alone. */
export const SYMBOL: Readonly<Record<Verdict, string>> = {
  bad: '✗',
  unknown: '?',
  warning: '!',
  good: '✓',
  idle: '–',
};

/** The worst of these; `idle` where there are none. */
export function worstOf(verdicts: readonly Verdict[]): Verdict {
  return ORDER.find((verdict) => verdicts.includes(verdict)) ?? 'idle';
}

export function sessionVerdict({ state }: Pick<LiveSession, 'state'>): Verdict {
  if (state === 'established') return 'good';
  return state === 'unknown' ? 'unknown' : 'bad';
}

export function nodeVerdict({ notes, pods }: Pick<MapNode, 'notes' | 'pods'>): Verdict {
  return worstOf([
    ...notes.map(({ verdict }) => verdict),
    ...pods.flatMap(({ ready, sessions }): readonly Verdict[] => [
      ready ? 'good' : 'warning',
      ...sessions.map(sessionVerdict),
    ]),
  ]);
}

/** The worst first, then in natural order of names: `worker2` before `worker10`. */
export function compareNodes(one: MapNode, other: MapNode): number {
  const byVerdict = ORDER.indexOf(nodeVerdict(one)) - ORDER.indexOf(nodeVerdict(other));
  return byVerdict === 0 ? compareNames(one.name, other.name) : byVerdict;
}

export function compareRacks(one: Rack, other: Rack): number {
  const [first, second] = [one.nodes[0], other.nodes[0]];
  return first === undefined || second === undefined ? 0 : compareNodes(first, second);
}

/** Problems and unknown states of a node, in a few words each, the worst first. */
export function problemsOf({ notes, pods }: MapNode): readonly MapNote[] {
  const sessions = pods.flatMap(({ sessions: all }) =>
    all.flatMap((session): MapNote[] => {
      const verdict = sessionVerdict(session);
      return verdict === 'good' ? [] : [{ verdict, text: `${session.peer} ${session.words}` }];
    }),
  );
  const unready = pods.flatMap(({ name, state, ready }): MapNote[] =>
    ready ? [] : [{ verdict: 'warning', text: `${name} ${state}` }],
  );
  return [...sessions, ...notes, ...unready].sort(
    (one, other) => ORDER.indexOf(one.verdict) - ORDER.indexOf(other.verdict),
  );
}

/** The name of a node without the common suffix. */
export function shortName({ suffix }: Pick<NetworkMap, 'suffix'>, name: string): string {
  return name.endsWith(suffix) ? name.slice(0, name.length - suffix.length) : name;
}

/**
 * The longest suffix, beginning with a dot, that all of these names share without being equal to it; empty where there is none.
 */
export function sharedSuffix(names: readonly string[]): string {
  const [first = '', ...others] = names;
  for (let dot = first.indexOf('.', 1); dot !== -1 && others.length > 0; dot = first.indexOf('.', dot + 1)) {
    const suffix = first.slice(dot);
    if (others.every((name) => name.length > suffix.length && name.endsWith(suffix))) return suffix;
  }
  return '';
}

/** Maximum number of nodes that the sentence names. */
const MAX_NAMED = 5;

/**
 * Alternative text of the picture in one sentence:
 * `4 nodes, 3 TMM pods, 5 of 6 sessions Established; worker3: 10.20.3.2 Connect`.
 */
export function describeMap(map: NetworkMap): string {
  const problems = unhealthyNodes(map);
  const named = problems.slice(0, MAX_NAMED).map(({ name, words }) => `${name}: ${words}`);
  const more = problems.length - named.length;
  const others = more > 0 ? [`${counted(more, 'more node needs', 'more nodes need')} attention`] : [];
  return [countsOf(map), ...named, ...others].join('; ');
}

/** `4 nodes, 3 TMM pods, 5 of 6 sessions Established`, with the number of unknown ones if there are any. */
export function countsOf({ racks }: Pick<NetworkMap, 'racks'>): string {
  const nodes = racks.flatMap((rack) => rack.nodes);
  const pods = nodes.flatMap((node) => node.pods);
  const sessions = pods.flatMap((pod) => pod.sessions).map(sessionVerdict);
  const count = (wanted: string): number => sessions.filter((verdict) => verdict === wanted).length;
  const unknown = count('unknown') === 0 ? '' : ` (${count('unknown')} unknown)`;
  return [
    counted(nodes.length, 'node'),
    counted(pods.length, 'TMM pod'),
    `${count('good')} of ${sessions.length} sessions Established${unknown}`,
  ].join(', ');
}

/** Nodes with a problem, the worst first, each with its worst problem in a few words. */
export function unhealthyNodes(map: NetworkMap): readonly {
  readonly name: string;
  readonly words: string;
  readonly verdict: 'bad' | 'unknown' | 'warning';
}[] {
  const found = map.racks
    .flatMap(({ nodes }) => nodes)
    .flatMap((node) => {
      const verdict = nodeVerdict(node);
      if (verdict === 'good' || verdict === 'idle') return [];
      const [worst, ...others] = problemsOf(node);
      const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
      return [{ name: shortName(map, node.name), words: `${worst?.text ?? node.state}${more}`, verdict }];
    });
  const order = ['bad', 'unknown', 'warning'];
  return found.sort((one, other) => order.indexOf(one.verdict) - order.indexOf(other.verdict));
}
