import { type AddressFamily, familyOf } from '../bgp/address.ts';
import {
  carryingPeersOf,
  expectedPeers,
  expectedPeersOf,
  type Inspection,
  routingOf,
} from '../bgp/inspection.ts';
import { type LiveSession, liveSessionsOf } from '../bgp/live-sessions.ts';
import type { TmmPod } from '../bgp/snapshot.ts';
import { lookupsOf } from '../bgp/target.ts';
import { clipWellFormed } from '../well-formed.ts';
import type { Plan } from './plan.ts';

/**
 * The live state when a change was proposed, for approvers. It changes by itself, so it is not part of the plan and its digest;
 * what a step needs is read again before the step.
 */
export interface Impact {
  readonly readAtMs: number;
  /** TMM pods that were read: those that the plan restarts, in its order, then others. */
  readonly pods: readonly PodImpact[];
  /** Number of running TMM pods that the plan does not restart and that were not read. */
  readonly othersNotRead: number;
}

export interface PodImpact {
  readonly node: string;
  readonly pod: string;
  readonly uid: string;
  /** Address families in which it has an Established session. */
  readonly carries: readonly AddressFamily[];
  /** The worst first. */
  readonly sessions: readonly PeerImpact[];
  /** Number of sessions beyond these. */
  readonly sessionsOmitted: number;
  /** Why its sessions are unknown, where they could not be read. */
  readonly unread?: string;
}

export interface PeerImpact extends LiveSession {
  /** Whether mapping or Helm values give the node this peer: now, and after the change. */
  readonly mapped: boolean;
  readonly stays: boolean;
}

const FAMILIES: readonly AddressFamily[] = ['IPv4', 'IPv6'];

const MAX_SESSIONS = 32;
const MAX_WORDS = 200;

/** The sessions of one pod by its show outputs; unknown where outputs are not in the inspection. */
export function podImpactOf(inspection: Inspection, pod: TmmPod, plan: Plan): PodImpact {
  const { summary } = routingOf(inspection, pod);
  const mapped = addressesIn(expectedPeersOf(inspection, pod));
  const after = peersAfter(inspection, pod.node ?? '', plan);
  const sessions = liveSessionsOf(inspection, pod).map(({ peer, state, words }): PeerImpact => {
    return {
      peer: clipWellFormed(peer, MAX_WORDS),
      state,
      words: clipWellFormed(words, MAX_WORDS),
      mapped: mapped.has(peer),
      stays: after.has(peer),
    };
  });
  const carrying = carryingPeersOf(inspection, pod);
  return {
    ...identityOf(pod),
    carries: FAMILIES.filter((family) => carrying.some((peer) => familyOf(peer) === family)),
    sessions: sessions.slice(0, MAX_SESSIONS),
    sessionsOmitted: Math.max(0, sessions.length - MAX_SESSIONS),
    ...(summary.readable ? {} : { unread: clipWellFormed(summary.why, MAX_WORDS) }),
  };
}

/** A pod whose sessions could not be read, and why. */
export function unreadPod(pod: TmmPod, why: string): PodImpact {
  return { ...identityOf(pod), carries: [], sessions: [], sessionsOmitted: 0, unread: why };
}

function identityOf({ node = '', name, uid }: TmmPod): Pick<PodImpact, 'node' | 'pod' | 'uid'> {
  return { node, pod: name, uid };
}

/** The peers of a node after the plan. */
function peersAfter({ target, lookups }: Inspection, node: string, { differences }: Plan): Set<string> {
  const after = new Map<string, { readonly data: Readonly<Record<string, string>> }>();
  for (const { name } of lookupsOf(target)) {
    const difference = differences.find((one) => one.lookup === name && one.node === node);
    const value = difference === undefined ? lookups.get(name)?.data[node] : difference.after;
    if (typeof value === 'string') after.set(name, { data: { [node]: value } });
  }
  return addressesIn(expectedPeers(target, after, node));
}

function addressesIn({ peers }: ReturnType<typeof expectedPeers>): Set<string> {
  return new Set(peers.map(({ address }) => address));
}

/** Which pods carry an address family in which a restart takes sessions down. */
export interface Cover {
  readonly family: AddressFamily;
  /** Pods that carry it and are not restarted; if there are none and pods restart one by one, the other restarted ones. */
  readonly carriers: readonly PodImpact[];
  readonly carriersRestart: boolean;
  /** Pods that may carry it: their sessions are unknown. */
  readonly unknown: readonly PodImpact[];
}

/** For each family that the restarted pods carry, which other pods carry it during the restart. */
export function coverOf(plan: Plan, { pods }: Impact): readonly Cover[] {
  const restarted = new Set(plan.restarts.flatMap((restart) => restart.pods.map(({ uid }) => uid)));
  return FAMILIES.flatMap((family): Cover[] => {
    const carrying = pods.filter(({ carries }) => carries.includes(family));
    const dropping = carrying.filter(({ uid }) => restarted.has(uid));
    if (dropping.length === 0) return [];
    const staying = carrying.filter(({ uid }) => !restarted.has(uid));
    const unknown = pods.filter((pod) => !restarted.has(pod.uid) && mayCarry(pod, family));
    // In a rolling restart, the restarted pods carry traffic for each other; a single one has no other.
    const takeTurns = plan.strategy === 'rolling' && staying.length === 0 && dropping.length > 1;
    return [{ family, carriers: takeTurns ? dropping : staying, carriersRestart: takeTurns, unknown }];
  });
}

function mayCarry({ carries, sessions, unread }: PodImpact, family: AddressFamily): boolean {
  if (carries.includes(family)) return false;
  return (
    unread !== undefined ||
    sessions.some(({ peer, state }) => state === 'unknown' && familyOf(peer) === family)
  );
}

/** What was read of each pod that the plan restarts, in its order; undefined where nothing was read. */
export function restartedIn({ restarts }: Plan, { pods }: Impact): readonly (PodImpact | undefined)[] {
  const byUid = new Map(pods.map((pod) => [pod.uid, pod]));
  return restarts.flatMap((restart) => restart.pods.map(({ uid }) => byUid.get(uid)));
}
