import { expectedPeers, type Inspection } from '../../domain/bgp/inspection.ts';
import { liveSessionsOf } from '../../domain/bgp/live-sessions.ts';
import {
  keysOf,
  type MappingFaultCode,
  mappingFaultsOf,
  WORTH_A_LOOK,
} from '../../domain/bgp/mapping-faults.ts';
import { rackOf } from '../../domain/bgp/rack-labels.ts';
import {
  answersShow,
  isEnded,
  type Node,
  type Snapshot,
  type TmmPod,
  whySilent,
} from '../../domain/bgp/snapshot.ts';
import { stalenessOf } from '../../domain/bgp/staleness.ts';
import type { Target } from '../../domain/bgp/target.ts';
import {
  compareNodes,
  compareRacks,
  type MapNode,
  type MapNote,
  type MapPod,
  type NetworkMap,
  type Rack,
  sharedSuffix,
} from '../../domain/map/network-map.ts';
import { STATE_MEANING } from '../../domain/zebos/hint.ts';
import type { Cluster } from '../../ports/cluster.ts';
import { nodeState, openInspection, readPages, summariesOf } from './inspect.ts';

/** Reads every TMM pod, and returns the content of the target's picture. What cannot be read is shown as unknown. */
export async function readMap(
  cluster: Pick<Cluster, 'imish'>,
  target: Target,
  snapshot: Snapshot,
): Promise<NetworkMap> {
  const names = [...new Set([...snapshot.nodeNames(), ...keysOf(snapshot), ...snapshot.podNodes()])];
  const nodes = await readNodes(cluster, target, snapshot, names);
  const unscheduled = snapshot.podsOn(undefined).filter((pod) => !isEnded(pod));
  return {
    target: target.name,
    racks: racksOf(target, snapshot, nodes, unscheduled),
    suffix: sharedSuffix(names),
  };
}

/** The content of the picture for these nodes, in their order; queries the TMM pods on them. */
export async function readNodes(
  cluster: Pick<Cluster, 'imish'>,
  target: Target,
  snapshot: Snapshot,
  names: readonly string[],
): Promise<readonly MapNode[]> {
  const pods = names.flatMap((name) => snapshot.podsOn(name)).filter((pod) => !isEnded(pod));
  const opened = openInspection(target, snapshot, pods);
  const requests = pods
    .filter(answersShow)
    .map((pod) => ({ pod, pages: ['config' as const, ...summariesOf(opened, pod)] }));
  const inspection = await readPages(cluster, opened, requests);
  return names.map((name) => mapNode(target, snapshot, inspection, name));
}

function mapNode(target: Target, snapshot: Snapshot, inspection: Inspection, name: string): MapNode {
  const pods = snapshot.podsOn(name).filter((pod) => !isEnded(pod));
  const node = snapshot.node(name);
  const isMapped = expectedPeers(target, snapshot.lookups, name).mappedBy.length > 0;
  return {
    name,
    state: nodeState(node),
    notes: [
      ...nodeNotes(node, isMapped, pods.length),
      ...mappingFaultsOf(target, snapshot, name).map(({ code, about }): MapNote => {
        return {
          verdict: WORTH_A_LOOK.has(code) ? 'warning' : 'bad',
          text: `${FAULT_WORDS[code]} (${about})`,
        };
      }),
      ...pods.filter(answersShow).flatMap((pod) => stalenessNotes(inspection, pod)),
      ...pods.filter((pod) => !answersShow(pod)).map(silentNote),
    ],
    pods: pods.map((pod) => mapPod(inspection, pod)),
  };
}

const FAULT_WORDS: Readonly<Record<MappingFaultCode, string>> = {
  unreadable: 'mapping cannot be read',
  binary: 'mapping is in binaryData',
  two_as: 'one peer has two AS',
  case_differs: 'the key differs from the node in case',
  impossible_peer: 'a peer that cannot be one',
  repeated: 'a peer is named twice',
  empty: 'mapping names no peer',
};

function nodeNotes(node: Node | undefined, isMapped: boolean, pods: number): readonly MapNote[] {
  const used = isMapped || pods > 0;
  return [
    ...(pods > 0 && !isMapped
      ? [{ verdict: 'bad' as const, text: 'TMM runs here, but no lookup maps the node' }]
      : []),
    ...(node === undefined ? [{ verdict: 'warning' as const, text: 'not a node of the cluster' }] : []),
    ...(node !== undefined && isMapped && pods === 0
      ? [{ verdict: 'warning' as const, text: 'mapped, but no TMM pod runs here' }]
      : []),
    ...(used && node?.ready === false ? [{ verdict: 'bad' as const, text: 'the node is NotReady' }] : []),
    ...(used && node?.cordoned === true
      ? [{ verdict: 'warning' as const, text: 'the node is cordoned' }]
      : []),
  ];
}

/** Unknown sessions of a pod are already shown at the sessions. */
function stalenessNotes(inspection: Inspection, pod: TmmPod): readonly MapNote[] {
  const staleness = stalenessOf(inspection, pod);
  switch (staleness.kind) {
    case 'stale':
      return [{ verdict: 'warning', text: `stale: ${staleness.why}` }];
    case 'differs':
      return [{ verdict: 'warning', text: `not as mapped: ${staleness.why}` }];
    case 'unknown':
      return [{ verdict: 'unknown', text: staleness.why }];
    case 'current':
      return [];
  }
}

function silentNote(pod: TmmPod): MapNote {
  return { verdict: 'unknown', text: `${pod.name} ${whySilent(pod)}: sessions unknown` };
}

const MEANING: ReadonlyMap<string, string> = new Map(Object.entries(STATE_MEANING));

function mapPod(inspection: Inspection, pod: TmmPod): MapPod {
  const sessions = liveSessionsOf(inspection, pod).map((session) => {
    const meaning = MEANING.get(session.words);
    return meaning === undefined ? session : { ...session, words: `${session.words}: ${meaning}` };
  });
  return { name: pod.name, state: pod.ready ? 'Ready' : stateOf(pod), ready: pod.ready, sessions };
}

function stateOf({ notReadyReason, phase, ready }: TmmPod): string {
  return notReadyReason ?? (phase === 'Running' && !ready ? 'not Ready' : phase);
}

/** By a rack label; without one, nodes that share routers are grouped. The worst first. */
function racksOf(
  target: Target,
  snapshot: Snapshot,
  nodes: readonly MapNode[],
  unscheduled: readonly TmmPod[],
): readonly Rack[] {
  const routers = new Map(nodes.map(({ name }) => [name, routersOf(target, snapshot, name)]));
  const groups = sharingGroups(routers);
  const racks = new Map<string, { readonly name?: string; readonly nodes: MapNode[] }>();
  for (const node of nodes) {
    const rackName = rackOf(snapshot.node(node.name));
    const labelled = rackName === undefined ? undefined : `Rack ${rackName}`;
    const isIdle = node.pods.length === 0 && node.notes.length === 0;
    const group = groups.get(node.name);
    const name = labelled ?? (isIdle ? IDLE : group === undefined ? UNMAPPED : undefined);
    const key = name === undefined ? `routers ${group}` : `name ${name}`;
    const rack = racks.get(key) ?? { ...(name === undefined ? {} : { name }), nodes: [] };
    rack.nodes.push(node);
    racks.set(key, rack);
  }
  const waiting = unscheduled.map(
    (pod): MapNode => ({ name: pod.name, state: 'not scheduled', notes: [silentNote(pod)], pods: [] }),
  );
  return [
    ...[...racks.values()].map((rack): Rack => ({ ...rack, nodes: rack.nodes.toSorted(compareNodes) })),
    ...(waiting.length === 0 ? [] : [{ name: WAITING, nodes: waiting.sort(compareNodes) }]),
  ].sort(compareRacks);
}

const IDLE = 'No TMM pod, not mapped';
const UNMAPPED = 'Not mapped';
const WAITING = 'TMM pods without a node';

/** The peers of a node in the lookups, without the static peers, which every node has. */
function routersOf(target: Target, snapshot: Snapshot, node: string): readonly string[] {
  const { peers } = expectedPeers(target, snapshot.lookups, node);
  return peers.flatMap(({ address, lookup }) => (lookup === undefined ? [] : [address]));
}

/**
 * For each node with a router, the first router of its group; nodes that share a router, directly or through others, are one
 * group.
 */
function sharingGroups(routers: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, string> {
  const leader = new Map<string, string>();
  const find = (router: string): string => {
    let at = router;
    for (let next = leader.get(at); next !== undefined && next !== at; next = leader.get(at)) at = next;
    return at;
  };
  for (const [first, ...others] of routers.values())
    for (const other of others) if (first !== undefined) leader.set(find(other), find(first));
  return new Map(
    [...routers].flatMap(([node, [first]]) => (first === undefined ? [] : [[node, find(first)] as const])),
  );
}
