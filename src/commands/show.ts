import type { Answer, Part, Tone } from '../domain/answer.ts';
import { bfdOf, describeBfd } from '../domain/bgp/bfd.ts';
import { type FindingCode, findingsOf } from '../domain/bgp/findings.ts';
import {
  hintFacts,
  type Inspection,
  lastResetOf,
  type Routing,
  routingOf,
  sessionsOf,
} from '../domain/bgp/inspection.ts';
import { worstFirst as worstSession } from '../domain/bgp/live-sessions.ts';
import { valueOnOneLine } from '../domain/bgp/mapping.ts';
import { keysOf, mappingFaultsOf, shortKeyOf, WORTH_A_LOOK } from '../domain/bgp/mapping-faults.ts';
import { answersShow, isEnded, type Snapshot, type TmmPod, whySilent } from '../domain/bgp/snapshot.ts';
import { remedyFor, stalenessOf } from '../domain/bgp/staleness.ts';
import { lookupsOf, type Target } from '../domain/bgp/target.ts';
import type { ParsedCommand } from '../domain/change/change.ts';
import { compareNames } from '../domain/natural-order.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import { hintFor } from '../domain/zebos/hint.ts';
import { describeSession, type SessionVerdict } from '../domain/zebos/judge-session.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { ClusterQuery, QueryHandler } from './grammar/declaration.ts';
import { endedPods } from './inspection/ended-pods.ts';
import { inspect, nodeState, openInspection } from './inspection/inspect.ts';
import { showRoutes } from './inspection/show-routes.ts';
import { askedNode, resolveNode } from './planning/find-node.ts';
import { tmmNodes } from './planning/plan-parts.ts';
import { EXEC, SEE_TARGET } from './planning/rights.ts';

/** Mapping, node, TMM pods and each session at this moment. */
export const command: ClusterQuery = {
  kind: 'query',
  verb: 'show',
  summary: 'Mapping, TMM pods and live BGP sessions, of one node or all',
  forms: [[{ name: 'NODE', kind: 'node', need: 'optional' }]],
  flags: ['routes', 'target', 'public'],
  examples: ['show', 'show worker1.rack.example.com', 'show worker1.rack.example.com --routes'],
  rights: [...SEE_TARGET, EXEC],
  read,
};

function read(parsed: ParsedCommand): QueryHandler | Refusal {
  const typedNode = askedNode(parsed);
  const routes = parsed.flags.routes === true;
  if (routes && typedNode === undefined)
    return refuse(
      'missing_argument',
      'show --routes needs a node: it reads the routes of each peer.',
      'Type show NODE --routes.',
    );
  return async (target, cluster): Promise<Answer | Refusal> => {
    if (typedNode === undefined) {
      const snapshot = await cluster.snapshot();
      return isRefusal(snapshot) ? snapshot : showAll(target, snapshot, cluster);
    }
    const node = await resolveNode(cluster, typedNode);
    if (isRefusal(node)) return node;
    return {
      title: `${node.name} on ${target.name}`,
      parts: [
        ...(await showNode(target, node.snapshot, cluster, node.name, routes)),
        ...endedPods(node.snapshot.podsOn(node.name)),
      ],
    };
  };
}

async function showAll(target: Target, snapshot: Snapshot, cluster: Cluster): Promise<Answer> {
  const shown = new Set([...keysOf(snapshot), ...tmmNodes(snapshot)]);
  const told = await Promise.all(
    [...shown]
      .sort(compareNames)
      .map(async (name) => ({ name, parts: await showNode(target, snapshot, cluster, name) })),
  );
  const idle = snapshot.nodes.map(({ name }) => name).filter((name) => !shown.has(name));
  return {
    title: `Top-of-Rack BGP of ${target.name}`,
    parts: [
      ...told.sort(worstFirst).flatMap(({ name, parts }): Part[] => [{ kind: 'text', text: name }, ...parts]),
      ...(idle.length === 0
        ? []
        : [
            {
              kind: 'text' as const,
              text: `Neither mapped nor with a TMM pod: ${idle.sort(compareNames).join(', ')}.`,
            },
          ]),
      ...endedPods(snapshot.pods),
    ],
  };
}

const WORST: readonly Tone[] = ['bad', 'unknown', 'warning'];

/** By the worst note of each node; otherwise in their order. */
function worstFirst(
  one: { readonly parts: readonly Part[] },
  other: { readonly parts: readonly Part[] },
): number {
  return rankOf(one.parts) - rankOf(other.parts);
}

function rankOf(parts: readonly Part[]): number {
  const rank = WORST.findIndex((tone) => parts.some((part) => part.kind === 'note' && part.tone === tone));
  return rank === -1 ? WORST.length : rank;
}

async function showNode(
  target: Target,
  snapshot: Snapshot,
  cluster: Cluster,
  name: string,
  routes = false,
): Promise<Part[]> {
  const pods = snapshot.podsOn(name).filter((pod) => !isEnded(pod));
  const mapping = lookupsOf(target).flatMap((lookup): [string, string][] => {
    const { data = {}, binaryKeys = [] } = snapshot.lookups.get(lookup.name) ?? {};
    const label = `${lookup.name} (AS ${lookup.asn})`;
    const value = data[name];
    return [
      ...(value === undefined ? [] : [[label, shownValue(value)] as [string, string]]),
      ...(binaryKeys.includes(name) ? [[label, 'in binaryData, not read'] as [string, string]] : []),
    ];
  });
  const node = snapshot.node(name);
  // The snapshot of one node knows no other.
  const short = shortKeyOf(cluster.cachedSnapshot() ?? snapshot, name);
  const answering = pods.filter(answersShow);
  const opened = openInspection(target, snapshot, pods);
  const inspection = await inspect(cluster, opened, answering, 'everything');
  const told = routes ? await Promise.all(answering.map((pod) => showRoutes(cluster, inspection, pod))) : [];
  const silent = pods.filter((pod) => !answersShow(pod));
  return [
    {
      kind: 'facts',
      rows: [['Node', nodeState(node)], ...(mapping.length === 0 ? [['Mapping', 'none'] as const] : mapping)],
    },
    ...mappingFaultsOf(target, snapshot, name).map(
      ({ code, sentence, next }): Part => ({
        kind: 'note',
        tone: WORTH_A_LOOK.has(code) ? 'warning' : 'bad',
        text: `${sentence} ${next}`,
      }),
    ),
    ...(short === undefined ? [] : [{ kind: 'note' as const, tone: 'bad' as const, text: short }]),
    ...(pods.length === 0 ? [{ kind: 'text' as const, text: 'No TMM pod runs here.' }] : []),
    ...answering.flatMap((pod) => showSessions(inspection, pod)),
    ...told.flat(),
    ...silent.flatMap((pod): Part[] => [
      { kind: 'note', tone: 'unknown', text: `${pod.name} ${whySilent(pod)}: its sessions are unknown.` },
      ...(pod.terminating ? [] : staleNotes(inspection, pod)),
    ]),
  ];
}

/** A value without any address would be an empty line. */
function shownValue(value: string): string {
  const line = valueOnOneLine(value);
  return value.trim() === '' ? `"${line}" (no address)` : line;
}

function showSessions(inspection: Inspection, pod: TmmPod): Part[] {
  const sessions = [...sessionsOf(inspection, pod)].sort(([one, { kind: state }], [other, { kind }]) =>
    worstSession({ peer: one, state }, { peer: other, state: kind }),
  );
  const routing = routingOf(inspection, pod);
  const rows = sessions.map(([peer, verdict]) => {
    const bfd = verdict.kind === 'absent' ? undefined : bfdOf(inspection, pod, peer);
    return [peer, `${describeSession(verdict)}${bfd === undefined ? '' : `; ${describeBfd(bfd)}`}`];
  });
  const hints = sessions.filter(
    ([, verdict]) => verdict.kind !== 'established' || verdict.detail !== undefined,
  );
  const findings = (findingsOf(inspection, pod) ?? []).filter(({ code }) => SHOWN.has(code));
  return [
    { kind: 'text', text: `${pod.name} (${pod.ready ? 'Ready' : (pod.notReadyReason ?? 'not Ready')})` },
    rows.length === 0
      ? { kind: 'note', tone: 'warning', text: 'No peer is mapped or configured here.' }
      : { kind: 'table', columns: ['Peer', 'Session'], rows },
    ...staleNotes(inspection, pod),
    ...hints.map(
      ([peer, verdict]): Part => ({
        kind: 'note',
        tone: toneOf(verdict),
        text: `${peer}: ${resetOf(peer, verdict, routing)}${hintFor(verdict, hintFacts(peer, routing))}`,
      }),
    ),
    ...findings.map(({ code, sentence }): Part => {
      return { kind: 'note', tone: code === 'bfd_unknown' ? 'unknown' : 'warning', text: sentence };
    }),
  ];
}

function staleNotes(inspection: Inspection, pod: TmmPod): Part[] {
  const staleness = stalenessOf(inspection, pod);
  if (staleness.kind !== 'stale') return [];
  const text = `${pod.name} is stale: ${staleness.why}. ${remedyFor(staleness, pod.node ?? '')}`;
  return [{ kind: 'note', tone: 'warning', text }];
}

/** Findings that the sessions do not show: settings that differ from the Helm values, and BFD. */
const SHOWN: ReadonlySet<FindingCode> = new Set([
  'shut_down',
  'wrong_bfd',
  'wrong_password',
  'wrong_route_map',
  'unasked_setting',
  'bfd_down',
  'bfd_unknown',
]);

function resetOf(peer: string, { kind }: SessionVerdict, routing: Routing): string {
  const reason = kind === 'down' ? lastResetOf(peer, routing) : undefined;
  return reason === undefined ? '' : `last reset: ${reason}. `;
}

function toneOf({ kind }: SessionVerdict): 'bad' | 'unknown' | 'warning' {
  if (kind === 'unknown') return 'unknown';
  return kind === 'down' ? 'bad' : 'warning';
}
