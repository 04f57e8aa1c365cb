import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Change, ChangeState } from '../../../src/domain/change/change.ts';
import { type ChangeEvent, move } from '../../../src/domain/change/events.ts';
import { isRefusal, type Refusal } from '../../../src/domain/refusal.ts';

const alice = { userId: 'U01ALICE', teamId: 'T01RACK' };
const bob = { userId: 'U02BOB', teamId: 'T01RACK' };
const carol = { userId: 'U03CAROL', teamId: 'T01RACK' };
const plan = {
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
} as const;
const proposed: Change = {
  id: 'BGP-1',
  version: 1,
  state: 'proposed',
  plan,
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
};

/** The change after an event that the bot or anybody who may causes, or why it cannot happen. */
function transition(change: Change, event: ChangeEvent): Change | Refusal {
  const moved = move(change, event, 'bot');
  return isRefusal(moved) ? moved : moved.next;
}

function approval(by: typeof bob, atMs = 10, digest = 'd1'): ChangeEvent {
  return { kind: 'approve', decision: { kind: 'approval', by, digest, atMs, groups: ['leads'] } };
}

function reached(change: Change, ...events: readonly ChangeEvent[]): Change {
  return events.reduce((held, event) => {
    const next = transition(held, event);
    if (isRefusal(next)) throw new Error(`${event.kind}: ${next.sentence}`);
    return next;
  }, change);
}

describe('an approval', () => {
  test('of one is enough where one is asked for, and starts the second clock', () => {
    expect(reached(proposed, approval(bob))).toMatchObject({
      state: 'approved',
      executeByMs: 510,
      version: 2,
    });
  });

  test('of the same person never counts twice', () => {
    const two = { ...proposed, requiredApprovals: [{ groups: ['leads'], count: 2 }] };
    const once = reached(two, approval(bob));
    expect(once.state).toBe('proposed');
    expect(transition(once, approval(bob))).toMatchObject({ reasonCode: 'already_decided_by_you' });
    expect(reached(once, approval(carol)).state).toBe('approved');
  });

  test('is bound to the exact plan that the approver saw', () => {
    expect(transition(proposed, approval(bob, 10, 'other'))).toMatchObject({ reasonCode: 'wrong_digest' });
  });

  test('comes too late when its time is up', () => {
    expect(transition(proposed, approval(bob, 1000))).toMatchObject({ reasonCode: 'expired' });
  });

  test('of a decided change is refused', () => {
    const rejected = reached(proposed, {
      kind: 'reject',
      decision: { kind: 'rejection', by: bob, digest: 'd1', atMs: 5, groups: ['leads'] },
    });
    expect(transition(rejected, approval(carol))).toMatchObject({ reasonCode: 'not_open' });
  });
});

test('a request expires by itself, before and after its approval', () => {
  expect(reached(proposed, { kind: 'expire', atMs: 1000 }).state).toBe('expired');
  expect(transition(proposed, { kind: 'expire', atMs: 999 })).toMatchObject({ reasonCode: 'not_open' });
  expect(reached(proposed, approval(bob), { kind: 'expire', atMs: 510 }).outcome?.reasonCode).toBe(
    'execution_window_passed',
  );
});

test('what runs cannot be withdrawn, only asked to stop', () => {
  const running = reached(proposed, approval(bob), { kind: 'start' });
  expect(transition(running, { kind: 'withdraw', by: alice, atMs: 20 })).toMatchObject({
    reasonCode: 'not_open',
  });
  expect(reached(running, { kind: 'request stop', by: alice }).cancelledBy).toEqual(alice);
});

describe('a halted change', () => {
  const outcome = { reasonCode: 'session_down', sentence: 'Not Established', atMs: 30 } as const;
  const halted = reached(
    proposed,
    approval(bob),
    { kind: 'start' },
    { kind: 'request stop', by: alice },
    { kind: 'end', state: 'halted', outcome },
  );

  test('goes on when it is resumed, and forgets why it stopped and who stopped it', () => {
    const resumed = reached(halted, { kind: 'resume', atMs: 35 });
    expect(resumed.state).toBe('running');
    expect(resumed).not.toHaveProperty('outcome');
    expect(resumed).not.toHaveProperty('cancelledBy');
    expect(resumed.journal).toEqual(halted.journal);
  });

  test('may be closed, and rolled back even then', () => {
    const closed = reached(halted, { kind: 'close', by: alice, atMs: 40 });
    expect(closed.state).toBe('closed');
    expect(transition(closed, { kind: 'resume', atMs: 45 })).toMatchObject({ reasonCode: 'not_open' });
    expect(reached(closed, { kind: 'mark rolled back', by: 'BGP-2', atMs: 50 }).outcome?.sentence).toContain(
      'BGP-2',
    );
  });
});

describe('break-glass', () => {
  const broken = reached(proposed, {
    kind: 'break-glass',
    by: alice,
    reason: 'r1 is dead',
    digest: 'd1',
    atMs: 20,
  });

  test('starts a change that nobody approved, and stays marked until somebody else looked at it', () => {
    expect(broken).toMatchObject({ state: 'approved', executeByMs: 520, decisions: [] });
    const looked = reached(broken, { kind: 'review', by: bob, atMs: 30, note: 'right so' });
    expect(looked.breakGlassUse).toMatchObject({ by: alice, review: { by: bob, note: 'right so' } });
    expect(looked.state).toBe('approved');
  });

  test('is not reviewed by who broke it, not twice, and not where nobody broke it', () => {
    expect(transition(broken, { kind: 'review', by: alice, atMs: 30 })).toMatchObject({
      reasonCode: 'own_change',
    });
    const looked = reached(broken, { kind: 'review', by: bob, atMs: 30 });
    expect(transition(looked, { kind: 'review', by: carol, atMs: 31 })).toMatchObject({
      reasonCode: 'already_reviewed',
    });
    expect(transition(proposed, { kind: 'review', by: bob, atMs: 30 })).toMatchObject({
      reasonCode: 'break_glass_not_used',
    });
  });

  test('is nothing for a change whose time is up, or that is decided', () => {
    expect(
      transition(proposed, { kind: 'break-glass', by: alice, reason: 'late', digest: 'd1', atMs: 1000 }),
    ).toMatchObject({ reasonCode: 'expired' });
    const withdrawn = reached(proposed, { kind: 'withdraw', by: alice, atMs: 3 });
    expect(
      transition(withdrawn, { kind: 'break-glass', by: bob, reason: 'x', digest: 'd1', atMs: 4 }),
    ).toMatchObject({
      reasonCode: 'not_open',
    });
  });
});

test('an approval that fills no empty seat is refused, and says whose is still wanted', () => {
  const both = {
    ...proposed,
    requiredApprovals: [
      { groups: ['network'], count: 1 },
      { groups: ['platform'], count: 1 },
    ],
  };
  const of = (by: typeof bob, groups: readonly string[]): ChangeEvent => ({
    kind: 'approve',
    decision: { kind: 'approval', by, digest: 'd1', atMs: 10, groups },
  });
  const once = reached(both, of(bob, ['network']));
  expect(transition(once, of(carol, ['network']))).toMatchObject({
    reasonCode: 'approval_not_needed',
    next: 'It still needs 1 of platform.',
  });
  expect(reached(once, of(carol, ['platform'])).state).toBe('approved');
});

/** The arrows of the life of a change; whatever is not here cannot happen. */
const ARROWS: Readonly<Record<ChangeState, readonly ChangeState[]>> = {
  proposed: ['proposed', 'approved', 'rejected', 'withdrawn', 'expired', 'stale'],
  approved: ['approved', 'proposed', 'running', 'withdrawn', 'expired', 'stale', 'failed'],
  running: ['running', 'succeeded', 'failed', 'halted', 'outcome_unknown'],
  succeeded: ['rolled_back'],
  halted: ['halted', 'running', 'closed', 'rolled_back'],
  outcome_unknown: ['outcome_unknown', 'running', 'closed', 'rolled_back'],
  closed: ['rolled_back'],
  failed: [],
  rejected: [],
  withdrawn: [],
  expired: [],
  stale: [],
  rolled_back: [],
};

test('no sequence of events takes a way that the life of a change does not have', () => {
  const outcome = { reasonCode: 'done', sentence: 'Done', atMs: 30 } as const;
  const step = { kind: 'write', lookup: 'spk-tor-bgp', node: 'worker1' } as const;
  const event: fc.Arbitrary<ChangeEvent> = fc.oneof(
    fc.constantFrom(alice, bob, carol).map((by) => approval(by)),
    fc.constantFrom<ChangeEvent>(
      { kind: 'reject', decision: { kind: 'rejection', by: bob, digest: 'd1', atMs: 5, groups: ['leads'] } },
      { kind: 'start' },
      { kind: 'expire', atMs: 2000 },
      { kind: 'withdraw', by: alice, atMs: 3 },
      { kind: 'mark stale', atMs: 4, fresh: plan },
      { kind: 'intend', step, atMs: 5 },
      { kind: 'complete', step, atMs: 6, found: 'written' },
      { kind: 'wait', progress: 'worker1' },
      { kind: 'request stop', by: alice },
      { kind: 'end', state: 'succeeded', outcome },
      { kind: 'end', state: 'halted', outcome },
      { kind: 'end', state: 'outcome_unknown', outcome },
      { kind: 'end', state: 'failed', outcome },
      { kind: 'resume', atMs: 35 },
      { kind: 'resume', atMs: 9_000, without: 'worker1' },
      { kind: 'void approvals', atMs: 36, reasonCode: 'approval_void', approveByMs: 2000, decisions: [] },
      { kind: 'break-glass', by: bob, reason: 'r1 is dead', digest: 'd1', atMs: 9 },
      { kind: 'review', by: carol, atMs: 10 },
      { kind: 'close', by: alice, atMs: 7 },
      { kind: 'mark rolled back', by: 'BGP-2', atMs: 8 },
    ),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      let change = proposed;
      for (const one of events) {
        const next = transition(change, one);
        if (isRefusal(next)) continue;
        expect([...ARROWS[change.state], ...(one.kind === 'review' ? [change.state] : [])]).toContain(
          next.state,
        );
        expect(next.version).toBe(change.version + 1);
        expect(next.journal.slice(0, change.journal.length)).toEqual(change.journal);
        change = next;
      }
    }),
    { numRuns: 500 },
  );
});

test('only the bot itself causes what only the bot may', () => {
  expect(() => move(reached(proposed, approval(bob)), { kind: 'start' }, bob)).toThrow('for the bot alone');
});
