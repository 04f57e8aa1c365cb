import type { Answer, Part, Tone } from '../domain/answer.ts';
import { type Inspection, sessionsOf } from '../domain/bgp/inspection.ts';
import { type LiveSession, worstFirst } from '../domain/bgp/live-sessions.ts';
import { mentionedAddresses, quotedValue } from '../domain/bgp/mapping.ts';
import { answersShow, isEnded, type Snapshot, type TmmPod } from '../domain/bgp/snapshot.ts';
import { lookupsOf, type Target } from '../domain/bgp/target.ts';
import type { ParsedCommand } from '../domain/change/change.ts';
import { counted } from '../domain/phrasing.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import { describeSession, type SessionVerdict } from '../domain/zebos/judge-session.ts';
import { isNodeLike, readAddresses } from './grammar/addresses.ts';
import type { ClusterQuery, QueryHandler } from './grammar/declaration.ts';
import { inspect, openInspection } from './inspection/inspect.ts';
import { staticPeers } from './planning/as-conflicts.ts';
import { EXEC, SEE_TARGET } from './planning/rights.ts';

/** The nodes that one router serves: to be checked before the router is removed. */
export const command: ClusterQuery = {
  kind: 'query',
  verb: 'peers',
  summary: 'Which nodes, lookups, AS and sessions a router serves',
  forms: [[{ name: 'IP', kind: 'addresses', need: 'required' }]],
  flags: ['target', 'public'],
  examples: ['peers 10.20.1.1'],
  rights: [...SEE_TARGET, EXEC],
  read,
};

function read(parsed: ParsedCommand): QueryHandler | Refusal {
  const addresses = readAddresses(parsed.args);
  if (isRefusal(addresses)) {
    const [word = '', ...more] = parsed.args;
    return more.length === 0 && isNodeLike(word) ? notARouter(word) : addresses;
  }
  const [router, second] = addresses;
  if (router === undefined || second !== undefined)
    return refuse(
      'unknown_argument',
      'peers takes one address.',
      'Query one router at a time: peers 10.20.1.1',
    );
  return async (target, cluster) => {
    const snapshot = await cluster.snapshot();
    if (isRefusal(snapshot)) return snapshot;
    const pods = snapshot.pods.filter(answersShow);
    const inspection = await inspect(cluster, openInspection(target, snapshot), pods, 'everything');
    return answer(router.text, target, snapshot, inspection, pods);
  };
}

function answer(
  router: string,
  target: Target,
  snapshot: Snapshot,
  inspection: Inspection,
  pods: readonly TmmPod[],
): Answer {
  const sessions = pods.flatMap((pod) => {
    const verdict = sessionsOf(inspection, pod).get(router);
    return verdict === undefined ? [] : [{ pod, node: pod.node ?? '-', verdict }];
  });
  const mapped = lookupsOf(target).flatMap(({ name, asn }) =>
    (snapshot.lookupIndex(name).nodesByPeer.get(router) ?? []).map((node) => ({ node, lookup: name, asn })),
  );
  const fixed = staticPeers(target, router);
  const mappedNodes = new Set(mapped.map(({ node }) => node));
  const rows = [
    ...mapped.flatMap(({ node, lookup, asn }) => {
      const here = sessions.filter((session) => session.node === node);
      const row = (pod: string, words: string, state: SessionVerdict['kind']): Row => ({
        peer: node,
        state,
        cells: [node, lookup, String(asn), pod, words],
      });
      return here.length === 0
        ? [
            row(
              '-',
              snapshot.podsOn(node).every(isEnded)
                ? 'no TMM pod runs there'
                : 'no TMM pod there can be queried',
              'unknown',
            ),
          ]
        : here.map(({ pod, verdict }) => row(pod.name, describeSession(verdict), verdict.kind));
    }),
    ...sessions
      .filter(({ node }) => !mappedNodes.has(node))
      .map(({ pod, node, verdict }) => {
        const [index] = fixed;
        const place = index === undefined ? 'not mapped' : `neighbors[${index}].ip`;
        const asn = index === undefined ? '-' : String(target.bgp.neighbors[index]?.asn ?? '-');
        const cells = [node, place, asn, pod.name, describeSession(verdict)];
        return { peer: node, state: verdict.kind, cells };
      }),
  ].sort(worstFirst);
  const counts = (kind: SessionVerdict['kind']): number =>
    sessions.filter(({ verdict }) => verdict.kind === kind).length;
  const unwell = sessions.length - counts('established');
  return {
    title: `${router} on ${target.name}: ${counted(mappedNodes.size, 'node')} mapped, ${counts('established')} of ${sessions.length} sessions Established`,
    parts: [
      ...(unwell === 0
        ? []
        : [
            note(
              counts('down') > 0 ? 'bad' : 'warning',
              `${counts('down')} down, ${counts('absent')} absent, ${counts('unknown')} unknown.`,
            ),
          ]),
      ...severalAs(
        router,
        target,
        mapped.map(({ asn }) => asn),
        fixed,
      ),
      ...fixed.map((index) =>
        note(
          'warning',
          `It is neighbors[${index}].ip of the Helm values: a peer of all TMMs, changed by a Helm upgrade.`,
        ),
      ),
      ...unreadableMentions(router, target, snapshot),
      rows.length === 0
        ? { kind: 'text', text: 'No lookup maps it, and no TMM pod has it as a peer.' }
        : {
            kind: 'table',
            columns: ['Node', 'Where', 'AS', 'TMM pod', 'Session'],
            rows: rows.slice(0, MAX_ROWS).map(({ cells }) => cells),
          },
      ...(rows.length > MAX_ROWS
        ? [{ kind: 'text' as const, text: `${MAX_ROWS} of ${rows.length} rows are shown.` }]
        : []),
    ],
  };
}

function notARouter(word: string): Refusal {
  return refuse(
    'not_an_address',
    `"${word.slice(0, 60)}" is not an IP address: peers takes the address of a router.`,
    `The peers of a node: show ${word.slice(0, 60)}`,
  );
}

const MAX_ROWS = 50;

/** Rows are sorted worst first; `peer` is the node at the other end. */
interface Row extends Pick<LiveSession, 'peer' | 'state'> {
  readonly cells: readonly string[];
}

function severalAs(
  router: string,
  { bgp }: Target,
  mapped: readonly number[],
  fixed: readonly number[],
): readonly Part[] {
  const numbers = new Set([...mapped, ...fixed.flatMap((index) => bgp.neighbors[index]?.asn ?? [])]);
  return numbers.size < 2
    ? []
    : [
        note(
          'bad',
          `${router} has ${[...numbers]
            .sort((one, other) => one - other)
            .map((asn) => `AS ${asn}`)
            .join(' and ')}: a router has one AS.`,
        ),
      ];
}

/** Values that cannot be read but mention the router, and the number of other unreadable ones. */
function unreadableMentions(router: string, target: Target, snapshot: Snapshot): readonly Part[] {
  const unread = lookupsOf(target).flatMap(({ name }) => {
    const { unreadable, data } = snapshot.lookupIndex(name);
    return unreadable
      .keys()
      .map((node) => ({ node, lookup: name, value: data[node] ?? '', why: unreadable.get(node) }));
  });
  const named = unread.filter(({ value }) => mentionedAddresses(value).includes(router));
  const others = unread.length - named.length;
  return [
    ...named
      .slice(0, MAX_ROWS)
      .map(({ node, lookup, value, why }) =>
        note(
          'bad',
          `It is in the value of ${node} in ${lookup}, ${quotedValue(value)}, which cannot be read: ${why}.`,
        ),
      ),
    ...(others === 0
      ? []
      : [
          note(
            'unknown',
            `${counted(others, 'more value')} cannot be read (see nodes): whether they contain it is unknown.`,
          ),
        ]),
  ];
}

function note(tone: Tone, text: string): Part {
  return { kind: 'note', tone, text };
}
