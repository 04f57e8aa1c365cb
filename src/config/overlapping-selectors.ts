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
  const [labels, others] = [requiredLabels(one.tmm.selector), requiredLabels(other.tmm.selector)];
  return ![...labels].some(([label, value]) => others.has(label) && others.get(label) !== value);
}

/** The labels that a selector requires with one value; other requirements are left out. */
function requiredLabels(selector: string): ReadonlyMap<string, string> {
  const withoutSets = selector.replace(/\([^)]*\)/g, '');
  return new Map(
    withoutSets.split(',').flatMap((requirement): [string, string][] => {
      const [, label, value] = /^\s*([^\s!=]+)\s*==?\s*([^\s!=]*)\s*$/.exec(requirement) ?? [];
      return label === undefined || value === undefined ? [] : [[label, value]];
    }),
  );
}
