import { expect, test } from '@jest/globals';
import { buttonsOf, isFollowUp } from '../../../src/domain/change/buttons.ts';
import { type Change, type ChangeState, readChangeId } from '../../../src/domain/change/change.ts';
import {
  DECISION_VERBS,
  DECISIONS,
  type DecisionVerb,
  isDecisionVerb,
  reasonDialogOf,
} from '../../../src/domain/change/decisions.ts';
import { move } from '../../../src/domain/change/events.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { aChange, alice, bob, carol, EVICT, stored, WRITE } from './a-change.ts';

const WROTE: Partial<Change> = {
  journal: [
    { step: EVICT, phase: 'intended', atMs: 1 },
    { step: WRITE, phase: 'intended', atMs: 2 },
  ],
};
const RESTARTED: Partial<Change> = { journal: [{ step: EVICT, phase: 'intended', atMs: 1 }] };
/** Approved as it was, and so to go on without another approval. */
const HELD: Partial<Change> = {
  decisions: [{ kind: 'approval', by: bob, digest: 'd1', atMs: 1, groups: ['leads'] }],
};
const HALT = { reasonCode: 'session_down', sentence: 'Not Established.', atMs: 5 } as const;
const BROKEN: Partial<Change> = { breakGlassUse: { by: alice, reason: 'r1 is dead', atMs: 1 } };
const REVIEWED: Partial<Change> = {
  breakGlassUse: { by: alice, reason: 'r1 is dead', atMs: 1, review: { by: bob, atMs: 2 } },
};

test.each<[ChangeState, string, Partial<Change>, readonly string[]]>([
  ['proposed', 'as it was requested', {}, ['approve', 'reject', 'cancel', 'break-glass']],
  ['proposed', 'where nobody has break-glass', { breakGlass: [] }, ['approve', 'reject', 'cancel']],
  ['approved', 'that waits for its turn', {}, ['cancel', 'break-glass']],
  ['approved', 'by break-glass', BROKEN, ['cancel', 'review']],
  ['approved', 'by break-glass that was reviewed', REVIEWED, ['cancel']],
  ['running', 'under way', WROTE, ['cancel']],
  ['running', 'that somebody stopped', { ...WROTE, cancelledBy: bob }, []],
  ['halted', 'before it wrote anything', HELD, ['resume', 'close', 'break-glass']],
  ['halted', 'after it only restarted a pod', { ...HELD, ...RESTARTED }, ['resume', 'close', 'break-glass']],
  [
    'halted',
    'after it wrote a mapping',
    { ...HELD, ...WROTE },
    ['resume', 'rollback', 'close', 'break-glass'],
  ],
  [
    'halted',
    'because somebody stopped it',
    { ...HELD, cancelledBy: bob },
    ['resume', 'close', 'break-glass'],
  ],
  [
    'halted',
    'because a node has no TMM any more',
    { ...HELD, outcome: { ...HALT, reasonCode: 'node_without_tmm', node: 'worker1' } },
    ['resume', 'go-on', 'close', 'break-glass'],
  ],
  [
    'halted',
    'whose approvals do not count any more',
    { ...WROTE, outcome: { ...HALT, reasonCode: 'node_without_tmm', node: 'worker1' } },
    ['approve', 'rollback', 'close', 'break-glass'],
  ],
  ['outcome_unknown', 'after it wrote a mapping', { ...HELD, ...WROTE }, ['resume', 'rollback', 'close']],
  ['succeeded', 'after it wrote a mapping', WROTE, ['rollback']],
  ['succeeded', 'after it only restarted a pod', RESTARTED, []],
  ['closed', 'after it wrote a mapping', WROTE, ['rollback']],
  ['rolled_back', 'for good', WROTE, []],
  ['succeeded', 'by break-glass', BROKEN, ['review']],
  ['succeeded', 'by break-glass that was reviewed', REVIEWED, []],
  ['rejected', 'for good', {}, []],
  ['stale', 'before it started', {}, ['re-request']],
  ['stale', 'after break-glass', BROKEN, ['re-request', 'review']],
])('a %s change %s offers what moves it on', (state, _, given, actions) => {
  expect(buttonsOf(aChange({ state, ...given })).map(({ action }) => action)).toEqual(actions);
});

test.each<[DecisionVerb, ChangeState, ChangeState]>([
  ['approve', 'proposed', 'approved'],
  ['reject', 'proposed', 'rejected'],
  ['cancel', 'proposed', 'withdrawn'],
  ['cancel', 'approved', 'withdrawn'],
  ['cancel', 'running', 'running'],
  ['resume', 'halted', 'running'],
  ['resume', 'outcome_unknown', 'running'],
  ['close', 'halted', 'closed'],
  ['break-glass', 'proposed', 'approved'],
  ['break-glass', 'halted', 'running'],
])('%s makes of a %s change a %s one', (verb, from, to) => {
  const next = decided(verb, aChange({ state: from, ...(verb === 'resume' ? HELD : {}) }));
  expect(next.state).toBe(to);
  expect(next.cancelledBy).toEqual(verb === 'cancel' || verb === 'close' ? bob : undefined);
});

test.each(['halted', 'outcome_unknown'] as const)('cancel of a %s change does not end it', (state) => {
  const made = { by: bob, digest: 'd1', groups: [], atMs: 10 };
  expect(DECISIONS.cancel.event(aChange({ state }), made)).toMatchObject({
    reasonCode: 'not_open',
    next: expect.stringContaining('close BGP-1'),
  });
});

test('a reason that somebody gave stands with the decision', () => {
  expect(decided('reject', aChange(), 'not tonight').decisions).toMatchObject([{ reason: 'not tonight' }]);
  expect(decided('review', aChange(BROKEN), 'right so').breakGlassUse?.review?.note).toBe('right so');
  expect(decided('break-glass', aChange(), 'r1 is dead').breakGlassUse?.reason).toBe('r1 is dead');
});

test.each<DecisionVerb>(['reject', 'review'])('%s without a reason leaves no empty field', (verb) => {
  const event = DECISIONS[verb].event(aChange(BROKEN), { by: carol, digest: 'd1', groups: [], atMs: 10 });
  expect(event).toStrictEqual(stored(event));
});

test.each<[DecisionVerb, string, Partial<Change>, boolean, boolean]>([
  ['approve', 'a proposed change', {}, true, true],
  ['approve', 'a halted change', { state: 'halted' }, true, false],
  ['reject', 'a proposed change', {}, false, false],
  ['cancel', 'a running change', { state: 'running' }, false, false],
  ['resume', 'a halted change', { state: 'halted' }, true, false],
  ['resume', 'a change halted after break-glass', { state: 'halted', ...BROKEN }, false, false],
  ['close', 'a halted change', { state: 'halted' }, false, false],
  ['break-glass', 'a change without a first step', {}, false, true],
  ['break-glass', 'a change that has begun', WROTE, false, false],
  ['review', 'a change', BROKEN, false, false],
])(
  '%s of %s: whether a freeze forbids it, and whether the plan must still hold',
  (verb, _, given, ...needs) => {
    const { noFreeze, samePlan } = DECISIONS[verb].needs(aChange(given));
    expect([noFreeze, samePlan]).toEqual(needs);
  },
);

test.each(['node_without_tmm', 'node_unschedulable'] as const)(
  'going on without a node is for a change that halted because of its TMM: %s',
  (reasonCode) => {
    const made = { by: bob, digest: 'd1', groups: ['leads'], atMs: 10 };
    const halted = aChange({ state: 'halted', outcome: { ...HALT, reasonCode, node: 'worker1' } });
    expect(DECISIONS['go-on'].event(halted, made)).toEqual({ kind: 'resume', atMs: 10, without: 'worker1' });
  },
);

test.each<[string, Partial<Change>]>([
  ['halted for another reason', { state: 'halted', outcome: { ...HALT, node: 'worker1' } }],
  ['ended', { state: 'closed', outcome: { ...HALT, reasonCode: 'node_without_tmm', node: 'worker1' } }],
])('nobody goes on without a node when the change %s', (_, more) => {
  const made = { by: bob, digest: 'd1', groups: ['leads'], atMs: 10 };
  expect(DECISIONS['go-on'].event(aChange(more), made)).toMatchObject({ reasonCode: 'not_open' });
});

test('Go on without on a card is about the halt that it shows: after another one it is refused', () => {
  const outcome = { ...HALT, reasonCode: 'node_without_tmm' as const, node: 'worker2', atMs: 20 };
  const made = { by: bob, digest: 'd1', groups: ['leads'], atMs: 30 };
  const { event } = DECISIONS['go-on'];
  const halted = aChange({ state: 'halted', outcome });
  expect(event(halted, { ...made, haltedAtMs: 10 })).toMatchObject({ reasonCode: 'not_open' });
  expect(event(halted, { ...made, haltedAtMs: 20 })).toMatchObject({ kind: 'resume', without: 'worker2' });
});

test('what starts again asks whether requester and approvers still have the right to it', () => {
  const asking = DECISION_VERBS.filter((verb) => DECISIONS[verb].needs(aChange()).sameRights === true);
  expect(asking).toEqual(['resume', 'go-on']);
});

test('a dialog asks for the reason of a rejection and of break-glass, and of nothing else', () => {
  expect(DECISION_VERBS.filter((verb) => reasonDialogOf(verb) !== undefined)).toEqual([
    'reject',
    'break-glass',
  ]);
});

test('a button is a decision about its change, or a new request made from it', () => {
  expect(['approve', 'rollback', 're-request', 'rotate', 'toString'].map(kindOf)).toEqual([
    'decision',
    'follow-up',
    'follow-up',
    'neither',
    'neither',
  ]);
});

test.each([
  ['142', 'BGP-142'],
  ['bgp-142', 'BGP-142'],
  ['BGP142', 'BGP-142'],
  ['BGP-142.', 'BGP-142'],
  ['#142', 'BGP-142'],
  [' #bgp-142 ', 'BGP-142'],
  ['BGP-0142', 'BGP-142'],
  ['worker1', 'WORKER1'],
  ['1234567890123', '1234567890123'],
  ['x'.repeat(50), 'X'.repeat(40)],
])('%j names the change %s', (text, id) => {
  expect(readChangeId(text)).toBe(id);
});

/** What Bob, or Carol where it takes another, makes of a change. */
function decided(verb: DecisionVerb, change: Change, reason?: string): Change {
  const by = verb === 'review' ? carol : bob;
  const made = { by, digest: change.digest, groups: ['leads'], atMs: 10 };
  const event = DECISIONS[verb].event(change, { ...made, ...(reason === undefined ? {} : { reason }) });
  if (isRefusal(event)) throw new Error(event.sentence);
  const moved = move(change, event, by);
  if (isRefusal(moved)) throw new Error(moved.sentence);
  return moved.next;
}

function kindOf(action: string): string {
  if (isDecisionVerb(action)) return 'decision';
  return isFollowUp(action) ? 'follow-up' : 'neither';
}
