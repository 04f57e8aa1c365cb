import {
  compareNodes,
  compareRacks,
  type MapNode,
  type NetworkMap,
  type Rack,
  sharedSuffix,
} from '../../../src/domain/map/network-map.ts';

/** So many nodes in racks of `perRack`, two routers each; most are as they should be, some of each kind are not. */
export function aMap(count: number, perRack: number, labelled = false): NetworkMap {
  const nodes = Array.from({ length: count }, (_, index) => aNode(index, perRack));
  const racks = new Map<number, MapNode[]>();
  for (const [index, node] of nodes.entries()) {
    const rack = Math.floor(index / perRack);
    racks.set(rack, [...(racks.get(rack) ?? []), node]);
  }
  return {
    target: 'rack',
    racks: [...racks]
      .map(
        ([rack, of]): Rack => ({
          ...(labelled ? { name: `Rack r${rack + 1}` } : {}),
          nodes: of.toSorted(compareNodes),
        }),
      )
      .sort(compareRacks),
    suffix: sharedSuffix(nodes.map(({ name }) => name)),
  };
}

function aNode(index: number, perRack: number): MapNode {
  const rack = Math.floor(index / perRack) + 1;
  const name = `worker${index + 1}.rack.example.com`;
  const pod = `f5-tmm-7d9f8b6c5d-${(index * 7919 + 46656).toString(36).slice(-5).padStart(5, 'x')}`;
  const up = (peer: string) => ({
    peer,
    state: 'established' as const,
    words: 'Established 12 d, 2 prefixes',
  });
  const sessions = [up(`10.20.${rack}.1`), up(`10.20.${rack}.2`), up(`2001:db8:20:${rack}::1`)];
  const good: MapNode = {
    name,
    state: 'Ready',
    notes: [],
    pods: [{ name: pod, state: 'Ready', ready: true, sessions }],
  };
  if (index === 2) {
    const down = { peer: `10.20.${rack}.2`, state: 'down' as const, words: 'Connect: no answer on TCP 179' };
    const rest = sessions.filter(({ peer }) => peer !== down.peer);
    return { ...good, pods: [{ name: pod, state: 'Ready', ready: true, sessions: [down, ...rest] }] };
  }
  if (index === 3) return { name, state: 'Ready', notes: [], pods: [] };
  if (index === 7) {
    const text = `stale: it does not have 10.20.${rack}.9, it still has 10.20.${rack}.1`;
    const missing = {
      peer: `10.20.${rack}.9`,
      state: 'absent' as const,
      words: 'absent: not configured in the pod',
    };
    return {
      ...good,
      state: 'Ready, cordoned',
      notes: [
        { verdict: 'warning', text },
        { verdict: 'warning', text: 'the node is cordoned' },
      ],
      pods: [{ name: pod, state: 'Ready', ready: true, sessions: [missing, ...sessions] }],
    };
  }
  if (index === 10) {
    const why = 'unknown: the running-config could not be read: no answer within 5 s';
    const unread = sessions.map(({ peer }) => ({ peer, state: 'unknown' as const, words: why }));
    return {
      ...good,
      notes: [{ verdict: 'bad', text: 'mapping cannot be read (spk-tor-bgp-v6)' }],
      pods: [{ name: pod, state: 'CrashLoopBackOff', ready: false, sessions: unread }],
    };
  }
  return good;
}
