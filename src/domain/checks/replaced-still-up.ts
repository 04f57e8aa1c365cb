import type { Inspection } from '../bgp/inspection.ts';
import type { Baseline } from '../change/change.ts';
import { counted } from '../phrasing.ts';
import { type EvictedPod, type Judgement, PASS, type Wait, wait } from './check.ts';
import { nodeMapped } from './mapping.ts';
import { isDesiredKnown, podsOn, replacementsOf } from './replacements.ts';
import { sessionsEstablished } from './sessions-established.ts';

/** A TMM pod that this change evicted, and the state before. */
export interface ReplacedPod {
  readonly evicted: EvictedPod;
  readonly before: Baseline;
  /** Whether its node may be left without a TMM pod. */
  readonly mayBeElsewhere: boolean;
}

/**
 * The replacements of the pods that this change evicted are still up, for the hold time, wherever they run. All of them are read
 * in parallel.
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
  const lost = lostOf(inspection, replaced);
  if (lost !== undefined) return lost;
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
    // It was up before: the words for one that did not come up would be wrong.
    const { overdue: _, ...complaint } = judgement;
    return { ...complaint, reasonCode: 'replaced_tmm_down', sentence };
  }
  return PASS;
}

/** Where nothing tells how many pods the controller wants, there is still one for each that was evicted. */
function lostOf(inspection: Inspection, replaced: readonly ReplacedPod[]): Wait | undefined {
  // The watches do not include controllers: a live read decides.
  if (inspection.workloads === undefined) return undefined;
  const uncounted = replaced.filter(({ before }) => !isDesiredKnown(inspection, before));
  const there = new Set(
    uncounted.flatMap(({ evicted, before }) => replacementsOf(inspection, [evicted], before)),
  );
  const fewer = uncounted.length - there.size;
  if (fewer <= 0) return undefined;
  return wait(`replaced ${fewer} gone`, {
    reasonCode: 'replaced_tmm_down',
    sentence: `${fewer} of the ${uncounted.length} TMM pods that this change started ${fewer === 1 ? 'is' : 'are'} gone`,
    traffic: `There ${fewer === 1 ? 'is' : 'are'} ${counted(fewer, 'TMM pod')} fewer to carry traffic.`,
    next: 'Look at the TMM pods, and at the workload that owns them: was it scaled down?',
  });
}

function noneThere(node: string): Wait {
  return wait(`replaced ${node} gone`, {
    reasonCode: 'replaced_tmm_down',
    sentence: `The TMM pod that this change started on ${node} is gone, and there is no other one`,
    traffic: `No TMM on ${node} peers with its routers: the node carries no traffic.`,
    next: `Look at the TMM pods, and at the node: kubectl describe node ${node}`,
  });
}
