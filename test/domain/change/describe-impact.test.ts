import { expect, test } from '@jest/globals';
import { restartLines } from '../../../src/domain/change/describe-impact.ts';
import type { PeerImpact, PodImpact } from '../../../src/domain/change/impact.ts';
import type { Plan } from '../../../src/domain/change/plan.ts';

test.each<[string, Partial<PeerImpact>, readonly string[]]>([
  ['comes back', { words: 'Established 12 d' }, ['✓ 10.0.0.1 drops, comes back', '  Established 12 d']],
  ['goes', { words: 'Established', stays: false }, ['✓ 10.0.0.1 drops', '  Established']],
  [
    'is not mapped',
    { words: 'Established', mapped: false },
    ['✓ 10.0.0.1 drops, comes back', '  Established, not mapped'],
  ],
  ['is down', { state: 'down', words: 'Idle (Admin)' }, ['✗ 10.0.0.1 is down already', '  Idle (Admin)']],
  [
    'is down and goes',
    { state: 'down', words: 'Active', stays: false },
    ['✗ 10.0.0.1 is down already, goes', '  Active'],
  ],
  [
    'is absent',
    { state: 'absent' },
    ['✗ 10.0.0.1 is no peer of this pod', '  mapped, but not configured in it'],
  ],
  ['is unknown', { state: 'unknown', words: 'unknown: it is cut' }, ['? 10.0.0.1', '  unknown: it is cut']],
])('a session of a pod that restarts, on two short lines: one that %s', (_, session, told) => {
  const usual: PeerImpact = { peer: '10.0.0.1', state: 'established', words: '', mapped: true, stays: true };
  expect(lines({ sessions: [{ ...usual, ...session }], sessionsOmitted: 7 })).toEqual([
    ...told.map((line) => `  ${line}`),
    '  … 7 more sessions',
  ]);
});

test('a pod without sessions says so', () => {
  expect(lines({})).toEqual(['  – it has no peer']);
});

function lines(pod: Partial<PodImpact>): readonly string[] {
  const plan: Plan = {
    verb: 'restart',
    target: 'rack',
    namespace: 'spk',
    cluster: { uid: 'u', tmm: { namespace: 'spk', selector: 'app=f5-tmm' }, lookups: {} },
    differences: [],
    restarts: [{ node: 'worker1', pods: [{ name: 'f5-tmm-1', uid: 'u1' }] }],
    strategy: 'rolling',
    tmmCount: 1,
    allowOutage: false,
    warnings: [],
  };
  const read = { node: 'worker1', pod: 'f5-tmm-1', uid: 'u1', carries: [], sessions: [], sessionsOmitted: 0 };
  const [text = ''] = restartLines(plan, { readAtMs: 0, othersNotRead: 0, pods: [{ ...read, ...pod }] });
  return text.split('\n').slice(2);
}
