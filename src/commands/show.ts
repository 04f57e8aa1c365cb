import type { Answer, Part } from '../domain/answer.ts';
import { hintFacts, type Inspection, routingOf, sessionsOf } from '../domain/bgp/inspection.ts';
import { keysOf, mappingFaultsOf, WORTH_A_LOOK } from '../domain/bgp/mapping-faults.ts';
import { answersShow, isEnded, type Snapshot, type TmmPod } from '../domain/bgp/snapshot.ts';
import { stalenessOf } from '../domain/bgp/staleness.ts';
import { lookupsOf, type Target } from '../domain/bgp/target.ts';
import type { ParsedCommand } from '../domain/change/change.ts';
import { isRefusal, type Refusal } from '../domain/refusal.ts';
import { hintFor } from '../domain/zebos/hint.ts';
import { describeSession, type SessionVerdict } from '../domain/zebos/judge-session.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { ClusterQuery, QueryHandler } from './grammar/declaration.ts';
import { inspect, nodeState } from './inspection/inspect.ts';
import { leftoversOf } from './inspection/leftovers.ts';
import { readNode } from './planning/find-node.ts';
import { tmmNodes } from './planning/restarts.ts';
import { EXEC, SEE_TARGET } from './planning/rights.ts';

/** Mapping, node, TMM pods and each session as it is right now. */
export const command: ClusterQuery = {
  kind: 'query',
  verb: 'show',
  summary: 'Mapping, TMM pods and live BGP sessions, of one node or all',
  forms: [[{ name: 'NODE', kind: 'node', need: 'optional' }]],
  flags: ['target', 'public'],
  examples: ['show', 'show worker1.rack.example.com'],
  rights: [...SEE_TARGET, EXEC],
  read,
};

function read(parsed: ParsedCommand): QueryHandler {
  return async (target, cluster): Promise<Answer | Refusal> => {
    const [typedNode] = parsed.args;
    if (typedNode === undefined) {
      const snapshot = await cluster.snapshot();
      return isRefusal(snapshot) ? snapshot : showAll(target, snapshot, cluster);
    }
    const node = await readNode(cluster, typedNode);
    if (isRefusal(node)) return node;
    return {
      title: `${node.name} on ${target.name}`,
      parts: [
        ...(await showNode(target, node.snapshot, cluster, node.name)),
        ...leftoversOf(node.snapshot.podsOn(node.name)),
      ],
    };
  };
}

async function showAll(target: Target, snapshot: Snapshot, cluster: Cluster): Promise<Answer> {
  const shown = new Set([...keysOf(snapshot), ...tmmNodes(snapshot)]);
  const names = [...shown].sort();
  const parts = await Promise.all(names.map((name) => showNode(target, snapshot, cluster, name)));
  const idle = snapshot.nodes.map(({ name }) => name).filter((name) => !shown.has(name));
  return {
    title: `Top-of-Rack BGP of ${target.name}`,
    parts: [
      ...names.flatMap((name, at): Part[] => [{ kind: 'text', text: name }, ...(parts[at] ?? [])]),
      ...(idle.length === 0
        ? []
        : [{ kind: 'text' as const, text: `Neither mapped nor with a TMM pod: ${idle.sort().join(', ')}.` }]),
      ...leftoversOf(snapshot.pods),
    ],
  };
}

async function showNode(target: Target, snapshot: Snapshot, cluster: Cluster, name: string): Promise<Part[]> {
  const pods = snapshot.podsOn(name).filter((pod) => !isEnded(pod));
  const mapping = lookupsOf(target).flatMap((lookup): [string, string][] => {
    const { data = {}, binaryKeys = [] } = snapshot.lookups.get(lookup.name) ?? {};
    const label = `${lookup.name} (AS ${lookup.asn})`;
    const value = data[name];
    return [
      ...(value === undefined ? [] : [[label, oneLine(value)] as [string, string]]),
      ...(binaryKeys.includes(name) ? [[label, 'in binaryData, not read'] as [string, string]] : []),
    ];
  });
  const node = snapshot.node(name);
  const answering = pods.filter(answersShow);
  // Of this node only: all pods of a large target as a list take longer than the rest of the answer.
  const state = { lookups: snapshot.lookups, pods };
  const inspection = await inspect(cluster, target, state, answering, 'everything');
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
    ...(pods.length === 0 ? [{ kind: 'text' as const, text: 'No TMM pod runs here.' }] : []),
    ...answering.flatMap((pod) => showSessions(inspection, pod)),
    ...silent.map((pod): Part => {
      const why = pod.terminating
        ? 'is ending'
        : pod.routing
          ? `is ${pod.trouble ?? pod.phase}`
          : 'has no routing container';
      return { kind: 'note', tone: 'unknown', text: `${pod.name} ${why}: its sessions are unknown.` };
    }),
  ];
}

/** A value without any address would be an empty line. */
function oneLine(value: string): string {
  const line = value.replace(/\n/g, '\\n');
  return value.trim() === '' ? `"${line}" (no address)` : line;
}

function showSessions(inspection: Inspection, pod: TmmPod): Part[] {
  const sessions = sessionsOf(inspection, pod);
  const routing = routingOf(inspection, pod);
  const rows = [...sessions].map(([peer, verdict]) => [peer, describeSession(verdict)]);
  const hints = [...sessions].filter(([, { kind }]) => kind !== 'established');
  const staleness = stalenessOf(inspection, pod);
  return [
    { kind: 'text', text: `${pod.name} (${pod.ready ? 'Ready' : (pod.trouble ?? 'not Ready')})` },
    rows.length === 0
      ? { kind: 'note', tone: 'warning', text: 'No peer is mapped or configured here.' }
      : { kind: 'table', columns: ['Peer', 'Session'], rows },
    ...(staleness.kind === 'stale' ? [staleNote(pod, staleness.why)] : []),
    ...hints.map(
      ([peer, verdict]): Part => ({
        kind: 'note',
        tone: toneOf(verdict),
        text: `${peer}: ${hintFor(verdict, hintFacts(peer, routing))}`,
      }),
    ),
  ];
}

function staleNote({ name, node = '' }: TmmPod, why: string): Part {
  const text = `${name} is stale: ${why}. To have it read what is there now: restart ${node}`;
  return { kind: 'note', tone: 'warning', text };
}

function toneOf({ kind }: SessionVerdict): 'bad' | 'unknown' | 'warning' {
  if (kind === 'unknown') return 'unknown';
  return kind === 'absent' ? 'warning' : 'bad';
}
