import { type NetworkMap, nodeVerdict, problemsOf, sessionVerdict, shortName } from './network-map.ts';

/** How many nodes the sentence names. */
const MOST_NAMED = 5;

/**
 * What the picture says in one sentence, for those who do not see it:
 * `4 nodes, 3 TMM pods, 5 of 6 sessions Established; worker3: 10.20.3.2 Connect`.
 */
export function describeMap(map: NetworkMap): string {
  const problems = troubledNodes(map);
  const named = problems.slice(0, MOST_NAMED).map(({ name, words }) => `${name}: ${words}`);
  const more = problems.length - named.length;
  const others = more > 0 ? [`${more} more ${more === 1 ? 'node needs' : 'nodes need'} attention`] : [];
  return [countsOf(map), ...named, ...others].join('; ');
}

/** `4 nodes, 3 TMM pods, 5 of 6 sessions Established`, with how many are unknown where some are. */
export function countsOf({ racks }: Pick<NetworkMap, 'racks'>): string {
  const nodes = racks.flatMap((rack) => rack.nodes);
  const pods = nodes.flatMap((node) => node.pods);
  const sessions = pods.flatMap((pod) => pod.sessions).map(sessionVerdict);
  const count = (wanted: string): number => sessions.filter((verdict) => verdict === wanted).length;
  const unknown = count('unknown') === 0 ? '' : ` (${count('unknown')} unknown)`;
  return [
    `${nodes.length} ${nodes.length === 1 ? 'node' : 'nodes'}`,
    `${pods.length} TMM ${pods.length === 1 ? 'pod' : 'pods'}`,
    `${count('good')} of ${sessions.length} sessions Established${unknown}`,
  ].join(', ');
}

/** The nodes that are not as they should be, the worst first, with the worst of each in a few words. */
export function troubledNodes(map: NetworkMap): readonly {
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
