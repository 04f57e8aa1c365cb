import type { Inspection } from '../bgp/inspection.ts';
import { type CheckResult, PASS, wait, whereabouts } from './check.ts';

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
