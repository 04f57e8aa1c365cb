import { describe, expect, test } from '@jest/globals';
import {
  describeAlsoDropping,
  describeCover,
  describeLive,
  describeTraffic,
  listed,
  restartLines,
  shortNames,
} from '../../../src/domain/change/describe-impact.ts';
import type { PeerImpact, PodImpact } from '../../../src/domain/change/impact.ts';
import { carrying, impactOf, podOn, restartOf, sessionWith } from './an-impact.ts';

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
    ['✗ 10.0.0.1 is not a peer of this pod', '  mapped, but not configured in it'],
  ],
  ['is unknown', { state: 'unknown', words: 'unknown: it is cut' }, ['? 10.0.0.1', '  unknown: it is cut']],
])('a session of a pod that restarts, on two short lines: one that %s', (_, session, told) => {
  const sessions = [{ ...sessionWith('10.0.0.1', { words: '' }), ...session }];
  expect(lines({ sessions, sessionsOmitted: 7 })).toEqual([
    ...told.map((line) => `  ${line}`),
    '  … 7 more sessions',
  ]);
});

test('of sessions that are not shown the number is told, also where it is one', () => {
  const sessions = [sessionWith('10.0.0.1', { words: '' })];
  expect(lines({ sessions, sessionsOmitted: 1 }).at(-1)).toBe('  … 1 more session');
});

test.each<[string, PodImpact | undefined, readonly string[]]>([
  ['without sessions', podOn('worker1'), ['  – it has no peer']],
  [
    'that could not be read',
    podOn('worker1', { unread: 'exec timed out' }),
    ['  ? its sessions are unknown: exec timed out'],
  ],
  ['that was not looked at', undefined, ['  ? its sessions were not read']],
])('a pod %s says so', (_, pod, told) => {
  const [text = ''] = restartLines(restartOf(['worker1']), impactOf(pod === undefined ? [] : [pod]));
  expect(text.split('\n').slice(2)).toEqual(told);
});

test('without an impact only the pods are listed', () => {
  expect(restartLines(restartOf(['worker1']), undefined)).toEqual(['↻ worker1\n  f5-tmm-worker1']);
});

test('a pod of which every session is shown says nothing of more', () => {
  expect(lines({ sessions: [sessionWith('10.0.0.1')] })).toHaveLength(2);
});

describe('who carries traffic meanwhile', () => {
  test.each<[string, readonly PodImpact[], number, string]>([
    ['one other', [carrying('w1'), carrying('w2')], 0, 'Meanwhile w2 keeps carrying IPv4.'],
    [
      'two others',
      [carrying('w1'), carrying('w3'), carrying('w2')],
      0,
      'Meanwhile w2, w3 keep carrying IPv4.',
    ],
    ['nobody', [carrying('w1'), podOn('w2')], 0, 'Meanwhile no other TMM carries IPv4.'],
    [
      'perhaps one that could not be read',
      [carrying('w1'), podOn('w2', { unread: 'exec timed out' })],
      0,
      'Meanwhile it is unknown whether another TMM carries IPv4.',
    ],
    [
      'one other for both families, in one part',
      [dual('w1'), dual('w2')],
      1,
      'Meanwhile w2 keeps carrying IPv4 and IPv6. 1 other TMM pod was not read.',
    ],
    [
      'another for one family alone',
      [dual('w1'), carrying('w2')],
      2,
      'Meanwhile w2 keeps carrying IPv4; no other TMM carries IPv6. 2 other TMM pods were not read.',
    ],
    ['nobody for both families', [dual('w1')], 0, 'Meanwhile no other TMM carries IPv4 or IPv6.'],
    [
      'nothing, where it has no session',
      [podOn('w1')],
      0,
      'It has no Established session now: it carries no traffic.',
    ],
  ])('%s', (_, pods, othersNotRead, told) => {
    expect(describeCover(restartOf(['w1']), impactOf(pods, othersNotRead))).toBe(told);
  });

  test('pods that restart one by one carry for each other, and all at once for nobody', () => {
    const impact = impactOf([carrying('w1'), carrying('w2')]);
    expect(describeCover(restartOf(['w1', 'w2']), impact)).toBe(
      'Meanwhile the others carry IPv4, while one restarts.',
    );
    expect(describeCover(restartOf(['w1', 'w2'], { strategy: 'all at once' }), impact)).toBe(
      'Meanwhile no other TMM carries IPv4.',
    );
  });

  test('two without a session are spoken of as two', () => {
    expect(describeCover(restartOf(['w1', 'w2']), impactOf([podOn('w1'), podOn('w2')]))).toBe(
      'None of them has an Established session now: they carry no traffic.',
    );
  });

  test('nothing is said where it is not known what the pods carry', () => {
    const plan = restartOf(['w1', 'w2']);
    expect(describeCover(plan, impactOf([podOn('w1')]))).toBeUndefined();
    expect(describeCover(plan, impactOf([podOn('w1'), podOn('w2', { unread: 'x' })]))).toBeUndefined();
  });
});

test.each<[string, readonly string[], string]>([
  ['first labels where these tell them apart', ['w10.rack.example', 'w9.rack.example'], 'w9, w10'],
  ['whole names where two have one label', ['w1.a.example', 'w1.b.example'], 'w1.a.example, w1.b.example'],
  ['whole names where a label is a number', ['10.0.0.1'], '10.0.0.1'],
  ['whole names where one label of several is a number', ['10.0.0.1', 'w1.rack'], '10.0.0.1, w1.rack'],
  ['each once', ['w1.rack.example', 'w1.rack.example'], 'w1'],
])('nodes are named by %s', (_, nodes, told) => {
  expect(shortNames(nodes.map((node) => ({ node })))).toBe(told);
});

test('three names are listed, and how many more there are', () => {
  expect(listed(['a', 'b', 'c'])).toBe('a, b, c');
  expect(listed(['a', 'b', 'c', 'd'])).toBe('a, b, c and 1 more');
  expect(listed(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more');
});

function dual(node: string): PodImpact {
  return podOn(node, { carries: ['IPv4', 'IPv6'] });
}

function lines(pod: Partial<PodImpact>): readonly string[] {
  const [text = ''] = restartLines(restartOf(['worker1']), impactOf([podOn('worker1', pod)]));
  return text.split('\n').slice(2);
}

describe('what traffic does, pod by pod', () => {
  const v6 = sessionWith('2001:db8::1');
  test.each<[string, readonly PodImpact[], number, string]>([
    ['all carry', [carrying('worker10'), carrying('worker2')], 0, '✓ worker2, worker10 carry'],
    [
      'one has lost a family that its peers are for',
      [
        carrying('worker2'),
        podOn('worker1', { carries: ['IPv6'], sessions: [sessionWith('10.0.0.1', { state: 'down' }), v6] }),
      ],
      0,
      '✓ worker2 carries · ✗ worker1 IPv6 only',
    ],
    [
      'one has peers of one family alone, and is not missed for the other',
      [
        carrying('worker2'),
        podOn('worker1', { carries: ['IPv4', 'IPv6'], sessions: [sessionWith('10.0.0.1'), v6] }),
      ],
      0,
      '✓ worker1, worker2 carry',
    ],
    [
      'one carries nothing, one does not tell, others were not asked',
      [podOn('worker1'), podOn('worker2', { unread: 'exec timed out' })],
      3,
      '✗ worker1 carries nothing · ? worker2 unknown · 3 TMM pods were not read',
    ],
    ['nobody is there', [], 0, '✗ no TMM pod is there'],
  ])('%s', (_, pods, notRead, words) => {
    expect(describeTraffic(pods, notRead)).toBe(words);
  });
});

test('beside a mapping stands how each of its sessions is, and nothing where its pods were not looked at', () => {
  const live = (value: string, pod: PodImpact) => describeLive('worker1', value, impactOf([pod]));
  const down = sessionWith('10.0.0.2', { state: 'down', words: 'Active' });
  const pod = podOn('worker1', { sessions: [sessionWith('10.0.0.1'), down] });
  expect(live('10.0.0.1', pod)).toBe('✓ Established');
  expect(live('10.0.0.1,10.0.0.2', pod)).toBe('10.0.0.1 ✓ Established; 10.0.0.2 ✗ Active');
  expect(live('10.0.0.3', pod)).toBe('? no session was seen');
  expect(live('10.0.0.3', podOn('worker1', { unread: 'exec timed out' }))).toBe('? unknown: exec timed out');
  expect(live('10.0.0.1', podOn('worker2'))).toBeUndefined();
  expect(live('no address', pod)).toBeUndefined();
  expect(live('', pod)).toBeUndefined();
});

test('what else drops with one pod is named, with whether it comes back', () => {
  const sessions = [sessionWith('10.0.0.1'), sessionWith('10.0.0.2', { stays: false })];
  const also = (of: PodImpact) => describeAlsoDropping(restartOf(['worker1']), impactOf([of]));
  expect(also(podOn('worker1', { sessions }))).toBe('Also drops 10.0.0.1, 10.0.0.2 (✓ up).');
  expect(also(podOn('worker1', { sessions: sessions.slice(0, 1) }))).toBe(
    'Also drops 10.0.0.1 (✓ up), comes back.',
  );
  expect(also(podOn('worker1'))).toBeUndefined();
  expect(describeAlsoDropping(restartOf(['worker1', 'worker2']), impactOf([]))).toBeUndefined();
});

test('of several pods that restart nothing is said to drop besides', () => {
  const impact = impactOf([carrying('worker1'), carrying('worker2')]);
  expect(describeAlsoDropping(restartOf(['worker1', 'worker2']), impact)).toBeUndefined();
  expect(describeAlsoDropping(restartOf(['worker1']), impactOf([]))).toBeUndefined();
});

test('neither the mapping that changes nor a session that is down drops besides', () => {
  const sessions = [
    sessionWith('10.0.0.1'),
    sessionWith('10.0.0.2', { state: 'down' }),
    sessionWith('10.0.0.3'),
  ];
  const also = (before: string | null) => {
    const differences = [
      { lookup: 'tor', asn: 3535, node: 'worker1', before, after: '10.0.0.9', createsLookup: false },
    ];
    return describeAlsoDropping(
      restartOf(['worker1'], { differences }),
      impactOf([podOn('worker1', { sessions })]),
    );
  };
  expect(also('10.0.0.1')).toBe('Also drops 10.0.0.3 (✓ up), comes back.');
  expect(also(null)).toBe('Also drops 10.0.0.1, 10.0.0.3 (✓ up), come back.');
  expect(also('no address')).toBe('Also drops 10.0.0.1, 10.0.0.3 (✓ up), come back.');
});
