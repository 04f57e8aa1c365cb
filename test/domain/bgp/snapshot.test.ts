import { expect, test } from '@jest/globals';
import { answersShow, isActive, type TmmPod, whySilent } from '../../../src/domain/bgp/snapshot.ts';

const POD: TmmPod = {
  name: 'tmm-1',
  uid: 'u',
  namespace: 'spk',
  phase: 'Running',
  ready: true,
  terminating: false,
  routing: true,
  createdAtMs: 0,
};

test.each<[string, Partial<TmmPod>, { readonly answers: boolean; readonly active: boolean }]>([
  ['runs', {}, { answers: true, active: true }],
  ['is not Ready', { ready: false }, { answers: true, active: true }],
  ['is not scheduled', { phase: 'Pending', ready: false }, { answers: false, active: true }],
  ['has no routing container', { routing: false }, { answers: false, active: true }],
  ['terminates', { terminating: true }, { answers: false, active: false }],
  ['succeeded', { phase: 'Succeeded', ready: false }, { answers: false, active: false }],
  ['failed', { phase: 'Failed', ready: false }, { answers: false, active: false }],
])('a pod that %s', (_, more, { answers, active }) => {
  expect(answersShow({ ...POD, ...more })).toBe(answers);
  expect(isActive({ ...POD, ...more })).toBe(active);
});

test.each<[string, Partial<TmmPod>]>([
  ['is ending', { terminating: true, notReadyReason: 'Unready' }],
  ['is Pending', { phase: 'Pending' }],
  ['is Unschedulable: 0/5 nodes', { phase: 'Pending', notReadyReason: 'Unschedulable: 0/5 nodes' }],
  ['has no routing container', { routing: false }],
])('a pod that cannot be asked %s', (why, more) => {
  expect(answersShow({ ...POD, ...more })).toBe(false);
  expect(whySilent({ ...POD, ...more })).toBe(why);
});
