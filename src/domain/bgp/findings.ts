import { asClause } from '../phrasing.ts';
import type { Member, RunningConfig } from '../zebos/read-running-config.ts';
import { bfdOf, describeBfd } from './bfd.ts';
import { compareSettings, type SettingCode } from './compare-settings.ts';
import {
  type ExpectedPeer,
  type ExpectedPeers,
  expectedPeersOf,
  type Inspection,
  pagesOf,
  routingOf,
  sessionsOf,
} from './inspection.ts';
import type { TmmPod } from './snapshot.ts';
import type { Target } from './target.ts';

/** One way in which a running-config differs from the mapping and the Helm values. */
export interface Finding {
  readonly code: FindingCode;
  readonly peer?: string;
  readonly sentence: string;
}

export type FindingCode =
  | 'wrong_own_as'
  | 'peer_absent'
  /** Not in the part that could be read of an output that may be cut off: unknown, not absent. */
  | 'peer_unseen'
  | 'peer_not_mapped'
  | 'wrong_remote_as'
  | 'wrong_multihop'
  | 'not_activated'
  | 'activated_unasked'
  | 'wrong_soft_reconfiguration'
  | 'wrong_max_paths'
  | SettingCode
  /** The session is Established, but its BFD session is not up. */
  | 'bfd_down'
  | 'bfd_unknown';

/** Findings that mean that the pod does not peer as its node should; the others are only worth checking. */
export const WRONG_PEERS: ReadonlySet<FindingCode> = new Set([
  'wrong_own_as',
  'peer_absent',
  'peer_not_mapped',
  'wrong_remote_as',
  'wrong_multihop',
  'not_activated',
  'shut_down',
]);

/** Findings about the present sessions: no other configuration would remove them. */
export const OF_SESSIONS: ReadonlySet<FindingCode> = new Set(['bfd_down', 'bfd_unknown']);

/** How a pod's running-config differs from the mapping and the Helm values; undefined when it was not read. */
export function findingsOf(inspection: Inspection, pod: TmmPod): readonly Finding[] | undefined {
  const { config } = routingOf(inspection, pod);
  if (!config.readable) return undefined;
  return [
    ...compareConfig(inspection.target, expectedPeersOf(inspection, pod), config),
    ...bfdFindings(inspection, pod),
  ];
}

/** Sessions that are Established without the BFD configured for them; empty where BFD was not read. */
function bfdFindings(inspection: Inspection, pod: TmmPod): Finding[] {
  const { bfd } = pagesOf(inspection, pod);
  if (bfd === undefined) return [];
  const verdicts = [...sessionsOf(inspection, pod)].flatMap(([peer, { kind }]) => {
    const verdict = bfdOf(inspection, pod, peer);
    return verdict === undefined ? [] : [{ peer, verdict, established: kind === 'established' }];
  });
  const down = verdicts.flatMap(({ peer, verdict, established }): Finding[] =>
    established && (verdict.kind === 'down' || verdict.kind === 'absent')
      ? [
          {
            code: 'bfd_down',
            peer,
            sentence: `${peer} is Established, but with ${describeBfd(verdict)}: a failure is noticed by the hold timer only. See whether BFD is switched on at the router.`,
          },
        ]
      : [],
  );
  const [why] = verdicts.flatMap(({ verdict }) => (verdict.kind === 'unknown' ? verdict.why : []));
  if (why === undefined) return down;
  const sentence = `The BFD sessions of this pod cannot be read: ${asClause(why)}.`;
  return [...down, { code: 'bfd_unknown', sentence }];
}

function compareConfig(target: Target, expected: ExpectedPeers, config: RunningConfig): readonly Finding[] {
  const wanted = new Set(expected.peers.map(({ address }) => address));
  return [
    ...compareOwn(target, config),
    ...expected.peers.flatMap((peer) => {
      const member = config.members.get(peer.address);
      return member === undefined ? [missing(peer, config)] : comparePeer(peer, member, config.asn);
    }),
    ...[...config.members.keys()]
      .filter((address) => !wanted.has(address))
      .map((address) => ({
        code: 'peer_not_mapped' as const,
        peer: address,
        sentence: `${address} is configured in this pod, but nothing maps it to this node.`,
      })),
  ];
}

function compareOwn(target: Target, config: RunningConfig): Finding[] {
  const { asn, maxPathsEbgp, maxPathsIbgp } = target.bgp;
  const findings: Finding[] = [];
  if (config.asn !== undefined && config.asn !== asn) {
    findings.push({
      code: 'wrong_own_as',
      sentence: `The pod runs as AS ${config.asn}; the Helm values say AS ${asn}.`,
    });
  }
  const compare = (name: string, asked: number | undefined, shown: number | undefined): void => {
    // Unset and 1 path are both the default of ZebOS.
    if ((asked ?? 1) === (shown ?? 1) || (shown === undefined && config.asn === undefined)) return;
    findings.push({
      code: 'wrong_max_paths',
      sentence: `${name} is ${shown ?? 'not set'} in the pod; the Helm values say ${asked ?? 'unset'}.`,
    });
  };
  compare('max-paths ebgp', maxPathsEbgp, config.maxPathsEbgp);
  if (config.maxPathsIbgp !== undefined) compare('max-paths ibgp', maxPathsIbgp, config.maxPathsIbgp);
  return findings;
}

function missing(peer: ExpectedPeer, config: RunningConfig): Finding {
  if (config.complete) return absent(peer);
  const sentence = `${peer.address} is not in what could be read of the running-config, which may be cut off.`;
  return { code: 'peer_unseen', peer: peer.address, sentence };
}

function absent(peer: ExpectedPeer): Finding {
  const from = peer.lookup === undefined ? 'named in the Helm values' : `mapped in ${peer.lookup}`;
  return {
    code: 'peer_absent',
    peer: peer.address,
    sentence: `${peer.address} is ${from}, but not configured in this pod: the pod started before that and reads it only at its next restart.`,
  };
}

function comparePeer(peer: ExpectedPeer, member: Member, ownAs: number | undefined): Finding[] {
  const { address, asn, neighbor } = peer;
  const findings: Finding[] = [];
  const add = (code: FindingCode, sentence: string): void =>
    void findings.push({ code, peer: address, sentence });
  const anyAs = member.anyRemoteAs === 'auto' || (member.anyRemoteAs === 'external' && asn !== ownAs);
  if (member.remoteAs !== asn && !anyAs) {
    add(
      'wrong_remote_as',
      `${address} has remote-as ${member.remoteAs ?? member.anyRemoteAs ?? 'unset'} in the pod; it should be ${asn}.`,
    );
  }
  const hops = neighbor.ebgpMultihop;
  if (hops !== undefined && member.ebgpMultihop !== hops) {
    add(
      'wrong_multihop',
      `${address} has ebgp-multihop ${member.ebgpMultihop ?? 'unset'} in the pod; the Helm values say ${hops}.`,
    );
  }
  if (neighbor.softReconf !== member.softReconfInbound) {
    const shown = member.softReconfInbound ? 'set' : 'not set';
    add(
      'wrong_soft_reconfiguration',
      `${address} has soft-reconfiguration ${shown}; the Helm values say ${neighbor.softReconf}.`,
    );
  }
  for (const [family, asked, shown] of [
    ['IPv4', neighbor.acceptsIPv4, member.activated.ipv4],
    ['IPv6', neighbor.acceptsIPv6, member.activated.ipv6],
  ] as const) {
    if (asked && !shown)
      add('not_activated', `${address} is not activated for ${family}, but accepts${family} is true.`);
    if (!asked && shown)
      add('activated_unasked', `${address} is activated for ${family}, but accepts${family} is false.`);
  }
  return [...findings, ...compareSettings(peer, member)];
}
