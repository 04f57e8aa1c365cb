import type { Inspection } from '../bgp/inspection.ts';
import type { Baseline } from '../change/change.ts';
import { replacementsIn } from './baseline.ts';
import { type CheckResult, PASS, wait } from './check.ts';

/** There are as many new TMM pods as were evicted, wherever they were scheduled. */
export function replacementExists(inspection: Inspection, evicted: number, before: Baseline): CheckResult {
  const there = replacementsIn(inspection, before).length;
  if (there >= evicted) return PASS;
  const fewer = evicted - there;
  return wait(`replacements ${there}`, {
    reasonCode: 'replacement_missing',
    sentence: evicted === 1 ? 'There is no new TMM pod' : `There are ${there} of ${evicted} new TMM pods`,
    traffic: `Until then there ${fewer === 1 ? 'is' : 'are'} ${fewer} TMM ${fewer === 1 ? 'pod' : 'pods'} fewer to carry traffic.`,
    next: 'Look at the workload that owns the TMM pods: was it scaled down?',
  });
}
