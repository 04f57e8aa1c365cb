import { setImmediate as nextTurn } from 'node:timers/promises';
import { anchorText } from '../../../src/domain/audit/anchor.ts';
import type { Node, Snapshot, TmmPod, TmmState } from '../../../src/domain/bgp/snapshot.ts';
import { snapshotOf } from '../../../src/domain/bgp/target-index.ts';
import { type Refusal, refuse } from '../../../src/domain/refusal.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Cluster, EvictOutcome, ImishCommand } from '../../../src/ports/cluster.ts';
import { aPod, TARGET } from '../../domain/checks/an-inspection.ts';

/** A clock that stands still until somebody sleeps; what was planned for the meantime happens then. */
export interface DrivenClock extends Clock {
  /** Does something when so much time has passed. */
  after(ms: number, happens: () => void): void;
}

export function aClock(): DrivenClock {
  let nowMs = 1_000_000;
  const plans: { readonly atMs: number; readonly happens: () => void }[] = [];
  return {
    now: () => nowMs,
    monotonicMs: () => nowMs,
    after: (ms, happens) => void plans.push({ atMs: nowMs + ms, happens }),
    async sleep(ms, signal) {
      // What somebody else does meanwhile may make the wait needless.
      if (signal !== undefined) await nextTurn();
      if (signal?.aborted) return;
      const untilMs = nowMs + ms;
      for (;;) {
        const [next] = plans
          .filter(({ atMs }) => atMs <= untilMs)
          .toSorted((one, other) => one.atMs - other.atMs);
        if (next === undefined) break;
        plans.splice(plans.indexOf(next), 1);
        nowMs = Math.max(nowMs, next.atMs);
        next.happens();
      }
      nowMs = untilMs;
    },
  };
}

/** A cluster in memory with TMM pods, usually one on each node, which an eviction replaces in a few seconds. */
export interface Rack extends Cluster {
  readonly lookup: Record<string, string>;
  readonly pods: TmmPod[];
  /** Routers that do not answer. */
  readonly down: Set<string>;
  /** How many prefixes a TMM announces to a peer. */
  announces: number;
  /** Whether the watches are in sync. */
  watched: boolean;
  /** Why the API server cannot be read. */
  unreadable: string | undefined;
  /** How a node is, by its name; every node is there and well unless a test says otherwise. */
  nodeOf: (name: string) => Node | undefined;
  /** Of the cluster that the target leads to. */
  clusterUid: string;
  /** What becomes of the next evictions, before they do anything. */
  readonly evictions: EvictOutcome[];
  /** What was asked, in order: `read`, `show bgp summary of tmm-1`, `evict tmm-1`, `write worker1`. */
  readonly calls: string[];
  /** Where the replacement of a pod that ended on this node starts; the same node unless a test says otherwise. */
  replacementOf: (node: string) => string | undefined;
  /** A TMM pod comes to this node, and has its sessions by the mapping as it is now. */
  scaleUp: (node: string) => void;
  /** Called before each call is answered. */
  onCall: (call: string) => void;
}

const ENDS_IN_MS = 1_000;
const READY_IN_MS = 2_000;
const ESTABLISHED_IN_MS = 3_000;

/** `podNodes` names the node of each TMM pod. */
export function aRack(
  clock: DrivenClock,
  mapping: Readonly<Record<string, string>>,
  podNodes: readonly string[] = Object.keys(mapping),
): Rack {
  const lookup: Record<string, string> = { ...mapping };
  const peers = new Map<string, { readonly addresses: readonly string[]; upSinceMs: number }>();
  const backSinceMs = new Map<string, number>();
  let made = 0;
  const start = (node: string, established: boolean): TmmPod => {
    made += 1;
    const pod = aPod(`tmm-${made}`, node, {
      ready: established,
      phase: established ? 'Running' : 'Pending',
      owner: { kind: 'ReplicaSet', name: 'f5-tmm-7d9', uid: 'rs' },
    });
    peers.set(pod.uid, {
      addresses: (lookup[node] ?? '').split(',').filter(Boolean),
      upSinceMs: established ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
    });
    return pod;
  };
  const replace = (uid: string, more: Partial<TmmPod>): void => {
    const index = rack.pods.findIndex((pod) => pod.uid === uid);
    const pod = rack.pods[index];
    if (pod !== undefined) rack.pods[index] = { ...pod, ...more };
  };
  const call = (words: string): void => {
    rack.calls.push(words);
    rack.onCall(words);
  };
  let anchor: string | undefined;
  const state = (): TmmState => {
    const noted = anchor === undefined ? {} : { anchor };
    const data = { ...lookup };
    const tor = { name: 'tor', uid: 'tor', immutable: false, data, bytes: 0, writers: {}, ...noted };
    return { lookups: new Map([['tor', tor]]), pods: [...rack.pods], node: (name) => rack.nodeOf(name) };
  };
  const nodes = (): readonly Node[] =>
    [...new Set([...Object.keys(mapping), ...rack.pods.flatMap(({ node }) => node ?? [])])].flatMap(
      (name) => rack.nodeOf(name) ?? [],
    );
  let copy: { readonly of: readonly unknown[]; readonly snapshot: Snapshot } | undefined;
  /** The same one until something moves, as the watches have it. */
  const snapshot = (): Snapshot => {
    const of = [...rack.pods, ...Object.entries(lookup).flat(), anchor, JSON.stringify(nodes())];
    if (copy?.of.length !== of.length || of.some((part, at) => part !== copy?.of[at]))
      copy = {
        of,
        snapshot: snapshotOf({
          clusterUid: rack.clusterUid,
          target: TARGET.name,
          ...state(),
          nodes: nodes(),
        }),
      };
    return copy.snapshot;
  };
  const unreadable = (): Refusal | undefined =>
    rack.unreadable === undefined ? undefined : refuse('cluster_unreachable', rack.unreadable, 'Look at it.');
  const end = (uid: string): EvictOutcome => {
    const pod = rack.pods.find((one) => one.uid === uid);
    if (pod === undefined) return { kind: 'gone' };
    if (pod.terminating) return { kind: 'accepted' };
    replace(uid, { terminating: true });
    clock.after(ENDS_IN_MS, () => {
      rack.pods.splice(0, rack.pods.length, ...rack.pods.filter((one) => one.uid !== uid));
      const node = rack.replacementOf(pod.node ?? '');
      if (node === undefined) return;
      const next = start(node, false);
      rack.pods.push(next);
      clock.after(READY_IN_MS, () => replace(next.uid, { ready: true, phase: 'Running' }));
      clock.after(READY_IN_MS + ESTABLISHED_IN_MS, () => {
        const held = peers.get(next.uid);
        if (held !== undefined) held.upSinceMs = clock.monotonicMs();
      });
    });
    return { kind: 'accepted' };
  };
  const stateOf = (uid: string, peer: string): string =>
    clock.monotonicMs() >= (peers.get(uid)?.upSinceMs ?? Number.POSITIVE_INFINITY) && !rack.down.has(peer)
      ? 'Established'
      : 'Connect';
  /** As the routers print it, an hour where it was so from the beginning. */
  const printedUptime = (uid: string, peer: string): string => {
    const sinceMs = Math.max(peers.get(uid)?.upSinceMs ?? 0, backSinceMs.get(peer) ?? 0);
    const forS = Math.min(3_600, Math.floor((clock.monotonicMs() - sinceMs) / 1_000));
    const [minutes, seconds] = [Math.floor(forS / 60) % 60, forS % 60].map((part) =>
      String(part).padStart(2, '0'),
    );
    return `${String(Math.floor(forS / 3_600)).padStart(2, '0')}:${minutes}:${seconds}`;
  };
  const show = (uid: string, command: ImishCommand): string => {
    const addresses = peers.get(uid)?.addresses ?? [];
    switch (command) {
      case 'show running-config':
        return runningConfig(addresses);
      case 'show bgp neighbors':
        return addresses.map((peer) => neighbor(peer, stateOf(uid, peer), rack.announces)).join('\n');
      default:
        return summaryOf(addresses.map((peer) => [peer, stateOf(uid, peer), printedUptime(uid, peer)]));
    }
  };
  const rack: Rack = {
    lookup,
    pods: [],
    down: new (class extends Set<string> {
      override delete(peer: string): boolean {
        backSinceMs.set(peer, clock.monotonicMs());
        return super.delete(peer);
      }
      override clear(): void {
        for (const peer of [...this]) this.delete(peer);
      }
    })(),
    announces: 3,
    watched: true,
    unreadable: undefined,
    nodeOf: (name) => ({ name, ready: true, cordoned: false }),
    clusterUid: 'uid-of-kube-system',
    evictions: [],
    calls: [],
    replacementOf: (node) => node,
    scaleUp: (node) => void rack.pods.push(start(node, true)),
    onCall: () => undefined,
    async snapshot() {
      call('plan');
      return unreadable() ?? snapshot();
    },
    cachedSnapshot: () => (rack.watched ? snapshot() : undefined),
    async tmmState() {
      call('read');
      return unreadable() ?? state();
    },
    async write({ node, before, after }, noted) {
      call(`write ${node}`);
      const actual = lookup[node] ?? null;
      if (actual === after) return { kind: 'already' };
      if (actual !== before) return { kind: 'differs', actual };
      if (after === null) delete lookup[node];
      else lookup[node] = after;
      anchor = anchorText(noted);
      return { kind: 'written' };
    },
    async evict({ name, uid }) {
      call(`evict ${name}`);
      return rack.evictions.shift() ?? end(uid);
    },
    async remove({ name, uid }) {
      call(`delete ${name}`);
      return end(uid);
    },
    async imish({ name, uid }, command) {
      call(`${command} of ${name}`);
      return { ok: true, text: show(uid, command) };
    },
    nextChange: (timeoutMs) => clock.sleep(Math.min(timeoutMs, 200)),
  };
  for (const node of podNodes) rack.pods.push(start(node, true));
  return rack;
}

function runningConfig(peers: readonly string[]): string {
  const statements = peers.flatMap((peer) => [
    ` neighbor ${peer} remote-as 3535`,
    ` neighbor ${peer} activate`,
  ]);
  return ['hostname tmm', '!', 'router bgp 64443', ...statements, '!', 'line vty', '!', 'end', ''].join('\n');
}

function summaryOf(
  sessions: readonly (readonly [peer: string, state: string, printedUptime: string])[],
): string {
  return [
    'BGP router identifier 10.244.1.17, local AS number 64443',
    'Neighbor        V    AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd',
    ...sessions.map(([peer, state, printedUptime]) => {
      const end = state === 'Established' ? `${printedUptime}        2` : `never    ${state}`;
      return `${peer.padEnd(15)} 4  3535       5       5        0    0    0 ${end}`;
    }),
    '',
    `Total number of neighbors ${sessions.length}`,
    '',
  ].join('\n');
}

function neighbor(peer: string, state: string, announces: number): string {
  return [
    `BGP neighbor is ${peer}, remote AS 3535, local AS 64443, external link`,
    `  BGP state = ${state}`,
    '  2 accepted prefixes',
    `  ${state === 'Established' ? announces : 0} announced prefixes`,
    '',
  ].join('\n');
}
