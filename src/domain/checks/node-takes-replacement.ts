import type { Inspection } from '../bgp/inspection.ts';
import { displacementOf } from '../bgp/scheduling.ts';
import { type CheckResult, PASS, wait } from './check.ts';
import { podsOn } from './replacements.ts';

/**
 * Before an eviction: nothing is known to keep the replacement off the node of this pod, unless another TMM stays there. The plan
 * foresaw none, but since then somebody may have cordoned, tainted or deleted the node, or orphaned the pod.
 * @param planned uids of all pods that this change evicts
 */
export function nodeTakesReplacement(
  inspection: Inspection,
  { uid, name, node }: { readonly uid: string; readonly name: string; readonly node: string },
  planned: ReadonlySet<string>,
): CheckResult {
  const here = podsOn(inspection, node);
  const own = here.find((pod) => pod.uid === uid);
  if (own === undefined || here.some((pod) => !planned.has(pod.uid))) return PASS;
  const found = inspection.node?.(node);
  const why = found === undefined ? 'it is not in the cluster' : displacementOf(own, found, () => [])?.why;
  if (why === undefined) return PASS;
  return wait(`node ${node} ${why}`, {
    reasonCode: 'node_unschedulable',
    sentence: `${node} accepts no new TMM pod in place of ${name} (${why})`,
    traffic: `${name} was left alone and keeps running.`,
    next: `Look at the node: kubectl describe node ${node}. An approver may go on without a TMM there.`,
    node,
  });
}
