import type { Inspection } from '../bgp/inspection.ts';
import type { TmmPod } from '../bgp/snapshot.ts';
import type { Baseline } from '../change/change.ts';
import { replacementsIn } from './baseline.ts';
import { type CheckResult, PASS, wait, whereabouts } from './check.ts';

/** Every new TMM pod is Ready. Where there is none yet, that is not for this check to say. */
export function replacementReady(inspection: Inspection, before: Baseline): CheckResult {
  const unready = replacementsIn(inspection, before).filter(({ ready }) => !ready);
  const [first] = unready;
  if (first === undefined) return PASS;
  const why = ({ trouble, phase }: TmmPod): string => trouble ?? phase;
  return wait(`ready ${unready.map((pod) => pod.uid + why(pod)).join()}`, {
    reasonCode: 'replacement_not_ready',
    sentence: unready.map((pod) => `${whereabouts(pod)} is not Ready (${why(pod)})`).join('; '),
    traffic: `${unready.length === 1 ? 'It carries' : 'They carry'} no traffic yet.`,
    next: `Look at it: kubectl describe pod ${first.name} -n ${first.namespace}`,
  });
}
