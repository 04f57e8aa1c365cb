import { expect, test } from '@jest/globals';
import type { Decision } from '../../../src/domain/change/change.ts';
import { propose } from '../../../src/domain/change/propose.ts';
import { aChange, bob, stored } from './a-change.ts';
import { carrying, impactOf } from './an-impact.ts';

const APPROVAL: Decision = { kind: 'approval', by: bob, digest: 'd1', atMs: 0, groups: ['leads'] };

test('a change waits for its approvals, and its record says what was asked and why', () => {
  const proposed = propose(aChange({ reason: 'r1 is replaced' }));
  expect(proposed.change.state).toBe('proposed');
  expect(proposed.record).toStrictEqual({
    event: 'change.proposed',
    data: { verb: 'rotate', args: [], plan: aChange().plan, reason: 'r1 is replaced' },
  });
});

test('a change without a reason is recorded as that', () => {
  const proposed = propose(aChange());
  expect(proposed.record.data).toMatchObject({ reason: null });
  expect(proposed).toStrictEqual(stored(proposed));
});

test('a change that needs no approval is approved at once, and its time to start runs', () => {
  const { change, record } = propose(aChange({ requiredApprovals: [], createdAtMs: 100 }));
  expect(change).toMatchObject({ state: 'approved', executeByMs: 600 });
  expect(record.reasonCode).toBe('approval_waived');
});

test('approvals of the identical plan count on, and the record says whose and from where', () => {
  const { change, record } = propose(aChange({ decisions: [{ ...APPROVAL, carriedOverFrom: 'BGP-7' }] }));
  expect(change.state).toBe('approved');
  expect(record).toMatchObject({
    reasonCode: 'approvals_carried_over',
    data: { carriedOver: [{ by: 'U02BOB', from: 'BGP-7' }] },
  });
});

test('approvals that are carried over but too few leave it waiting for the others', () => {
  const two = aChange({ requiredApprovals: [{ groups: ['leads'], count: 2 }], decisions: [APPROVAL] });
  const { change, record } = propose(two);
  expect(change.state).toBe('proposed');
  expect(change).not.toHaveProperty('executeByMs');
  expect(record.data).toMatchObject({ carriedOver: [{ by: 'U02BOB', from: null }] });
});

test('what was live when it was proposed stands in its record', () => {
  const impact = impactOf([carrying('worker1')]);
  expect(propose(aChange({ impact })).record.data).toMatchObject({ impact });
});
