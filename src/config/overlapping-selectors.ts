import type { Target } from '../domain/bgp/target.ts';
import type { Fault } from '../domain/fault.ts';

/**
 * Targets of one cluster whose selectors are written differently and may select the same TMM pods: changes on one set of pods wait
 * for each other only where the selector is the same text.
 */
export function overlappingSelectors(targets: readonly Target[]): readonly Fault[] {
  return targets.flatMap((target, at) => {
    const other = targets.slice(0, at).find((earlier) => mayOverlap(earlier, target));
    if (other === undefined) return [];
    return [
      {
        path: `targets[${at}].tmm.selector`,
        problem: `${target.tmm.selector} and ${other.tmm.selector} of target ${other.name} may select the same TMM pods in ${target.tmm.namespace}`,
        remedy: `Write the same selector for both, so that their changes wait for each other, or give one label different values: ${LABEL_EXAMPLE}.`,
      },
    ];
  });
}

const LABEL_EXAMPLE = 'app=f5-tmm,rack=r1 and app=f5-tmm,rack=r2';

function mayOverlap(one: Target, other: Target): boolean {
  if (one.context !== other.context || one.tmm.namespace !== other.tmm.namespace) return false;
  if (one.tmm.selector === other.tmm.selector) return false;
  const others = requiredValues(other.tmm.selector);
  return requiredValues(one.tmm.selector).every(([label, values]) =>
    others.every((also) => also[0] !== label || also[1].some((value) => values.includes(value))),
  );
}

/** Each label of which a selector requires one of these values; other requirements are left out. */
function requiredValues(selector: string): readonly (readonly [label: string, values: readonly string[]])[] {
  return [...selector.matchAll(REQUIREMENT)].map(([, label = '', value = '', set = value]) => [
    label,
    set.split(',').map((one) => one.trim()),
  ]);
}

/** `label=value`, `label==value` or `label in (value, value)`. */
const REQUIREMENT = /([^\s!=,()]+)(?:\s*==?\s*([^\s!=,()]*)|\s+in\s*\(([^)]*)\))/g;
