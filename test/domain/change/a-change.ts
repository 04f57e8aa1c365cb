import type { Change } from '../../../src/domain/change/change.ts';
import type { Plan, Step } from '../../../src/domain/change/plan.ts';

export const alice = { userId: 'U01ALICE', teamId: 'T01RACK' };
export const bob = { userId: 'U02BOB', teamId: 'T01RACK' };
export const carol = { userId: 'U03CAROL', teamId: 'T01RACK' };

export const WRITE: Step = { kind: 'write', lookup: 'spk-tor-bgp', node: 'worker1' };
export const EVICT: Step = { kind: 'evict', node: 'worker1', pod: 'f5-tmm-1', uid: 'u1' };

const PLAN: Plan = {
  verb: 'rotate',
  target: 'rack',
  namespace: 'spk-ingress',
  differences: [],
  restarts: [],
  strategy: 'none',
  cluster: { uid: 'uid-of-kube-system', tmm: { namespace: 'spk-tmm', selector: 'app=f5-tmm' }, lookups: {} },
  tmmCount: 3,
  allowOutage: false,
  warnings: [],
};

/** A change that Alice requested just now and one of the leads has to approve, or what is given otherwise. */
export function aChange(given: Partial<Change> = {}): Change {
  return {
    id: 'BGP-1',
    version: 1,
    state: 'proposed',
    plan: PLAN,
    digest: 'd1',
    parsed: { verb: 'rotate', args: [], flags: {} },
    requester: alice,
    channel: 'C1',
    requiredApprovals: [{ groups: ['leads'], count: 1 }],
    breakGlass: ['leads'],
    authors: [alice],
    decisions: [],
    createdAtMs: 0,
    approveByMs: 1000,
    executeWithinMs: 500,
    journal: [],
    ...given,
  };
}

/** What is read back of a value once it was stored. */
export function stored(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
