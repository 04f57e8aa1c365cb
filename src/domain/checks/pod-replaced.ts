import type { Inspection } from '../bgp/inspection.ts';
import type { TmmPod } from '../bgp/snapshot.ts';
import type { Baseline } from '../change/change.ts';
import { replacementsIn } from './baseline.ts';
import { type CheckResult, PASS, wait, whereabouts } from './check.ts';

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

/** The pods that were evicted are gone: until then their names, addresses and sessions may still be in use. */
export function evictedPodsGone({ pods }: Inspection, uids: readonly string[]): CheckResult {
  const old = pods.filter(({ uid }) => uids.includes(uid));
  if (old.length === 0) return PASS;
  return wait(`ending ${old.map(({ uid }) => uid).join()}`, {
    reasonCode: 'eviction_slow',
    sentence: `${old.map(whereabouts).join(', ')} ${old.length === 1 ? 'is' : 'are'} still ending`,
    next: 'Look at the node: a kubelet that does not answer keeps a pod from ending.',
  });
}

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
