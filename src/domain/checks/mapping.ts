import { expectedPeersOf, type Inspection } from '../bgp/inspection.ts';
import { describeValue } from '../bgp/mapping.ts';
import type { TmmPod } from '../bgp/snapshot.ts';
import type { Difference, Plan } from '../change/plan.ts';
import { type CheckResult, type Fail, fail, PASS } from './check.ts';

/**
 * The approved plan still holds: the lookups are the approved ones, keys that this change wrote have its value, and the others
 * have the value that the approver saw, or already the new one.
 */
export function planHolds(
  inspection: Inspection,
  { differences, cluster }: Pick<Plan, 'differences' | 'cluster'>,
  isWritten: (difference: Difference) => boolean,
): CheckResult {
  for (const [lookup, approvedUid] of Object.entries(cluster.lookups)) {
    const uid = inspection.lookups.get(lookup)?.uid;
    if (uid !== approvedUid) return lookupReplaced(lookup, uid);
  }
  for (const difference of differences) {
    const { before, after } = difference;
    const actual = valueIn(inspection, difference);
    if (isWritten(difference)) {
      if (actual !== after) return mappingMoved(inspection, difference);
    } else if (actual !== before && actual !== after) return mappingDiffers(difference, actual);
  }
  return PASS;
}

/** After the write: the key holds the new value. */
export function mappingWritten(inspection: Inspection, difference: Difference): CheckResult {
  return valueIn(inspection, difference) === difference.after ? PASS : mappingMoved(inspection, difference);
}

/**
 * The pod has peers where it runs, by values that can be read: a pod without peers would pass any check of its sessions.
 * @param mayBeUnmapped whether it was approved that no lookup maps its node any more
 */
export function nodeMapped(
  inspection: Inspection,
  pod: Pick<TmmPod, 'name' | 'node'>,
  mayBeUnmapped: boolean,
): CheckResult {
  const { peers, unreadable } = expectedPeersOf(inspection, pod);
  const node = pod.node ?? 'no node';
  if (unreadable.length > 0) {
    return fail({
      reasonCode: 'mapping_unreadable',
      sentence: `The mapping of ${node} cannot be read: ${unreadable.join('; ')}.`,
      next: `Correct the value of ${node} in the ConfigMap, then check again.`,
    });
  }
  if (peers.length > 0 || mayBeUnmapped) return PASS;
  return fail({
    reasonCode: 'replacement_unmapped',
    sentence: `${pod.name} runs on ${node}, which no lookup maps.`,
    traffic: 'It has no peer and carries no traffic.',
    next: `Map the node (add ${node} IP) and restart it, or keep TMM pods away from it.`,
  });
}

/** Before an eviction: the replacement on the node will find its peers in the mapping. */
export function mappedForReplacement(
  inspection: Inspection,
  pod: Pick<TmmPod, 'name' | 'node'>,
  mayBeUnmapped: boolean,
): CheckResult {
  const judged = nodeMapped(inspection, pod, mayBeUnmapped);
  if (judged.kind !== 'fail') return judged;
  const { traffic: _, ...complaint } = judged;
  return { ...complaint, sentence: `${judged.sentence} ${pod.name} was left alone.` };
}

/** Before the write: nothing shows that the ConfigMap cannot be written. */
export function lookupWritable({ lookups }: Inspection, { lookup }: Difference): CheckResult {
  if (lookups.get(lookup)?.immutable !== true) return PASS;
  return fail({
    reasonCode: 'lookup_immutable',
    sentence: `ConfigMap ${lookup} is immutable.`,
    next: 'Its owner has to delete and recreate it.',
  });
}

/** Why a key that has neither the old nor the new value is not written. */
export function mappingDiffers({ lookup, node, before }: Difference, actual: string | null): Fail {
  return fail({
    reasonCode: 'mapping_changed_meanwhile',
    sentence: `${lookup} holds ${describeValue(actual)} for ${node}; the plan was made from ${describeValue(before)}. It was left alone.`,
    next: 'Find out who changed it, then submit the command again.',
  });
}

function mappingMoved(inspection: Inspection, difference: Difference): Fail {
  const { lookup, node, after } = difference;
  const writer = inspection.lookups.get(lookup)?.writers[node];
  const who = writer === undefined ? 'somebody else' : `${writer.manager} at ${writer.at}`;
  return fail({
    reasonCode: 'mapping_moved',
    sentence: `${lookup} holds ${describeValue(valueIn(inspection, difference))} for ${node}, written by ${who}; this change wrote ${describeValue(after)}.`,
    next: 'Find out who changed it. Set it back and check again, or close this change and submit the command again.',
  });
}

function lookupReplaced(lookup: string, uid: string | undefined): Fail {
  return fail({
    reasonCode: 'mapping_moved',
    sentence:
      uid === undefined
        ? `ConfigMap ${lookup} is gone.`
        : `ConfigMap ${lookup} was deleted and created again since the plan was made.`,
    next: 'Find out who did it, then close this change and submit the command again.',
  });
}

function valueIn({ lookups }: Inspection, { lookup, node }: Difference): string | null {
  return lookups.get(lookup)?.data[node] ?? null;
}
