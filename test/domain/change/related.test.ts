import { expect, test } from '@jest/globals';
import type { Change } from '../../../src/domain/change/change.ts';
import { relatedChanges, sharedNodes } from '../../../src/domain/change/related.ts';
import { aChange, EVICT } from './a-change.ts';

const FOUND = { step: EVICT, phase: 'found', atMs: 5, found: 'done' } as const;

function on(node: string, given: Partial<Change>): Change {
  const change = aChange(given);
  return { ...change, plan: { ...change.plan, restarts: [{ node, pods: [] }] } };
}

test('who looks at a change is told of open ones, of what rolls it back, and of the last one before it', () => {
  const change = on('worker1', { id: 'BGP-5', createdAtMs: 50, state: 'succeeded' });
  const back = on('worker1', { id: 'BGP-7', createdAtMs: 70, state: 'halted' });
  const recent = [
    { ...back, plan: { ...back.plan, rollsBack: { change: 'BGP-5', verb: 'rotate' } } },
    on('worker2', { id: 'BGP-6', createdAtMs: 60, state: 'proposed' }),
    change,
    on('worker2', { id: 'BGP-4', createdAtMs: 40, state: 'succeeded', journal: [FOUND] }),
    on('worker1', { id: 'BGP-3', createdAtMs: 30, state: 'rejected' }),
    on('worker1', { id: 'BGP-2', createdAtMs: 20, state: 'closed', journal: [FOUND] }),
    on('worker1', { id: 'BGP-1', createdAtMs: 10, state: 'succeeded', journal: [FOUND] }),
  ];
  const { open, rolledBackBy, before } = relatedChanges(change, recent);
  expect(open.map(({ id }) => id)).toEqual(['BGP-6', 'BGP-7']);
  expect(rolledBackBy.map(({ id }) => id)).toEqual(['BGP-7']);
  expect(before?.id).toBe('BGP-2');
  expect(open.map((other) => sharedNodes(change, other))).toEqual([[], ['worker1']]);
});

test('what another set of TMM pods does is none of its business', () => {
  const change = on('worker1', { id: 'BGP-5', createdAtMs: 50 });
  const elsewhere = on('worker1', { id: 'BGP-4', createdAtMs: 40, journal: [FOUND] });
  const tmm = { namespace: 'other', selector: 'app=f5-tmm' };
  const other = { ...elsewhere, plan: { ...elsewhere.plan, cluster: { ...elsewhere.plan.cluster, tmm } } };
  expect(relatedChanges(change, [other])).toEqual({ open: [], rolledBackBy: [], before: undefined });
});

test('one that shares a single node is the one before, also where both were asked for in the same moment', () => {
  const change = on('worker1', { id: 'BGP-5', createdAtMs: 50 });
  const before = on('worker1', { id: 'BGP-4', createdAtMs: 50, state: 'succeeded', journal: [FOUND] });
  const restarts = [...before.plan.restarts, { node: 'worker2', pods: [] }];
  const two = { ...before, plan: { ...before.plan, restarts } };
  expect(relatedChanges(change, [change, two]).before?.id).toBe('BGP-4');
});
