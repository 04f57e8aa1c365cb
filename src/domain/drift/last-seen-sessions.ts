import { type LiveSession, liveSessionsOf } from '../bgp/live-sessions.ts';
import type { DriftLook } from './observers.ts';

/** How each session stood at a check, by node and then by peer. */
export type LastSeenSessions = Readonly<Record<string, Readonly<Record<string, LiveSession['state']>>>>;

/** Of two TMM pods on one node, the worse session counts. Pods that were not asked are not in it. */
export function lastSeenSessions({
  inspection,
  pods,
}: Pick<DriftLook, 'inspection' | 'pods'>): LastSeenSessions {
  const seen: Record<string, Record<string, LiveSession['state']>> = {};
  for (const pod of pods) {
    const { node } = pod;
    if (node === undefined) continue;
    const here = seen[node] ?? {};
    seen[node] = here;
    for (const { peer, state } of liveSessionsOf(inspection, pod)) {
      const held = here[peer];
      if (held === undefined || WORST.indexOf(state) < WORST.indexOf(held)) here[peer] = state;
    }
  }
  return seen;
}

const WORST: readonly LiveSession['state'][] = ['down', 'unknown', 'absent', 'established'];
