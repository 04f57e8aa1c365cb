import type { Inspection } from '../bgp/inspection.ts';
import { type Judgement, PASS } from './check.ts';
import { podsOn } from './replacements.ts';
import { sessionsEstablished } from './sessions-established.ts';

/** What this change replaced on these nodes is still up, and lasts. All of them are read side by side. */
export function replacedStillUp(
  inspection: Inspection,
  nodes: readonly string[],
  holdTimeMs: number,
): Judgement {
  const judged = nodes
    .flatMap((node) => podsOn(inspection, node))
    .map((pod) => ({ pod, judgement: sessionsEstablished(inspection, pod, holdTimeMs) }));
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
