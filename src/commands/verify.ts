import type { Answer, Part } from '../domain/answer.ts';
import { bfdOf, describeBfd } from '../domain/bgp/bfd.ts';
import { comparedSettings } from '../domain/bgp/compare-settings.ts';
import { type FindingCode, findingsOf, WRONG_PEERS } from '../domain/bgp/findings.ts';
import {
  announcedTo,
  expectedPeers,
  expectedPeersOf,
  hintFacts,
  type Inspection,
  lastResetOf,
  routingOf,
  sessionsOf,
} from '../domain/bgp/inspection.ts';
import { keysOf, mappingFaultsOf, WORTH_A_LOOK } from '../domain/bgp/mapping-faults.ts';
import { answersShow, isEnded, type Snapshot, type TmmPod } from '../domain/bgp/snapshot.ts';
import { stalenessOf } from '../domain/bgp/staleness.ts';
import { lookupsOf, type Target } from '../domain/bgp/target.ts';
import type { ParsedCommand } from '../domain/change/change.ts';
import { isRefusal, type Refusal } from '../domain/refusal.ts';
import { hintFor } from '../domain/zebos/hint.ts';
import { describeSession } from '../domain/zebos/judge-session.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { ClusterQuery, QueryHandler } from './grammar/declaration.ts';
import { inspect } from './inspection/inspect.ts';
import { leftoversOf } from './inspection/leftovers.ts';
import { readNode } from './planning/find-node.ts';
import { tmmNodes } from './planning/restarts.ts';
import { EXEC, SEE_TARGET } from './planning/rights.ts';

/** Steps 4 to 7 of the doc for every lookup: pods on their nodes, the right configuration, Established, announcing. */
export const command: ClusterQuery = {
  kind: 'query',
  verb: 'verify',
  summary: 'Check that every TMM peers as its node should, and as the Helm values say',
  forms: [[{ name: 'NODE', kind: 'node', need: 'optional' }]],
  flags: ['target', 'public'],
  examples: ['verify', 'verify worker1.rack.example.com'],
  rights: [...SEE_TARGET, EXEC],
  read,
};

function read(parsed: ParsedCommand): QueryHandler {
  return async (target, cluster): Promise<Answer | Refusal> => {
    const [typedNode] = parsed.args;
    const node = typedNode === undefined ? undefined : await readNode(cluster, typedNode);
    if (node !== undefined && isRefusal(node)) return node;
    const snapshot = node === undefined ? await cluster.snapshot() : node.snapshot;
    if (isRefusal(snapshot)) return snapshot;
    const names = node === undefined ? everyNode(snapshot) : [node.name];
    const checks = (
      await Promise.all(names.map((name) => verifyNode(target, snapshot, cluster, name)))
    ).flat();
    return report(
      target,
      node?.name,
      [...(node === undefined ? verifyLookups(target, snapshot) : []), ...checks],
      leftoversOf(node === undefined ? snapshot.pods : snapshot.podsOn(node.name)),
    );
  };
}

/** One thing that was checked. */
interface Check {
  readonly tone: 'good' | 'warning' | 'bad' | 'unknown';
  readonly node: string;
  readonly sentence: string;
}

function report(
  target: Target,
  node: string | undefined,
  checks: readonly Check[],
  leftovers: readonly Part[],
): Answer {
  const faults = checks.filter(({ tone }) => tone !== 'good');
  const bad = checks.filter(({ tone }) => tone === 'bad').length;
  const unknown = checks.filter(({ tone }) => tone === 'unknown').length;
  const verdict =
    bad > 0
      ? `${bad} of ${checks.length} checks failed`
      : unknown > 0
        ? `${unknown} of ${checks.length} checks could not be made`
        : `all ${checks.length} checks hold`;
  const tone = bad > 0 ? 'bad' : unknown > 0 ? 'unknown' : faults.length > 0 ? 'warning' : 'good';
  return {
    title: `Verified ${node ?? target.name}: ${verdict}`,
    parts: [
      ...faults.map(
        (check): Part => ({ kind: 'note', tone: check.tone, text: `${check.node}: ${check.sentence}` }),
      ),
      { kind: 'note', tone, text: `${checks.length - faults.length} of ${checks.length} hold.` },
      {
        kind: 'preformatted',
        text:
          checks
            .filter((check) => check.tone === 'good')
            .map((check) => `${check.node}: ${check.sentence}`)
            .join('\n') || 'none',
      },
      ...leftovers,
    ],
  };
}

function everyNode(snapshot: Snapshot): readonly string[] {
  return [...new Set([...keysOf(snapshot), ...tmmNodes(snapshot)])].sort();
}

function verifyLookups(target: Target, snapshot: Snapshot): Check[] {
  return lookupsOf(target).map(({ name }): Check => {
    const exists = snapshot.lookups.has(name);
    return exists
      ? {
          tone: 'good',
          node: name,
          sentence: 'the ConfigMap is there, in the namespace of the BIG-IP Controller',
        }
      : {
          tone: 'bad',
          node: name,
          sentence: `there is no ConfigMap of this name in namespace ${target.namespace}.`,
        };
  });
}

async function verifyNode(
  target: Target,
  snapshot: Snapshot,
  cluster: Cluster,
  name: string,
): Promise<Check[]> {
  const pods = snapshot.podsOn(name).filter((pod) => !pod.terminating && !isEnded(pod));
  const isMapped = expectedPeers(target, snapshot.lookups, name).mappedBy.length > 0;
  const checks: Check[] = mappingFaultsOf(target, snapshot, name).map(
    ({ code, sentence, next }): Check => ({
      tone: WORTH_A_LOOK.has(code) ? 'warning' : 'bad',
      node: name,
      sentence: `${sentence} ${next}`,
    }),
  );
  if (snapshot.node(name) === undefined) {
    checks.push({ tone: 'warning', node: name, sentence: 'it is mapped, but not a node of the cluster.' });
  } else if (pods.length === 0) {
    checks.push({ tone: 'warning', node: name, sentence: 'it is mapped, but no TMM pod runs on it.' });
  }
  if (pods.length > 0 && !isMapped) {
    checks.push({ tone: 'bad', node: name, sentence: 'a TMM pod runs on it, but no lookup maps it.' });
  }
  for (const pod of pods) {
    if (!answersShow(pod)) {
      checks.push({
        tone: 'unknown',
        node: name,
        sentence: `${pod.name} cannot be asked: ${pod.trouble ?? pod.phase}.`,
      });
    }
  }
  const answering = pods.filter(answersShow);
  // Of this node only: all pods of a large target as a list take longer than the rest of the answer.
  const state = { lookups: snapshot.lookups, pods };
  const inspection = await inspect(cluster, target, state, answering, 'everything');
  return [...checks, ...answering.flatMap((pod) => verifyPod(name, inspection, pod))];
}

function verifyPod(node: string, inspection: Inspection, pod: TmmPod): Check[] {
  const routing = routingOf(inspection, pod);
  const findings = findingsOf(inspection, pod);
  const sessions = sessionsOf(inspection, pod);
  const expected = expectedPeersOf(inspection, pod);
  const say = (tone: Check['tone'], sentence: string): Check => ({ tone, node, sentence });
  const configured: Check[] =
    findings === undefined
      ? [
          say(
            'unknown',
            `the running-config of ${pod.name} cannot be read${routing.config.readable ? '' : `: ${routing.config.why}`}.`,
          ),
        ]
      : findings.map(({ code, sentence }) => say(toneOf(code), sentence));
  if (findings?.length === 0)
    configured.push(
      say(
        'good',
        `${pod.name} has the peers of its mapping; as in the Helm values: ${comparedSettings(expected)}`,
      ),
    );
  const staleness = stalenessOf(inspection, pod);
  if (staleness.kind === 'stale')
    configured.push(
      say(
        'warning',
        `${pod.name} is stale: ${staleness.why}. To have it read what is there now: restart ${node}`,
      ),
    );
  if (staleness.kind === 'differs')
    configured.push(say('warning', `${pod.name} is not stale: ${staleness.why}.`));
  const established = expected.peers.map(({ address }): Check => {
    const verdict = sessions.get(address) ?? { kind: 'unknown', why: 'it was not asked for' };
    const hint = hintFor(verdict, hintFacts(address, routing));
    if (verdict.kind === 'established') {
      const bfd = bfdOf(inspection, pod, address);
      const told = `${address} ${describeSession(verdict)}${bfd?.kind === 'up' ? `, ${describeBfd(bfd)}` : ''}`;
      return verdict.detail === undefined ? say('good', told) : say('warning', `${told}. ${hint}`);
    }
    const reset = verdict.kind === 'down' ? lastResetOf(address, routing) : undefined;
    const reason = reset === undefined ? '' : `, last reset: ${reset}`;
    return say(
      verdict.kind === 'unknown' ? 'unknown' : 'bad',
      `${address} is ${describeSession(verdict)}${reason}. ${hint}`,
    );
  });
  return [...configured, ...established, ...announcing(node, inspection, pod)];
}

function announcing(node: string, inspection: Inspection, pod: TmmPod): Check[] {
  const sessions = sessionsOf(inspection, pod);
  const routing = routingOf(inspection, pod);
  return expectedPeersOf(inspection, pod).peers.flatMap(({ address, neighbor }): Check[] => {
    if (sessions.get(address)?.kind !== 'established') return [];
    const announced = announcedTo(address, routing);
    if (announced === undefined)
      return [
        {
          tone: 'unknown',
          node,
          sentence: `what ${pod.name} announces to ${address} cannot be read${
            routing.neighbors.readable ? '' : `: ${routing.neighbors.why.replace(/\.$/, '')}`
          }.`,
        },
      ];
    if (announced > 0)
      return [
        {
          tone: 'good',
          node,
          sentence: `${announced} ${announced === 1 ? 'prefix' : 'prefixes'} announced to ${address}`,
        },
      ];
    const accepts = neighbor.acceptsIPv4 || neighbor.acceptsIPv6;
    const why = accepts
      ? `there is no virtual server, or a filter drops it (show ${node} --routes)`
      : 'acceptsIPv4 and acceptsIPv6 are false';
    return [{ tone: 'warning', node, sentence: `nothing is announced to ${address}: ${why}.` }];
  });
}

function toneOf(code: FindingCode): Check['tone'] {
  if (code === 'peer_unseen' || code === 'bfd_unknown') return 'unknown';
  return WRONG_PEERS.has(code) ? 'bad' : 'warning';
}
