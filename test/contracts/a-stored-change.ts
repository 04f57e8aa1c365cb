import type { Change } from '../../src/domain/change/change.ts';
import type { Impact } from '../../src/domain/change/impact.ts';

const alice = { userId: 'U01ALICE', teamId: 'T01RACK' };

const IMPACT: Impact = {
  readAtMs: 1,
  othersNotRead: 2,
  pods: [
    {
      node: 'worker1',
      pod: 'f5-tmm-1',
      uid: 'u1',
      carries: ['IPv4'],
      sessions: [
        { peer: '10.20.1.2', state: 'down', words: 'Idle (Admin)', mapped: true, stays: true },
        {
          peer: '10.20.1.1',
          state: 'established',
          words: 'Established 12 d, 2 prefixes',
          mapped: false,
          stays: false,
        },
      ],
      sessionsOmitted: 1,
      unread: 'no answer within 5 s',
    },
  ],
};

/** A change with something in every part that is stored. */
export function aChange(id: string): Change {
  const plan = {
    verb: 'rotate',
    target: 'rack',
    namespace: 'spk-ingress',
    differences: [
      {
        lookup: 'spk-tor-bgp',
        asn: 3535,
        node: 'worker1',
        before: '10.20.1.1',
        after: null,
        createsLookup: false,
      },
    ],
    restarts: [{ node: 'worker1', pods: [{ name: 'f5-tmm-1', uid: 'u1' }] }],
    strategy: 'rolling',
    cluster: {
      uid: 'uid-of-kube-system',
      tmm: { namespace: 'spk-tmm', selector: 'app=f5-tmm' },
      lookups: {},
    },
    tmmCount: 3,
    allowOutage: false,
    warnings: [{ code: 'address_shared', sentence: 'Shared.', node: 'worker1' }],
  } as const;
  return {
    id,
    version: 1,
    state: 'proposed',
    plan,
    impact: IMPACT,
    digest: 'd',
    parsed: { verb: 'rotate', args: ['worker1', '10.20.1.9'], flags: { reason: 'why', 'dry-run': true } },
    requester: alice,
    channel: 'C1',
    requiredApprovals: [{ groups: ['leads'], count: 1 }],
    breakGlass: ['leads'],
    authors: [alice],
    decisions: [
      {
        kind: 'approval',
        by: alice,
        digest: 'd',
        atMs: 4,
        groups: ['leads'],
        carriedOverFrom: 'BGP-0',
        void: 'deactivated',
      },
    ],
    createdAtMs: 1,
    approveByMs: 2,
    executeWithinMs: 3,
    resumedAtMs: 4,
    acceptedWithout: ['worker2'],
    journal: [
      {
        step: { kind: 'evict', node: 'worker1', pod: 'f5-tmm-1', uid: 'u1' },
        phase: 'intended',
        atMs: 5,
        before: {
          announced: { worker1: { '10.20.1.1': 3 }, worker2: null },
          pods: ['u1'],
          controllers: ['d1'],
        },
      },
      {
        step: { kind: 'write', lookup: 'spk-tor-bgp', node: 'worker1' },
        phase: 'found',
        atMs: 6,
        found: 'written',
      },
    ],
    outcome: { reasonCode: 'node_without_tmm', sentence: 'worker1 has no TMM.', node: 'worker1', atMs: 7 },
  };
}
