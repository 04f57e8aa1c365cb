import { asClause } from '../phrasing.ts';
import { type FindingCode, findingsOf, OF_SESSIONS } from './findings.ts';
import { type ExpectedPeer, expectedPeersOf, type Inspection, routingOf } from './inspection.ts';
import { olderTemplateOf } from './pod-template.ts';
import { answersShow, type TmmPod } from './snapshot.ts';

/** Whether a TMM pod runs what mapping, Helm values and its controller ask for now, or what they asked for when it started. */
export type Staleness =
  | { readonly kind: 'current' }
  /** It runs something else. A restart makes it run the present configuration, unless `instead` says what to do. */
  | { readonly kind: 'stale'; readonly why: string; readonly instead?: string }
  /** It runs something else although it started after the configuration was written: a restart alone is unlikely to help. */
  | { readonly kind: 'differs'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** Judges by the running-config, and by the pod template where the pod's controller was read. */
export function stalenessOf(inspection: Inspection, pod: TmmPod): Staleness {
  const peering = peeringOf(inspection, pod);
  const older = olderTemplateOf(inspection.workloads ?? [], pod);
  if (older === undefined) return peering;
  switch (peering.kind) {
    case 'current':
      return { kind: 'stale', ...older };
    case 'stale':
      // A restart makes it read mapping and values, whatever template it gets.
      return { kind: 'stale', why: `${peering.why}, ${older.why}` };
    case 'differs':
    case 'unknown':
      return { kind: 'stale', ...older, why: `${older.why}; ${peering.why}` };
  }
}

/** What to do about a stale pod; follows the reason why it is stale. */
export function remedyFor({ instead }: Extract<Staleness, { kind: 'stale' }>, node: string): string {
  return instead ?? `To have it load the current configuration: restart ${node}`;
}

/**
 * Judges by the running-config; the times only show whether a restart may help. Kubernetes dates a key by its writer's last write
 * of any key, so a pod younger than that has certainly read the key.
 */
function peeringOf(inspection: Inspection, pod: TmmPod): Staleness {
  if (!answersShow(pod)) {
    const why = pod.routing
      ? `it cannot be queried: ${pod.notReadyReason ?? pod.phase}`
      : 'it has no routing container';
    return { kind: 'unknown', why };
  }
  const expected = expectedPeersOf(inspection, pod);
  if (expected.unreadable.length > 0)
    return { kind: 'unknown', why: `its mapping cannot be read: ${expected.unreadable.join('; ')}` };
  const { config } = routingOf(inspection, pod);
  const findings = findingsOf(inspection, pod)?.filter(({ code }) => !OF_SESSIONS.has(code));
  if (findings === undefined)
    return {
      kind: 'unknown',
      why: `its running-config cannot be read${config.readable ? '' : `: ${config.why}`}`,
    };
  const differing = findings.filter(({ code }) => code !== 'peer_unseen');
  if (differing.length === 0) {
    const [unseen] = findings;
    return unseen === undefined ? { kind: 'current' } : { kind: 'unknown', why: asClause(unseen.sentence) };
  }
  const peers = differing.filter(({ code }) => OF_MAPPING.has(code));
  const absent = peersOf(peers, 'peer_absent');
  const left = peersOf(peers, 'peer_not_mapped');
  const parts = [
    ...(absent.length === 0 ? [] : [`it does not have ${absent.join(', ')}`]),
    ...(left.length === 0 ? [] : [`it still has ${left.join(', ')}`]),
    ...(differing.length === peers.length
      ? []
      : ['its settings are not those of the Helm values in the policy']),
  ];
  const written = writtenAtMs(inspection, pod, expected.peers, absent);
  const readMapping = written !== undefined && pod.createdAtMs > written;
  return readMapping && peers.length === differing.length && left.length === 0
    ? { kind: 'differs', why: `${parts.join(', ')}, although it started after the mapping was written` }
    : { kind: 'stale', why: parts.join(', ') };
}

const OF_MAPPING: ReadonlySet<FindingCode> = new Set(['peer_absent', 'peer_not_mapped']);

function peersOf(
  findings: readonly { readonly code: FindingCode; readonly peer?: string }[],
  wanted: FindingCode,
): readonly string[] {
  return findings.flatMap(({ code, peer }) => (code === wanted && peer !== undefined ? [peer] : []));
}

/**
 * The latest time at which the values that name these peers were written; undefined where Kubernetes does not date each of them.
 */
function writtenAtMs(
  { lookups }: Inspection,
  { node = '' }: TmmPod,
  expected: readonly ExpectedPeer[],
  peers: readonly string[],
): number | undefined {
  const names = new Set(
    expected.flatMap(({ address, lookup }) => (peers.includes(address) ? (lookup ?? []) : [])),
  );
  const times = [...names].map((name) => Date.parse(lookups.get(name)?.writers[node]?.at ?? ''));
  const latest = Math.max(...times);
  return Number.isFinite(latest) ? latest : undefined;
}
