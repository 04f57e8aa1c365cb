import type { Inspection } from '../bgp/inspection.ts';
import type { Difference, Plan } from '../change/plan.ts';
import { clipWellFormed } from '../well-formed.ts';
import { type CheckResult, type Fail, fail, PASS } from './check.ts';

/**
 * The approved plan still holds: lookups are the ones that were approved, keys that this change wrote hold what it wrote,
 * the others what the approver saw, or already the new value.
 */
export function planHolds(
  inspection: Inspection,
  { differences, cluster }: Pick<Plan, 'differences' | 'cluster'>,
  isWritten: (difference: Difference) => boolean,
): CheckResult {
  for (const difference of differences) {
    const { lookup, before, after } = difference;
    const approvedUid = cluster.lookups[lookup];
    const uid = inspection.lookups.get(lookup)?.uid;
    if (approvedUid !== undefined && uid !== approvedUid) return lookupReplaced(lookup, uid);
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

/** Before the write: nothing says that the ConfigMap cannot be written. */
export function lookupWritable({ lookups }: Inspection, { lookup }: Difference): CheckResult {
  if (lookups.get(lookup)?.immutable !== true) return PASS;
  return fail({
    reasonCode: 'lookup_immutable',
    sentence: `ConfigMap ${lookup} is immutable.`,
    next: 'It has to be deleted and created again, by whoever owns it.',
  });
}

/** Why a key that holds neither the old value nor the new one is left alone. */
export function mappingDiffers({ lookup, node, before }: Difference, actual: string | null): Fail {
  return fail({
    reasonCode: 'mapping_changed_meanwhile',
    sentence: `${lookup} holds ${quote(actual)} for ${node}; the plan was made from ${quote(before)}. It was left alone.`,
    next: 'Somebody else changed it meanwhile: find out who, then ask again.',
  });
}

function mappingMoved(inspection: Inspection, difference: Difference): Fail {
  const { lookup, node, after } = difference;
  const writer = inspection.lookups.get(lookup)?.writers[node];
  const who = writer === undefined ? 'somebody else' : `${writer.manager} at ${writer.at}`;
  return fail({
    reasonCode: 'mapping_moved',
    sentence: `${lookup} holds ${quote(valueIn(inspection, difference))} for ${node}, written by ${who}; this change wrote ${quote(after)}.`,
    next: 'Find out who moved it. Set it back and check again, or close this change and ask again.',
  });
}

function lookupReplaced(lookup: string, uid: string | undefined): Fail {
  return fail({
    reasonCode: 'mapping_moved',
    sentence:
      uid === undefined
        ? `ConfigMap ${lookup} is gone.`
        : `ConfigMap ${lookup} was deleted and created again since the plan was made.`,
    next: 'Find out who did it, then close this change and ask again.',
  });
}

function valueIn({ lookups }: Inspection, { lookup, node }: Difference): string | null {
  return lookups.get(lookup)?.data[node] ?? null;
}

function quote(value: string | null): string {
  return value === null ? 'nothing' : JSON.stringify(clipWellFormed(value, 200));
}
