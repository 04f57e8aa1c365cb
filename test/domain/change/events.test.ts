import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Change, ChangeState } from '../../../src/domain/change/change.ts';
import {
  type ChangeEvent,
  type EventRecord,
  move,
  type TerminalState,
} from '../../../src/domain/change/events.ts';
import { isRefusal, type Refusal, refuse } from '../../../src/domain/refusal.ts';
import { aChange, alice, bob, carol, stored, WRITE } from './a-change.ts';

const proposed = aChange();
const { plan } = proposed;

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

  test('is bound to the exact plan that the approver saw, as a rejection and break-glass are', () => {
    const seen = { by: bob, digest: 'other', atMs: 10 };
    const rejection = { ...seen, kind: 'rejection', groups: ['leads'] } as const;
    const events: readonly ChangeEvent[] = [
      approval(bob, 10, 'other'),
      { kind: 'reject', decision: rejection },
      { kind: 'break-glass', ...seen, reason: 'r1 is dead' },
    ];
    for (const event of events)
      expect(move(proposed, event, bob)).toMatchObject({ kind: 'refusal', reasonCode: 'wrong_digest' });
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
  expect(transition(reached(proposed, approval(bob)), { kind: 'expire', atMs: 509 })).toMatchObject({
    reasonCode: 'not_open',
  });
  expect(reached(proposed, approval(bob), { kind: 'expire', atMs: 510 }).outcome?.reasonCode).toBe(
    'execution_window_passed',
  );
});

test('a change that has to be approved again waits for that, however long ago it was to start', () => {
  const again = reached(APPROVED, {
    kind: 'void approvals',
    atMs: 36,
    reasonCode: 'approval_void',
    approveByMs: 3_000,
    decisions: [],
  });
  expect(again.state).toBe('proposed');
  expect(transition(again, { kind: 'expire', atMs: 2_999 })).toMatchObject({ reasonCode: 'not_open' });
  expect(reached(again, { kind: 'expire', atMs: 3_000 }).outcome?.reasonCode).toBe('expired');
});

test('a change that expired says whose approvals did not come', () => {
  const two = aChange({ requiredApprovals: [{ groups: ['leads'], count: 2 }] });
  expect(reached(two, { kind: 'expire', atMs: 1000 }).outcome?.sentence).toContain('Nobody approved it');
  expect(reached(two, approval(bob), { kind: 'expire', atMs: 1000 }).outcome?.sentence).toContain(
    '1 of leads did not approve',
  );
});

test('a stale change shows the plan as it would be now, or why there is none any more', () => {
  const other = { ...plan, tmmCount: 4 };
  const planned = reached(proposed, { kind: 'mark stale', atMs: 4, fresh: other });
  expect(planned.freshPlan).toEqual(other);
  expect(planned.outcome?.sentence).toContain('what was shown is not what would happen now');
  const gone = refuse('unknown_node', 'There is no node worker1.', 'Type nodes to see them.');
  const refused = reached(proposed, { kind: 'mark stale', atMs: 4, fresh: gone });
  expect(refused).not.toHaveProperty('freshPlan');
  expect(refused.outcome).toMatchObject({
    reasonCode: 'stale_plan',
    sentence: expect.stringContaining('There is no node worker1.'),
  });
});

test('a change that would now start on another cluster says so, and its record too', () => {
  const elsewhere = refuse('other_cluster', 'This is another cluster.', 'Look at the kubeconfig.');
  const moved = move(proposed, { kind: 'mark stale', atMs: 4, fresh: elsewhere }, 'bot');
  expect(moved).toMatchObject({
    next: {
      state: 'stale',
      outcome: { reasonCode: 'other_cluster', sentence: expect.stringContaining('This is another cluster.') },
    },
    record: { event: 'change.stale', reasonCode: 'other_cluster' },
  });
});

test('somebody who stopped a change stays the one who did when its requester stops it too', () => {
  const stoppedBy = (...people: readonly (typeof bob)[]) =>
    reached(RUNNING, ...people.map((by): ChangeEvent => ({ kind: 'request stop', by }))).cancelledBy;
  expect(stoppedBy(bob, alice)).toEqual(bob);
  expect(stoppedBy(alice, bob)).toEqual(bob);
});

test('a withdrawn change says whether its requester withdrew it', () => {
  const by = (person: typeof bob) => reached(proposed, { kind: 'withdraw', by: person, atMs: 3 }).outcome;
  expect(by(alice)?.sentence).toContain('by the requester');
  expect(by(bob)?.sentence).not.toContain('by the requester');
});

test('a change that has not begun can fail, but neither succeed nor halt', () => {
  const approved = reached(proposed, approval(bob));
  const end = (state: TerminalState) =>
    transition(approved, { kind: 'end', state, outcome: { reasonCode: 'done', sentence: 'x', atMs: 20 } });
  expect(end('failed')).toMatchObject({ state: 'failed' });
  for (const state of ['succeeded', 'halted', 'outcome_unknown'] as const)
    expect(end(state)).toMatchObject({ reasonCode: 'not_open' });
});

test('what runs cannot be withdrawn, only asked to stop', () => {
  const running = reached(proposed, approval(bob), { kind: 'start', atMs: 0 });
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
    { kind: 'start', atMs: 0 },
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

  test('is used once: the first use is the one that is reviewed and set the deadline', () => {
    const twice = { kind: 'break-glass', by: bob, reason: 'again', digest: 'd1', atMs: 21 } as const;
    expect(transition(broken, twice)).toMatchObject({ reasonCode: 'break_glass_used_already' });
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
  const step = WRITE;
  const event: fc.Arbitrary<ChangeEvent> = fc.oneof(
    fc.constantFrom(alice, bob, carol).map((by) => approval(by)),
    fc.constantFrom<ChangeEvent>(
      { kind: 'reject', decision: { kind: 'rejection', by: bob, digest: 'd1', atMs: 5, groups: ['leads'] } },
      { kind: 'start', atMs: 0 },
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
    { numRuns: 200 },
  );
});

test('only the bot itself causes what only the bot may', () => {
  expect(() => move(reached(proposed, approval(bob)), { kind: 'start', atMs: 0 }, bob)).toThrow(
    'for the bot alone',
  );
});

const DONE = { reasonCode: 'done', sentence: 'Done.', atMs: 30 } as const;
const DOWN = { reasonCode: 'session_down', sentence: 'Not Established.', atMs: 30 } as const;
const REJECTION = { kind: 'rejection', by: bob, digest: 'd1', atMs: 5, groups: ['leads'] } as const;
const BROKEN = aChange({ breakGlassUse: { by: alice, reason: 'r1 is dead', atMs: 1 } });
const APPROVED = aChange({ state: 'approved', executeByMs: 510 });
const RUNNING = aChange({ state: 'running' });
const BEFORE = { announced: {}, pods: ['u1'] };

test.each<[string, Change, ChangeEvent, EventRecord]>([
  [
    'an approval that others must follow',
    aChange({ requiredApprovals: [{ groups: ['leads'], count: 2 }] }),
    approval(bob),
    { event: 'change.approval' },
  ],
  ['the last approval', proposed, approval(bob), { event: 'change.approved' }],
  [
    'a rejection with its reason',
    proposed,
    { kind: 'reject', decision: { ...REJECTION, reason: 'not tonight' } },
    { event: 'change.rejected', reasonCode: 'rejected', data: { reason: 'not tonight' } },
  ],
  [
    'a rejection without a reason',
    proposed,
    { kind: 'reject', decision: REJECTION },
    { event: 'change.rejected', reasonCode: 'rejected', data: {} },
  ],
  [
    'break-glass with its reason, and from where it came',
    proposed,
    { kind: 'break-glass', by: bob, reason: 'r1 is dead', digest: 'd1', atMs: 9 },
    {
      event: 'change.break_glass',
      reasonCode: 'break_glass',
      data: { reason: 'r1 is dead', from: 'proposed', channel: 'C1' },
    },
  ],
  [
    'a review with its note',
    BROKEN,
    { kind: 'review', by: carol, atMs: 10, note: 'right so' },
    { event: 'change.reviewed', data: { reason: 'right so' } },
  ],
  [
    'a review without a note',
    BROKEN,
    { kind: 'review', by: carol, atMs: 10 },
    { event: 'change.reviewed', data: { reason: null } },
  ],
  [
    'that its approvals did not come in time',
    proposed,
    { kind: 'expire', atMs: 1000 },
    { event: 'change.expired', reasonCode: 'expired' },
  ],
  [
    'that it could not start in time',
    APPROVED,
    { kind: 'expire', atMs: 510 },
    { event: 'change.expired', reasonCode: 'execution_window_passed' },
  ],
  [
    'that a halted change was closed',
    aChange({ state: 'halted' }),
    { kind: 'close', by: bob, atMs: 9 },
    { event: 'change.closed', reasonCode: 'closed' },
  ],
  [
    'that a change was closed while it said it was running',
    RUNNING,
    { kind: 'close', by: bob, atMs: 9, workerGone: true },
    { event: 'change.closed', reasonCode: 'closed', data: { from: 'running' } },
  ],
  [
    'a step that is about to be done',
    RUNNING,
    { kind: 'intend', step: WRITE, atMs: 5 },
    { event: 'step.intended', data: { step: WRITE } },
  ],
  [
    'a step that is about to be done, with what else is to be said of it',
    RUNNING,
    { kind: 'intend', step: WRITE, atMs: 5, before: BEFORE, details: { value: '10.0.0.1' } },
    { event: 'step.intended', data: { step: WRITE, value: '10.0.0.1' } },
  ],
  [
    'a success, which needs no words',
    RUNNING,
    { kind: 'end', state: 'succeeded', outcome: DONE },
    { event: 'change.succeeded', reasonCode: 'done' },
  ],
  [
    'a halt, with what was seen',
    RUNNING,
    { kind: 'end', state: 'halted', outcome: DOWN },
    { event: 'change.halted', reasonCode: 'session_down', data: { sentence: 'Not Established.' } },
  ],
  [
    'a stop, with who asked for it',
    { ...RUNNING, cancelledBy: { userId: 'U03CAROL', teamId: 'T1' } },
    {
      kind: 'end',
      state: 'halted',
      outcome: { reasonCode: 'cancelled', sentence: 'Stopped.', traffic: '✓ worker2 carries.', atMs: 5 },
    },
    {
      event: 'change.halted',
      reasonCode: 'cancelled',
      data: { sentence: 'Stopped.', traffic: '✓ worker2 carries.', stopped_by: 'U03CAROL' },
    },
  ],
])('the audit trail tells %s, and what is stored is all there is', (_, change, event, record) => {
  const moved = move(change, event, 'bot');
  expect(isRefusal(moved) ? moved : moved.record).toEqual(record);
  expect(moved).toStrictEqual(stored(moved));
});

test('a change that is closed while it runs says whether its last step may have been done', () => {
  const closed = (change: Change) =>
    reached(change, { kind: 'close', by: alice, atMs: 40, workerGone: true }).outcome?.sentence;
  const unknown = 'Whether the last step was done is not known.';
  expect(closed(RUNNING)).not.toContain(unknown);
  const begun = reached(RUNNING, { kind: 'intend', step: WRITE, atMs: 5 });
  expect(closed(begun)).toContain(unknown);
  expect(closed(reached(begun, { kind: 'complete', step: WRITE, atMs: 6, found: 'written' }))).not.toContain(
    unknown,
  );
});

test('a check that fails before the stop is heard did not stop it for somebody', () => {
  const outcome = { reasonCode: 'session_down', sentence: 'Not Established.', atMs: 5 } as const;
  const stopped = reached(RUNNING, { kind: 'request stop', by: carol });
  const moved = move(stopped, { kind: 'end', state: 'halted', outcome }, 'bot');
  expect(isRefusal(moved) ? moved : moved.record).toEqual({
    event: 'change.halted',
    reasonCode: 'session_down',
    data: { sentence: 'Not Established.' },
  });
});

test('what it was like before an effect stays in the journal, to compare with afterwards', () => {
  const next = reached(RUNNING, { kind: 'intend', step: WRITE, atMs: 5, before: BEFORE });
  expect(next.journal).toEqual([{ step: WRITE, phase: 'intended', atMs: 5, before: BEFORE }]);
});
