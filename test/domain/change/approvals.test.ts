import { describe, expect, test } from '@jest/globals';
import { lapseOf, type VoidApprovals } from '../../../src/domain/change/approval-transitions.ts';
import { deadlineOf, needsApprovalAgain } from '../../../src/domain/change/approvals.ts';
import type { BreakGlassUse, Change, Decision } from '../../../src/domain/change/change.ts';
import { type ChangeEvent, move } from '../../../src/domain/change/events.ts';
import { isRefusal, type Refusal } from '../../../src/domain/refusal.ts';
import { aChange, alice, bob, carol } from './a-change.ts';

const BY_BOB: Decision = { kind: 'approval', by: bob, digest: 'd1', atMs: 10, groups: ['leads'] };
const BY_CAROL: Decision = { ...BY_BOB, by: carol };
const REJECTION: Decision = { ...BY_BOB, kind: 'rejection', by: carol };
const VOID: Decision = { ...BY_BOB, void: 'not_an_approver' };
const GLASS: BreakGlassUse = { by: alice, reason: 'r1 is dead', atMs: 10 };
const APPROVED = aChange({ state: 'approved', executeByMs: 510, decisions: [BY_BOB] });
/** It halted at 1000, and its approval lets it go on for 500 ms. */
const HALTED = aChange({
  state: 'halted',
  executeByMs: 510,
  decisions: [BY_BOB],
  outcome: { reasonCode: 'session_down', sentence: 'Not Established.', atMs: 1_000 },
});

function moved(change: Change, event: ChangeEvent): Change | Refusal {
  const result = move(change, event, 'bot');
  return isRefusal(result) ? result : result.next;
}

function voided(change: Change, given: Partial<VoidApprovals>) {
  return move(
    change,
    {
      kind: 'void approvals',
      atMs: 20,
      reasonCode: 'approval_void',
      decisions: [VOID],
      approveByMs: 3_000,
      ...given,
    },
    'bot',
  );
}

test.each<[string, Change, number | undefined]>([
  ['to be approved', aChange({ executeByMs: 510 }), 1_000],
  ['to start', APPROVED, 510],
  ['running', aChange({ ...HALTED, state: 'running' }), undefined],
  ['halted', HALTED, 1_500],
  ['halted before its time to start was over', { ...HALTED, executeByMs: 2_000 }, 2_000],
  ['halted, and to be approved again', { ...HALTED, decisions: [VOID] }, undefined],
  ['halted, and needs no approval', { ...HALTED, requiredApprovals: [] }, undefined],
])('a change that is %s waits until %j', (_, change, untilMs) => {
  expect(deadlineOf(change)).toBe(untilMs);
});

test.each<[string, Change, boolean]>([
  ['halted with its approvals', HALTED, false],
  ['halted without', { ...HALTED, decisions: [VOID] }, true],
  ['halted after a rejection alone', { ...HALTED, decisions: [REJECTION] }, true],
  ['halted by break-glass', { ...HALTED, decisions: [], breakGlassUse: GLASS }, false],
  [
    'halted by break-glass that does not count any more',
    { ...HALTED, decisions: [], breakGlassUse: { ...GLASS, void: 'not_allowed' } },
    true,
  ],
  ['proposed', aChange(), false],
])('a change that is %s: whether it needs approval again', (_, change, needed) => {
  expect(needsApprovalAgain(change)).toBe(needed);
});

describe('approvals that do not count any more', () => {
  test('have a change that has not started wait for others, from now on', () => {
    expect(voided(APPROVED, {})).toMatchObject({
      next: { state: 'proposed', approveByMs: 3_000, progress: '', decisions: [VOID] },
      record: {
        event: 'change.approval_void',
        reasonCode: 'approval_void',
        data: {
          from: 'approved',
          void: [{ by: 'U02BOB', reason: 'not_an_approver' }],
          missing: '1 of leads',
        },
      },
    });
  });

  test('leave a change approved that has enough without them', () => {
    const both = { ...APPROVED, decisions: [BY_BOB, BY_CAROL] };
    expect(voided(both, { decisions: [VOID, BY_CAROL] })).toMatchObject({
      next: { state: 'approved', approveByMs: 1_000, executeByMs: 510 },
    });
  });

  test('leave a halted change where it is', () => {
    expect(voided(HALTED, {})).toMatchObject({ next: { state: 'halted', approveByMs: 1_000 } });
  });

  test('are told once', () => {
    const earlier = { ...HALTED, decisions: [VOID, BY_CAROL] };
    const carolToo: Decision = { ...BY_CAROL, void: 'not_an_approver' };
    expect(voided(earlier, { decisions: [VOID, carolToo] })).toMatchObject({
      record: { data: { void: [{ by: 'U03CAROL', reason: 'not_an_approver' }] } },
    });
  });

  test('may be a use of break-glass, which then stands for them no more', () => {
    const broken = { ...APPROVED, decisions: [], breakGlassUse: GLASS };
    expect(voided(broken, { decisions: [], breakGlass: 'not_allowed' })).toMatchObject({
      next: { state: 'proposed', breakGlassUse: { ...GLASS, void: 'not_allowed' } },
      record: { data: { void: [{ by: 'U01ALICE', reason: 'not_allowed' }] } },
    });
    expect(voided(broken, { decisions: [] })).toMatchObject({
      next: { state: 'approved', breakGlassUse: GLASS },
    });
    const unbroken = voided(APPROVED, { breakGlass: 'not_allowed' });
    expect(isRefusal(unbroken) ? unbroken : unbroken.next).not.toHaveProperty('breakGlassUse');
  });

  test('are replaced by new ones where a change halted: it stays there until somebody resumes it', () => {
    const again = moved(
      { ...HALTED, decisions: [VOID] },
      { kind: 'approve', decision: { ...BY_BOB, atMs: 1_400 } },
    );
    expect(again).toMatchObject({ state: 'halted', executeByMs: 1_900, decisions: [VOID, { by: bob }] });
    expect(moved(HALTED, { kind: 'approve', decision: BY_CAROL })).toMatchObject({
      kind: 'refusal',
      reasonCode: 'not_open',
    });
  });
});

describe('a halted change', () => {
  const resume = (change: Change, atMs: number) => moved(change, { kind: 'resume', atMs });

  test('goes on with its approvals for a time, and then takes new ones', () => {
    expect(resume(HALTED, 1_499)).toMatchObject({ state: 'running', resumedAtMs: 1_499 });
    const step = { kind: 'write', lookup: 'tor', node: 'worker1' } as const;
    const behind = { ...HALTED, journal: [{ step, phase: 'intended', atMs: 1_450 } as const] };
    // By a replica whose clock is behind that of the worker.
    expect(resume(behind, 1_100)).toMatchObject({ state: 'running', resumedAtMs: 1_450 });
    expect(resume(HALTED, 1_500)).toMatchObject({
      reasonCode: 'approval_lapsed',
      next: 'It needs approval by 1 of leads: approve BGP-1, then resume BGP-1.',
    });
    expect(lapseOf(HALTED, 1_499)).toBeUndefined();
    expect(lapseOf(APPROVED, 9_999)).toBeUndefined();
  });

  test('whose approvals lapsed keeps what was decided, marked', () => {
    expect(lapseOf({ ...HALTED, decisions: [BY_BOB, REJECTION] }, 1_500)).toStrictEqual({
      atMs: 1_500,
      reasonCode: 'approval_lapsed',
      decisions: [{ ...BY_BOB, void: 'approval_lapsed' }, REJECTION],
      approveByMs: 1_000,
    });
    expect(lapseOf({ ...HALTED, breakGlassUse: GLASS }, 1_500)).toMatchObject({
      breakGlass: 'approval_lapsed',
    });
  });

  test('says why it cannot go on, and whose approvals it lacks', () => {
    const two = { ...HALTED, requiredApprovals: [{ groups: ['leads'], count: 2 }] };
    const lapsed: Decision = { ...BY_BOB, void: 'approval_lapsed' };
    expect(resume({ ...two, decisions: [VOID, BY_CAROL] }, 1_100)).toMatchObject({
      reasonCode: 'approval_void',
      next: 'It needs approval by 1 of leads: approve BGP-1, then resume BGP-1.',
    });
    expect(resume({ ...two, decisions: [lapsed] }, 1_100)).toMatchObject({
      reasonCode: 'approval_lapsed',
      next: 'It needs approval by 2 of leads: approve BGP-1, then resume BGP-1.',
    });
    expect(resume({ ...two, decisions: [lapsed, { ...VOID, by: carol }] }, 1_100)).toMatchObject({
      reasonCode: 'approval_void',
    });
  });

  test('goes on without each node that an approver let it, and its record says without which', () => {
    const without = { kind: 'resume', atMs: 1_100, without: 'worker1' } as const;
    const other = move({ ...HALTED, acceptedWithout: ['worker1', 'worker2'] }, without, 'bot');
    expect(other).toMatchObject({
      next: { acceptedWithout: ['worker2', 'worker1'] },
      record: { event: 'change.resumed', data: { without: 'worker1' } },
    });
    const first = move(HALTED, { kind: 'resume', atMs: 1_100 }, 'bot');
    expect(isRefusal(first) ? first : first.next).not.toHaveProperty('acceptedWithout');
    expect(first).not.toHaveProperty('record.data');
  });
});
