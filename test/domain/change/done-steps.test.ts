import { expect, test } from '@jest/globals';
import { EVICTED_BY_OTHERS, touchesPods, WRITTEN_BY_OTHERS } from '../../../src/domain/change/change.ts';
import { describeDoneStep, type StepName } from '../../../src/domain/change/describe-plan.ts';
import { restartOf } from './an-impact.ts';

const WRITE: StepName = { kind: 'write', lookup: 'tor', node: 'worker1' };
const EVICT: StepName = { kind: 'evict', node: 'worker1', pod: 'f5-tmm-1' };
const CHECK: StepName = { ...EVICT, kind: 'check' };

test.each<[StepName, string, string]>([
  [WRITE, 'written', 'wrote worker1 in tor'],
  [WRITE, 'removed', 'removed worker1 from tor'],
  [WRITE, WRITTEN_BY_OTHERS, 'worker1 in tor needed no change'],
  [EVICT, 'evicted', 'evicted f5-tmm-1 on worker1'],
  [EVICT, EVICTED_BY_OTHERS, 'f5-tmm-1 on worker1 was gone already'],
  [CHECK, '', 'BGP is back after the restart of f5-tmm-1 on worker1'],
  [CHECK, 'Established', 'BGP is back after the restart of f5-tmm-1 on worker1: Established'],
])('a done step: %j with %j', (step, found, words) => {
  expect(describeDoneStep(step, found)).toBe(words);
});

test.each([
  ['one mapping to write', 1, 0, true],
  ['one pod to restart', 0, 1, true],
  ['nothing to do, as a query that needed approval', 0, 0, false],
])('a plan with %s touches TMM pods or not', (_, writes, restarts, touches) => {
  const nodes = ['worker1'];
  const mapping = {
    lookup: 'tor',
    asn: 1,
    node: 'worker1',
    before: null,
    after: '10.0.0.1',
    createsLookup: true,
  };
  const plan = restartOf(nodes.slice(0, restarts), { differences: [mapping].slice(0, writes) });
  expect(touchesPods({ plan })).toBe(touches);
});
