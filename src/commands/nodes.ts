import type { Answer } from '../domain/answer.ts';
import type { Snapshot } from '../domain/bgp/snapshot.ts';
import { lookupsOf, type Target } from '../domain/bgp/target.ts';
import { isRefusal, type Refusal } from '../domain/refusal.ts';
import type { ClusterQuery } from './grammar/declaration.ts';
import { knownNodes } from './planning/known-nodes.ts';
import { nodeState } from './planning/node-state.ts';
import { SEE_TARGET } from './planning/rights.ts';

/** Step 1 and 4 of the doc: the nodes, what maps them, and where the TMM pods run. */
export const command: ClusterQuery = {
  kind: 'query',
  verb: 'nodes',
  summary: 'The nodes, their mapping, and where TMM pods run',
  forms: [[]],
  flags: ['target', 'public'],
  examples: ['nodes'],
  rights: SEE_TARGET,
  read: () => async (target, cluster) => {
    const snapshot = await cluster.snapshot();
    return isRefusal(snapshot) ? snapshot : answer(target, snapshot);
  },
};

function answer(target: Target, snapshot: Snapshot): Answer | Refusal {
  const rows = knownNodes(snapshot).map((name) => {
    const node = snapshot.nodes.find((one) => one.name === name);
    const mapped = lookupsOf(target).filter(
      (lookup) => snapshot.lookups.get(lookup.name)?.data[name] !== undefined,
    );
    const pods = snapshot.pods.filter((pod) => pod.node === name);
    return [
      name,
      nodeState(node),
      mapped.map((lookup) => lookup.name).join(', ') || '-',
      pods.map((pod) => pod.name).join(', ') || '-',
    ];
  });
  const astray = snapshot.pods.filter((pod) => pod.node === undefined);
  return {
    title: `Nodes of ${target.name}`,
    parts: [
      { kind: 'table', columns: ['Node', 'State', 'Mapped in', 'TMM pods'], rows },
      ...lookupsOf(target)
        .filter((lookup) => !snapshot.lookups.has(lookup.name))
        .map((lookup) => ({
          kind: 'note' as const,
          tone: 'warning' as const,
          text: `ConfigMap ${target.namespace}/${lookup.name} does not exist yet; the first add creates it.`,
        })),
      ...unmapped(target, snapshot),
      ...astray.map((pod) => ({
        kind: 'note' as const,
        tone: 'warning' as const,
        text: `${pod.name} runs on no node yet: ${pod.trouble ?? pod.phase}.`,
      })),
    ],
  };
}

function unmapped(target: Target, snapshot: Snapshot): Answer['parts'] {
  const lookups = lookupsOf(target);
  const bare = new Set(
    snapshot.pods.flatMap(({ node }) =>
      node === undefined ||
      lookups.some((lookup) => snapshot.lookups.get(lookup.name)?.data[node] !== undefined)
        ? []
        : [node],
    ),
  );
  return [...bare].map((node) => ({
    kind: 'note',
    tone: 'bad',
    text: `A TMM pod runs on ${node}, which no lookup maps: it has no rack peer.`,
  }));
}
