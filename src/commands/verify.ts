import type { Answer, Part } from '../domain/answer.ts';
import { expectedPeers } from '../domain/bgp/inspection.ts';
import { keysOf, mappingFaultsOf, shortKeyOf, WORTH_A_LOOK } from '../domain/bgp/mapping-faults.ts';
import { answersShow, isEnded, type Snapshot, whySilent } from '../domain/bgp/snapshot.ts';
import { lookupsOf, type Target } from '../domain/bgp/target.ts';
import type { ParsedCommand } from '../domain/change/change.ts';
import { compareNames } from '../domain/natural-order.ts';
import { isRefusal, type Refusal } from '../domain/refusal.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { ClusterQuery, QueryHandler } from './grammar/declaration.ts';
import { endedPods } from './inspection/ended-pods.ts';
import { inspect, openInspection } from './inspection/inspect.ts';
import { type Check, verifyPod, verifyStaleness } from './inspection/verify-pod.ts';
import { askedNode, resolveNode } from './planning/find-node.ts';
import { tmmNodes } from './planning/plan-parts.ts';
import { EXEC, SEE_TARGET } from './planning/rights.ts';

/** Steps 4 to 7 of F5's procedure for every lookup: pods on their nodes, correct configuration, Established, announcing. */
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
    const typedNode = askedNode(parsed);
    const node = typedNode === undefined ? undefined : await resolveNode(cluster, typedNode);
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
      endedPods(node === undefined ? snapshot.pods : snapshot.podsOn(node.name)),
    );
  };
}

function report(
  target: Target,
  node: string | undefined,
  checks: readonly Check[],
  leftovers: readonly Part[],
): Answer {
  const faults = checks.filter(({ tone }) => tone !== 'good').sort(worstFirst);
  const bad = checks.filter(({ tone }) => tone === 'bad').length;
  const unknown = checks.filter(({ tone }) => tone === 'unknown').length;
  const verdict =
    bad > 0
      ? `${bad} of ${checks.length} checks failed`
      : unknown > 0
        ? `${unknown} of ${checks.length} checks could not be completed`
        : `all ${checks.length} checks passed`;
  const tone = bad > 0 ? 'bad' : unknown > 0 ? 'unknown' : faults.length > 0 ? 'warning' : 'good';
  return {
    title: `Verified ${node ?? target.name}: ${verdict}`,
    parts: [
      ...faults.map(
        (check): Part => ({ kind: 'note', tone: check.tone, text: `${check.node}: ${check.sentence}` }),
      ),
      { kind: 'note', tone, text: `${checks.length - faults.length} of ${checks.length} passed.` },
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

const WORST: readonly Check['tone'][] = ['bad', 'unknown', 'warning', 'good'];

/** Within one tone in their original order: node by node. */
function worstFirst(one: Check, other: Check): number {
  return WORST.indexOf(one.tone) - WORST.indexOf(other.tone);
}

function everyNode(snapshot: Snapshot): readonly string[] {
  return [...new Set([...keysOf(snapshot), ...tmmNodes(snapshot)])].sort(compareNames);
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
    const meant = shortKeyOf(snapshot, name);
    const sentence = `it is mapped, but not a node of the cluster.${meant === undefined ? '' : ` ${meant}`}`;
    checks.push({ tone: 'warning', node: name, sentence });
  } else if (pods.length === 0) {
    const sentence = isMapped
      ? 'it is mapped, but no TMM pod runs on it.'
      : 'no lookup maps it, and no TMM pod runs on it.';
    checks.push({ tone: 'warning', node: name, sentence });
  }
  if (pods.length > 0 && !isMapped) {
    checks.push({ tone: 'bad', node: name, sentence: 'a TMM pod runs on it, but no lookup maps it.' });
  }
  const answering = pods.filter(answersShow);
  const inspection = await inspect(cluster, openInspection(target, snapshot, pods), answering, 'everything');
  for (const pod of pods) {
    if (answersShow(pod)) continue;
    const sentence = `${pod.name} cannot be queried: it ${whySilent(pod)}.`;
    checks.push({ tone: 'unknown', node: name, sentence }, ...verifyStaleness(name, inspection, pod));
  }
  return [...checks, ...answering.flatMap((pod) => verifyPod(name, inspection, pod))];
}
