import type { Inspection } from '../bgp/inspection.ts';
import type { Difference } from '../change/plan.ts';
import { clipWellFormed } from '../well-formed.ts';
import { type CheckResult, type Fail, fail, PASS } from './check.ts';

/** Before the write: the key holds the value that the approver saw, or already the new one. */
export function mappingAsPlanned(inspection: Inspection, difference: Difference): CheckResult {
  const actual = valueIn(inspection, difference);
  return actual === difference.before || actual === difference.after
    ? PASS
    : mappingDiffers(difference, actual);
}

/** After the write: the key holds the new value. */
export function mappingWritten(inspection: Inspection, difference: Difference): CheckResult {
  const { lookup, node, after } = difference;
  const actual = valueIn(inspection, difference);
  if (actual === after) return PASS;
  return fail({
    reasonCode: 'mapping_changed_meanwhile',
    sentence: `${lookup} holds ${quote(actual)} for ${node}, not ${quote(after)}, which this change wrote.`,
    traffic: 'No TMM pod of this node was restarted.',
    next: 'Somebody else changed it meanwhile: find out who, then ask again.',
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

function valueIn({ lookups }: Inspection, { lookup, node }: Difference): string | null {
  return lookups.get(lookup)?.data[node] ?? null;
}

function quote(value: string | null): string {
  return value === null ? 'nothing' : JSON.stringify(clipWellFormed(value, 200));
}
