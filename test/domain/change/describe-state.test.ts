import { expect, test } from '@jest/globals';
import { CHANGE_STATES, NO_REASON_GIVEN } from '../../../src/domain/change/change.ts';
import { describeOutcome, STATE_WORDS, stepsPhase } from '../../../src/domain/change/describe-state.ts';

test.each(CHANGE_STATES)('%s has its own words everywhere, an icon and a meaning', (state) => {
  const { words, icon, meaning } = STATE_WORDS[state];
  expect(words).toBe(state.replace('_', ' '));
  expect(icon).not.toBe('');
  expect(meaning).toMatch(/^[a-z][^.]+$/);
});

test('a change that failed after a first step is not said to have done nothing', () => {
  const step = { kind: 'write' as const, lookup: 'spk-tor-bgp', node: 'worker1' };
  expect(stepsPhase({ state: 'failed', journal: [] })).toBe('never begun');
  expect(stepsPhase({ state: 'failed', journal: [{ step, phase: 'intended', atMs: 0 }] })).toBe('over');
});

test('the sentence of a rejection is what its approver typed, and stands as that', () => {
  const outcome = { reasonCode: 'rejected' as const, sentence: 'not tonight', atMs: 0 };
  expect(describeOutcome({ state: 'rejected', outcome })).toBe('Rejected: not tonight');
  const silent = { ...outcome, sentence: NO_REASON_GIVEN };
  expect(describeOutcome({ state: 'rejected', outcome: silent })).toBe('Rejected without a reason.');
  expect(describeOutcome({ state: 'halted', outcome })).toBe('not tonight');
  expect(describeOutcome({ state: 'running' })).toBeUndefined();
});

test('what traffic did stands behind why a change ended, where that is known', () => {
  const outcome = { reasonCode: 'session_down', sentence: 'worker1 is down.', atMs: 0 } as const;
  expect(describeOutcome({ state: 'halted', outcome })).toBe('worker1 is down.');
  const traffic = 'worker2 carries traffic.';
  expect(describeOutcome({ state: 'halted', outcome: { ...outcome, traffic } })).toBe(
    'worker1 is down. worker2 carries traffic.',
  );
});
