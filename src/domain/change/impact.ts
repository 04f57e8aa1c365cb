import type { Address } from '../bgp/address.ts';
import {
  carryingPeersOf,
  expectedPeers,
  expectedPeersOf,
  familyOf,
  type Inspection,
  routingOf,
} from '../bgp/inspection.ts';
import { type LiveSession, liveSessionsOf } from '../bgp/live-sessions.ts';
import type { TmmPod } from '../bgp/snapshot.ts';
import { lookupsOf } from '../bgp/target.ts';
import { clipWellFormed } from '../well-formed.ts';
import type { Plan } from './plan.ts';

/**
 * What was live when a change was proposed, for whoever decides about it. It changes by itself, so it is no part of the
 * plan and its digest; what a step needs is read again before the step.
 */
export interface Impact {
  readonly readAtMs: number;
  /** TMM pods that were looked at: those that the plan restarts, in its order, then others. */
  readonly pods: readonly PodImpact[];
  /** Running TMM pods that the plan does not restart and that were not looked at. */
  readonly othersNotRead: number;
}

export interface PodImpact {
  readonly node: string;
  readonly pod: string;
  readonly uid: string;
  /** Families in which it has an Established session. */
  readonly carries: readonly Family[];
  /** The worst first. */
  readonly sessions: readonly PeerImpact[];
  /** How many sessions there are beyond these. */
  readonly sessionsOmitted: number;
  /** Why its sessions are unknown, where they could not be read. */
  readonly unread?: string;
}

export interface PeerImpact extends LiveSession {
  /** Whether mapping or Helm values name this peer for the node: now, and with the change. */
  readonly mapped: boolean;
  readonly stays: boolean;
}

export type Family = Address['family'];
const FAMILIES: readonly Family[] = ['IPv4', 'IPv6'];

const MAX_SESSIONS = 32;
const MAX_WORDS = 200;

/** What one pod's pages say of its sessions. Pages that are not in the inspection leave them unknown. */
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

/** The peers of a node once the plan is carried out. */
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

/** Who carries a family of which a restart takes a session down. */
export interface Cover {
  readonly family: Family;
  /** Pods that carry it and are not restarted; where pods restart one by one and there are none, the other restarted ones. */
  readonly carriers: readonly PodImpact[];
  readonly carriersRestart: boolean;
  /** Pods that may carry it: their sessions are not known. */
  readonly unknown: readonly PodImpact[];
}

/** For each family that the restarted pods carry, who else carries it meanwhile. */
export function coverOf(plan: Plan, { pods }: Impact): readonly Cover[] {
  const restarted = new Set(plan.restarts.flatMap((restart) => restart.pods.map(({ uid }) => uid)));
  return FAMILIES.flatMap((family): Cover[] => {
    const carrying = pods.filter(({ carries }) => carries.includes(family));
    const dropping = carrying.filter(({ uid }) => restarted.has(uid));
    if (dropping.length === 0) return [];
    const staying = carrying.filter(({ uid }) => !restarted.has(uid));
    const unknown = pods.filter((pod) => !restarted.has(pod.uid) && mayCarry(pod, family));
    // One by one, the restarted ones carry for each other; one alone has nobody.
    const takeTurns = plan.strategy === 'rolling' && staying.length === 0 && dropping.length > 1;
    return [{ family, carriers: takeTurns ? dropping : staying, carriersRestart: takeTurns, unknown }];
  });
}

function mayCarry({ carries, sessions, unread }: PodImpact, family: Family): boolean {
  if (carries.includes(family)) return false;
  return (
    unread !== undefined ||
    sessions.some(({ peer, state }) => state === 'unknown' && familyOf(peer) === family)
  );
}

/** What was read of each pod that the plan restarts, in its order; undefined where nothing was. */
export function restartedIn({ restarts }: Plan, { pods }: Impact): readonly (PodImpact | undefined)[] {
  const byUid = new Map(pods.map((pod) => [pod.uid, pod]));
  return restarts.flatMap((restart) => restart.pods.map(({ uid }) => byUid.get(uid)));
}
