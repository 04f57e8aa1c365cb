import type { Part } from '../../domain/answer.ts';
import { isEnded, type TmmPod } from '../../domain/bgp/snapshot.ts';

const MAX_PODS = 10;

/** Names pods that ended and were left over, once; they never count as TMM pods. */
export function endedPods(pods: readonly TmmPod[]): readonly Part[] {
  const ended = pods.filter(isEnded);
  const [first] = ended;
  if (first === undefined) return [];
  const names = ended.slice(0, MAX_PODS).map(({ name, node, phase, notReadyReason }) => {
    return `${name}${node === undefined ? '' : ` on ${node}`} (${phase}${notReadyReason === undefined ? '' : `: ${notReadyReason}`})`;
  });
  const more = ended.length > names.length ? ` and ${ended.length - names.length} more` : '';
  const text = `Leftover pods that have ended: ${names.join(', ')}${more}. To clean up: kubectl delete pod ${first.name} -n ${first.namespace}`;
  return [{ kind: 'text', text }];
}
