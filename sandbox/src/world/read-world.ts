import { parsePeers } from '../kubelet/parse-peers.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { isTrue } from '../kubernetes/kinds/condition.ts';
import { configMaps } from '../kubernetes/kinds/config-maps.ts';
import { type Node, nodeSchema } from '../kubernetes/kinds/node.ts';
import { nodes } from '../kubernetes/kinds/nodes.ts';
import { type Pod, podSchema } from '../kubernetes/kinds/pod.ts';
import { pods } from '../kubernetes/kinds/pods.ts';
import { matchesSelector } from '../kubernetes/label-selector.ts';
import { SANDBOX_BGP } from '../sandbox-policy.ts';
import { NAMESPACE, RACK_LABEL, ROUTERS, TMM_LABELS } from '../seed-cluster.ts';
import type { Routers } from '../zebos/routers.ts';
import { acceptedFrom, announcedTo, carries, type Family } from '../zebos/routes.ts';
import type { PeerSession, ZebosView } from '../zebos/zebos-view.ts';
import type { Flaps } from './flaps.ts';
import type { World, WorldNode, WorldRouter, WorldSession, WorldTmm } from './world.ts';

export interface WorldSources {
  readonly objects: Cluster;
  /** The routing stack of a pod of the TMMs' namespace. */
  readonly routingOf: (pod: string) => ZebosView | undefined;
  readonly routers: Routers;
  readonly flaps: Flaps;
  /** What else may be broken, as it is now. */
  readonly surroundings: () => Pick<World, 'startedAtMs' | 'bot' | 'redis' | 'slack' | 'rejectsNextPod'>;
}

/** Reads what is in this process; nothing is asked over the network. */
export function readWorld(sources: WorldSources): World {
  const { objects } = sources;
  const mappings = new Map(LOOKUPS.map((lookup) => [lookup, mappingIn(objects, lookup)]));
  const found = objects.store.list(nodes, '').map((object) => nodeOf(nodeSchema.parse(object), mappings));
  const tmms = objects.store
    .list(pods, NAMESPACE)
    .map((object) => podSchema.parse(object))
    .filter(({ metadata }) => matchesSelector({ matchLabels: TMM_LABELS }, metadata.labels ?? {}))
    .map((pod) => tmmOf(pod, sources.routingOf(pod.metadata.name)));
  return {
    nodes: found,
    tmms,
    routers: routersOf(sources, found, tmms),
    lookups: LOOKUPS,
    ...sources.surroundings(),
  };
}

const LOOKUPS = SANDBOX_BGP.neighbors.flatMap(({ nodeLookup }) => nodeLookup ?? []);
const FAMILIES: readonly Family[] = ['IPv4', 'IPv6'];
const BY_KUBERNETES = /^node\.kubernetes\.io\//;

function mappingIn({ store }: Cluster, lookup: string): ReadonlyMap<string, string> {
  const data = store.get(configMaps, NAMESPACE, lookup)?.data;
  const entries = typeof data === 'object' && data !== null ? Object.entries(data) : [];
  return new Map(entries.map(([node, peers]) => [node, String(peers)]));
}

function nodeOf(
  { metadata, spec, status }: Node,
  mappings: ReadonlyMap<string, ReadonlyMap<string, string>>,
): WorldNode {
  const mapped = [...mappings].flatMap(([lookup, mapping]) => {
    const peers = mapping.get(metadata.name);
    return peers === undefined ? [] : [[lookup, peers] as const];
  });
  return {
    name: metadata.name,
    rack: metadata.labels?.[RACK_LABEL] ?? '',
    ready: isTrue(status.conditions, 'Ready'),
    cordoned: spec.unschedulable === true,
    taints: (spec.taints ?? [])
      .filter(({ key }) => !BY_KUBERNETES.test(key))
      .map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`),
    mapping: Object.fromEntries(mapped),
  };
}

function tmmOf({ metadata, spec, status }: Pod, routing: ZebosView | undefined): WorldTmm {
  return {
    name: metadata.name,
    node: spec.nodeName ?? '',
    phase: status.phase,
    reason: status.reason ?? '',
    ready: isTrue(status.conditions, 'Ready'),
    leaving: metadata.deletionTimestamp !== undefined,
    createdAtMs: Date.parse(metadata.creationTimestamp),
    sessions: routing?.sessions.map((session) => sessionOf(session, routing)) ?? [],
  };
}

function sessionOf(session: PeerSession, { config }: ZebosView): WorldSession {
  const { peer, state, since, shutDown, bfdUp } = session;
  const sum = (count: (family: Family) => number): number =>
    FAMILIES.reduce((total, family) => total + count(family), 0);
  return {
    address: peer.address,
    state,
    sinceMs: since,
    families: FAMILIES.filter((family) => carries(peer, family)),
    prefixesReceived: sum((family) => acceptedFrom(session, family)),
    prefixesSent: sum((family) => announcedTo(session, family, config).length),
    bfd: peer.settings.fallover === true ? (bfdUp ? 'up' : 'down') : null,
    shutDown,
  };
}

/** Those of the racks, and whatever else a node maps, a TMM has as a peer, or somebody switched. */
function routersOf(
  { routers, flaps }: WorldSources,
  found: readonly WorldNode[],
  tmms: readonly WorldTmm[],
): WorldRouter[] {
  const racks = new Map<string, string>(
    Object.entries(ROUTERS).flatMap(([rack, addresses]) => addresses.map((address) => [address, rack])),
  );
  const add = (address: string, rack: string): void => {
    if (!racks.has(address)) racks.set(address, rack);
  };
  for (const { rack, mapping } of found)
    for (const peers of Object.values(mapping)) for (const address of parsePeers(peers)) add(address, rack);
  for (const { node, sessions } of tmms)
    for (const { address } of sessions) add(address, found.find(({ name }) => name === node)?.rack ?? '');
  for (const address of routers.changed().keys()) add(address, '');
  return [...racks].map(([address, rack]) => ({
    address,
    rack,
    up: routers.isUp(address),
    flapping: flaps.has(address),
    shutDown: routers.isShutDown(address),
    bfd: routers.runsBfd(address),
  }));
}
