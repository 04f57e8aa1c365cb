import { expect, test } from '@jest/globals';
import { restartLines } from '../../../src/domain/change/describe-impact.ts';
import type { PeerImpact, PodImpact } from '../../../src/domain/change/impact.ts';
import type { Plan } from '../../../src/domain/change/plan.ts';

test.each<[string, Partial<PeerImpact>, string]>([
  [
    'comes back',
    { words: 'Established 12 d, 1 prefix' },
    '✓ 10.0.0.1 Established 12 d, 1 prefix; drops, comes back',
  ],
  ['goes', { words: 'Established', stays: false }, '✓ 10.0.0.1 Established; drops'],
  [
    'is not mapped',
    { words: 'Established', mapped: false },
    '✓ 10.0.0.1 Established, not mapped; drops, comes back',
  ],
  ['is down', { state: 'down', words: 'Idle (Admin)' }, '✗ 10.0.0.1 Idle (Admin); down already'],
  [
    'is down and goes',
    { state: 'down', words: 'Active', stays: false },
    '✗ 10.0.0.1 Active; down already, goes',
  ],
  ['is absent', { state: 'absent', words: '' }, '✗ 10.0.0.1 is mapped, and not configured in the pod'],
  [
    'is unknown',
    { state: 'unknown', words: 'unknown: it is not listed' },
    '? 10.0.0.1 unknown: it is not listed',
  ],
])('a session of a pod that restarts: one that %s', (_, session, line) => {
  const established: PeerImpact = {
    peer: '10.0.0.1',
    state: 'established',
    words: '',
    mapped: true,
    stays: true,
  };
  expect(lines({ sessions: [{ ...established, ...session }], sessionsOmitted: 7 })).toEqual([
    `  ${line}`,
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
