import type { Impact, PeerImpact, PodImpact } from '../../../src/domain/change/impact.ts';
import type { Plan } from '../../../src/domain/change/plan.ts';

/** A restart, one by one, of the TMM pods of these nodes, whose uids are the names of the nodes. */
export function restartOf(nodes: readonly string[], more: Partial<Plan> = {}): Plan {
  return {
    verb: 'restart',
    target: 'rack',
    namespace: 'spk',
    cluster: { uid: 'u', tmm: { namespace: 'spk', selector: 'app=f5-tmm' }, lookups: {} },
    differences: [],
    restarts: nodes.map((node) => ({ node, pods: [{ name: `f5-tmm-${node}`, uid: node }] })),
    strategy: 'rolling',
    tmmCount: nodes.length,
    allowOutage: false,
    warnings: [],
    ...more,
  };
}

/** What was read of the pod of a node. */
export function podOn(node: string, more: Partial<PodImpact> = {}): PodImpact {
  return { node, pod: `f5-tmm-${node}`, uid: node, carries: [], sessions: [], sessionsOmitted: 0, ...more };
}

/** A pod whose only session is Established, and carries IPv4. */
export function carrying(node: string): PodImpact {
  return podOn(node, { carries: ['IPv4'], sessions: [sessionWith('10.0.0.1')] });
}

/** A session that is as the mapping says, before and after. */
export function sessionWith(peer: string, more: Partial<PeerImpact> = {}): PeerImpact {
  return { peer, state: 'established', words: 'Established', mapped: true, stays: true, ...more };
}

export function impactOf(pods: readonly PodImpact[], othersNotRead = 0): Impact {
  return { readAtMs: 0, pods, othersNotRead };
}
