import type { Inspection } from '../bgp/inspection.ts';
import type { Baseline } from '../change/change.ts';
import { type EvictedPod, type Judgement, PASS, type Wait, wait } from './check.ts';
import { nodeMapped } from './mapping.ts';
import { podsOn, replacementsOf } from './replacements.ts';
import { sessionsEstablished } from './sessions-established.ts';

/** A TMM pod that this change took, and what there was before. */
export interface ReplacedPod {
  readonly evicted: EvictedPod;
  readonly before: Baseline;
  /** Whether it is all right that its node has no TMM pod any more. */
  readonly mayBeElsewhere: boolean;
}

/**
 * What came in place of the pods that this change took is still up, and lasts, wherever it runs. All of them are read side by
 * side.
 */
export function replacedStillUp(
  inspection: Inspection,
  replaced: readonly ReplacedPod[],
  holdTimeMs: number,
  mayBeUnmapped: (node: string) => boolean,
): Judgement {
  const empty = replaced.find(
    ({ evicted, mayBeElsewhere }) => !mayBeElsewhere && podsOn(inspection, evicted.node).length === 0,
  );
  if (empty !== undefined) return noneThere(empty.evicted.node);
  const pods = new Set(
    replaced.flatMap(({ evicted, before }) => replacementsOf(inspection, [evicted], before)),
  );
  for (const pod of pods) {
    const mapped = nodeMapped(inspection, pod, mayBeUnmapped(pod.node ?? ''));
    if (mapped.kind !== 'pass') return mapped;
  }
  const judged = [...pods].map((pod) => ({
    pod,
    judgement: sessionsEstablished(inspection, pod, holdTimeMs),
  }));
  const [first, ...also] = judged.flatMap(({ judgement }) =>
    judgement.kind === 'unread' ? [judgement] : [],
  );
  if (first !== undefined) return { ...first, also };
  for (const { pod, judgement } of judged) {
    if (judgement.kind !== 'wait') continue;
    const sentence = `${pod.name}, which this change started, is not up any more: ${judgement.sentence}`;
    // It was up before: that it did not come up would be the wrong words.
    const { overdue: _, ...complaint } = judgement;
    return { ...complaint, reasonCode: 'replaced_tmm_down', sentence };
  }
  return PASS;
}

function noneThere(node: string): Wait {
  return wait(`replaced ${node} gone`, {
    reasonCode: 'replaced_tmm_down',
    sentence: `The TMM pod that this change started on ${node} is gone, and there is no other one`,
    traffic: `No TMM on ${node} peers with its routers: the node carries no traffic.`,
    next: `Look at the TMM pods, and at the node: kubectl describe node ${node}`,
  });
}
