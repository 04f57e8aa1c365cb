import type { AuditRecord, EventName } from '../../../src/domain/audit/record.ts';
import type { Change } from '../../../src/domain/change/change.ts';
import { digestOf, type Plan } from '../../../src/domain/change/plan.ts';
import type { Store } from '../../../src/ports/store.ts';
import { ALICE, BOB, CHANGES } from '../../sandbox/slack/slack-under-test.ts';

export const alice = { userId: ALICE, teamId: 'T01RACK' };
export const bob = { userId: BOB, teamId: 'T01RACK' };

/** A rotation of one node that Alice asked for just now. */
export function aChange(id: string, given: Partial<Change> = {}): Change {
  const now = Date.now();
  const halted = given.state === 'halted' || given.state === 'outcome_unknown';
  const approval = {
    kind: 'approval',
    by: bob,
    digest: digestOf(PLAN),
    atMs: now,
    groups: ['leads'],
  } as const;
  return {
    id,
    version: 1,
    state: 'proposed',
    plan: PLAN,
    digest: digestOf(PLAN),
    parsed: { verb: 'rotate', args: ['worker1.rack.example.com', '10.20.1.9'], flags: {} },
    requester: alice,
    channel: CHANGES,
    requiredApprovals: [{ groups: ['leads'], count: 1 }],
    breakGlass: [],
    authors: [alice],
    // What halted was approved before it began.
    decisions: halted ? [approval] : [],
    createdAtMs: now,
    approveByMs: now + 3_600_000,
    executeWithinMs: 1_800_000,
    journal: [],
    ...given,
  };
}

const PLAN: Plan = {
  verb: 'rotate',
  target: 'spk-ingress',
  namespace: 'spk-ingress',
  differences: [
    {
      lookup: 'spk-tor-bgp',
      asn: 64_512,
      node: 'worker1.rack.example.com',
      before: '10.20.1.1',
      after: '10.20.1.9',
      createsLookup: false,
    },
  ],
  restarts: [{ node: 'worker1.rack.example.com', pods: [{ name: 'f5-tmm-1', uid: 'uid-1' }] }],
  strategy: 'rolling',
  cluster: { uid: 'uid-of-kube-system', tmm: { namespace: 'spk-tmm', selector: 'app=f5-tmm' }, lookups: {} },
  tmmCount: 3,
  allowOutage: false,
  warnings: [],
};

/** Appends the change as it is now, with the record that says what happened. */
export async function write(
  store: Store,
  change: Change,
  event: EventName,
  data: Readonly<Record<string, unknown>> = {},
): Promise<AuditRecord> {
  const appended = await store.append({
    record: {
      atMs: Date.now(),
      event,
      actor: event === 'change.approved' ? bob : 'bot',
      change: change.id,
      digest: change.digest,
      data,
    },
    change: { next: change, expectedVersion: change.version - 1 },
  });
  if (appended.kind !== 'appended') throw new Error(`writing ${change.id}: ${appended.kind}`);
  return appended.record;
}
