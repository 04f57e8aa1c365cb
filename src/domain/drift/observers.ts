import { type FindingCode, findingsOf, OF_SESSIONS } from '../bgp/findings.ts';
import { announcedBy, expectedPeersOf, type Inspection, routingOf, sessionsOf } from '../bgp/inspection.ts';
import { liveSessionsOf } from '../bgp/live-sessions.ts';
import { hasTmm, type Snapshot, type TmmPod } from '../bgp/snapshot.ts';
import { lookupsOf, type Target } from '../bgp/target.ts';
import { asClause, counted } from '../phrasing.ts';
import { type Observation, observeMapping } from './detect.ts';

/** The input of one check of a target: the cached snapshot and the outputs of its TMM pods. */
export interface DriftLook {
  readonly target: Target;
  readonly snapshot: Snapshot;
  readonly inspection: Inspection;
  /** The pods that were queried. */
  readonly pods: readonly TmmPod[];
  readonly remembered: Remembered;
}

/** State of earlier checks that is needed to see what is missing now. */
export interface Remembered {
  /** Number of announced prefixes when it was last not 0, by node and peer. */
  readonly announced: Readonly<Record<string, number>>;
  /** Mapped nodes that had a TMM pod. */
  readonly tmmNodes: readonly string[];
}

export const NOTHING_REMEMBERED: Remembered = { announced: {}, tmmNodes: [] };

type Observer = (look: DriftLook) => readonly Observation[];

/**
 * The observers of the drift monitor, each independent of the others. What cannot be read is no observation: unknown is not down.
 */
const OBSERVERS: readonly Observer[] = [
  ({ target, snapshot }) => observeMapping(target, snapshot),
  lostTmms,
  sessionsDown,
  bfdDown,
  absentPeers,
  announcedNothing,
  partedFromValues,
];

export function observe(look: DriftLook): readonly Observation[] {
  return OBSERVERS.flatMap((observer) => observer(look));
}

/** What the next check needs from this one. */
export function remember(look: DriftLook): Remembered {
  const { snapshot, remembered } = look;
  const mapped = mappedNodes(look);
  const seen = new Set([...remembered.tmmNodes, ...mapped.filter((node) => hasTmm(snapshot, node))]);
  const announced: Record<string, number> = {};
  for (const { key, count } of announcements(look)) {
    const kept = count === undefined || count === 0 ? remembered.announced[key] : count;
    if (kept !== undefined) announced[key] = kept;
  }
  return { announced, tmmNodes: mapped.filter((node) => seen.has(node)) };
}

function lostTmms(look: DriftLook): readonly Observation[] {
  const had = new Set(look.remembered.tmmNodes);
  return mappedNodes(look)
    .filter((node) => had.has(node) && !hasTmm(look.snapshot, node))
    .map((node) => ({
      key: `lost ${node}`,
      sentence: `${node} is mapped and had a TMM pod, and has none any more: nothing there carries traffic.`,
      next: `See where they run: nodes. If no TMM is meant to run there: remove ${node}`,
    }));
}

/** Nodes of the cluster that a lookup maps, sorted. */
function mappedNodes({ target, snapshot }: DriftLook): readonly string[] {
  const keys = lookupsOf(target).flatMap(({ name }) => Object.keys(snapshot.lookups.get(name)?.data ?? {}));
  return [...new Set(keys)].filter((node) => snapshot.node(node) !== undefined).sort();
}

function sessionsDown({ inspection, pods }: DriftLook): readonly Observation[] {
  return pods.flatMap((pod) =>
    liveSessionsOf(inspection, pod).flatMap(({ peer, state, words }) => {
      const node = nodeOf(pod);
      if (state !== 'down') return [];
      return [
        {
          key: `session ${node} ${peer}`,
          sentence: `${node}: the session with ${peer} is down (${words}).`,
          next: `See its state: show ${node}`,
        },
      ];
    }),
  );
}

/** BFD that is down while its session is Established: the next failure is detected late. */
function bfdDown({ inspection, pods }: DriftLook): readonly Observation[] {
  return pods.flatMap((pod) =>
    (findingsOf(inspection, pod) ?? []).flatMap(({ code, peer, sentence }) => {
      if (code !== 'bfd_down') return [];
      const node = nodeOf(pod);
      return [
        { key: `bfd ${node} ${peer}`, sentence: `${node}: ${sentence}`, next: `See its state: show ${node}` },
      ];
    }),
  );
}

function absentPeers({ inspection, pods }: DriftLook): readonly Observation[] {
  return pods.flatMap((pod) => {
    const sessions = sessionsOf(inspection, pod);
    const node = nodeOf(pod);
    return expectedPeersOf(inspection, pod)
      .peers.filter(({ address }) => sessions.get(address)?.kind === 'absent')
      .map(({ address, lookup }) => ({
        key: `absent ${node} ${address}`,
        sentence: `${node}: ${address} is ${lookup === undefined ? 'a static peer' : `mapped in ${lookup}`}, but not configured in ${pod.name}, which started before that.`,
        next: `To have it load the current configuration: restart ${node}`,
      }));
  });
}

function announcedNothing(look: DriftLook): readonly Observation[] {
  return announcements(look).flatMap(({ key, node, peer, count }) => {
    const before = look.remembered.announced[key];
    if (count !== 0 || before === undefined) return [];
    return [
      {
        key: `announced ${key}`,
        sentence: `${node}: nothing is announced to ${peer} any more; it was ${counted(before, 'prefix', 'prefixes')}.`,
        next: `Is there still a virtual server, and does a route map drop it? See: verify ${node}`,
      },
    ];
  });
}

interface Announcement {
  readonly key: string;
  readonly node: string;
  readonly peer: string;
  /** Undefined where the session is not Established, or no output shows it. */
  readonly count: number | undefined;
}

/** Number of prefixes announced to each peer that a pod should have. */
function announcements({ inspection, pods }: DriftLook): readonly Announcement[] {
  return pods.flatMap((pod) => {
    const counts = announcedBy(routingOf(inspection, pod)) ?? {};
    const node = nodeOf(pod);
    return expectedPeersOf(inspection, pod).peers.map(({ address }) => ({
      key: `${node} ${address}`,
      node,
      peer: address,
      count: counts[address],
    }));
  });
}

/** The mapping has its own observations; values that could not be read are none. */
const NOT_OF_VALUES: ReadonlySet<FindingCode> = new Set(['peer_absent', 'peer_unseen']);
const MAX_NODES = 5;

/** A Helm upgrade affects all pods: one observation for each way in which they differ. */
function partedFromValues({ inspection, pods }: DriftLook): readonly Observation[] {
  const byCode = new Map<FindingCode, { readonly sentence: string; readonly nodes: Set<string> }>();
  for (const pod of pods) {
    for (const { code, sentence } of findingsOf(inspection, pod) ?? []) {
      if (NOT_OF_VALUES.has(code) || OF_SESSIONS.has(code)) continue;
      const held = byCode.get(code) ?? { sentence, nodes: new Set<string>() };
      held.nodes.add(nodeOf(pod));
      byCode.set(code, held);
    }
  }
  return [...byCode].map(([code, { sentence, nodes }]) => {
    const names = [...nodes].slice(0, MAX_NODES).join(', ');
    const more = nodes.size > MAX_NODES ? ` and ${nodes.size - MAX_NODES} more` : '';
    return {
      key: `config ${code}`,
      sentence: `${names}${more}: the running-config is not what mapping and Helm values say (${asClause(sentence)}).`,
      next: 'See which TMM pods are older than that: stale. If they are as they should be, correct the values in the policy.',
    };
  });
}

function nodeOf(pod: TmmPod): string {
  return pod.node ?? pod.name;
}
