import { describe, expect, test } from '@jest/globals';
import type { Impact } from '../../../src/domain/change/impact.ts';
import { impactWarnings } from '../../../src/domain/change/impact-warnings.ts';
import type { Difference, Plan } from '../../../src/domain/change/plan.ts';
import { carrying, impactOf, podOn, restartOf, sessionWith } from './an-impact.ts';

const RESTART = restartOf(['w1']);

function told(plan: Plan, impact: Impact): readonly string[] {
  return impactWarnings(plan, impact).map(({ code, sentence }) => `${code}: ${sentence}`);
}

test('nothing is warned of where nothing was read', () => {
  expect(impactWarnings(RESTART, undefined)).toEqual([]);
});

describe('who else carries what a restart takes down', () => {
  test('somebody: no warning', () => {
    expect(told(RESTART, impactOf([carrying('w1'), carrying('w2')]))).toEqual([]);
  });

  test('nobody: the change halts, or traffic stops where the plan allows it', () => {
    const impact = impactOf([carrying('w1'), podOn('w2')]);
    expect(told(RESTART, impact)).toEqual([
      'no_other_carrier: No TMM but w1 carries IPv4 now: IPv4 traffic would stop, so the change halts before the restart.',
    ]);
    expect(told(restartOf(['w1'], { allowOutage: true }), impact)).toEqual([
      'no_other_carrier: No TMM but w1 carries IPv4 now: IPv4 traffic stops while it restarts.',
    ]);
  });

  test('only the pods that carry it are named', () => {
    const plan = restartOf(['w1', 'w2', 'w3'], { strategy: 'all at once' });
    expect(told(plan, impactOf([carrying('w1'), podOn('w2')]))[0]).toContain('No TMM but w1 carries IPv4');
  });

  test.each<[string, Impact, string]>([
    ['a single pod was not looked at', impactOf([carrying('w1')], 1), '1 TMM pod was not read'],
    ['pods were not looked at', impactOf([carrying('w1')], 2), '2 TMM pods were not read'],
    [
      'a pod could not be read',
      impactOf([carrying('w1'), podOn('w2', { unread: 'exec timed out' })], 2),
      'the sessions of w2 are unknown: exec timed out',
    ],
    [
      'no answer tells the state of a session',
      impactOf([carrying('w1'), podOn('w2', { sessions: [sessionWith('10.0.0.2', { state: 'unknown' })] })]),
      'the sessions of w2 are unknown: no answer shows them',
    ],
  ])('unknown, because %s', (_, impact, why) => {
    expect(told(RESTART, impact)).toEqual([
      `carriers_unknown: Whether another TMM than w1 carries IPv4 is unknown (${why}).`,
    ]);
  });

  test('a session of the other family is no reason to doubt', () => {
    const other = podOn('w2', { sessions: [sessionWith('2001:db8::2', { state: 'unknown' })] });
    expect(told(RESTART, impactOf([carrying('w1'), other]))[0]).toMatch(/^no_other_carrier/);
  });
});

describe('a router that becomes a peer', () => {
  const to = (after: string | null, more: Partial<Difference> = {}): Difference => {
    const difference = { lookup: 'tor', asn: 3535, node: 'w1.rack.example', before: '10.0.0.1', after };
    return { ...difference, createsLookup: false, ...more };
  };
  const adding = (...differences: readonly Difference[]): Plan => restartOf([], { differences });
  const seen = (...states: readonly ('established' | 'down' | 'unknown')[]): Impact =>
    impactOf(
      states.map((state, at) =>
        podOn(`w${at + 2}.rack.example`, { sessions: [sessionWith('10.0.0.9', { state, words: state })] }),
      ),
    );
  const WARNING = 'new_peer_down: 10.0.0.9, the new peer of w1, is down already: w2 → 10.0.0.9 is down.';

  test('and is down for another TMM is warned of', () => {
    expect(told(adding(to('10.0.0.1,10.0.0.9')), seen('down', 'unknown'))).toEqual([WARNING]);
    expect(told(adding(to('10.0.0.9', { before: null })), seen('down'))).toEqual([WARNING]);
  });

  test('of several nodes is warned of once', () => {
    const second = to('10.0.0.9', { node: 'w5.rack.example' });
    expect(told(adding(to('10.0.0.9'), second), seen('down'))).toEqual([
      WARNING.replace('peer of w1,', 'peer of w1, w5,'),
    ]);
  });

  test.each<[string, Difference, Impact]>([
    ['answers another TMM', to('10.0.0.9'), seen('down', 'established')],
    ['is no peer of anybody', to('10.0.0.9'), seen()],
    ['is in a state that nobody knows', to('10.0.0.9'), seen('unknown')],
    ['was a peer before', to('10.0.0.9', { before: '10.0.0.9' }), seen('down')],
    ['leaves', to(null, { before: '10.0.0.9' }), seen('down')],
    ['is another one', to('10.0.0.8'), seen('down')],
    ['stands in a value that cannot be read', to('10.0.0.9, router'), seen('down')],
  ])('is not warned of where it %s', (_, difference, impact) => {
    expect(told(adding(difference), impact)).toEqual([]);
  });
});

describe('a session that is down already', () => {
  const down = (peer: string, stays: boolean) => sessionWith(peer, { state: 'down', words: 'Active', stays });

  test('has to come back where it stays, and is no matter where it goes', () => {
    const pod = podOn('w1.rack.example', { sessions: [down('10.0.0.1', true), down('10.0.0.2', false)] });
    expect(told(restartOf(['w1.rack.example']), impactOf([pod]))).toEqual([
      'session_down: Down already: w1 → 10.0.0.1 (Active). The change halts unless it is up after the restart.',
    ]);
  });

  test('and goes is said to go', () => {
    const pod = podOn('w1', { sessions: [down('10.0.0.2', false), sessionWith('10.0.0.1')] });
    expect(told(RESTART, impactOf([pod]))).toEqual([
      'session_down: Down already, and no longer a peer after this: w1 → 10.0.0.2 (Active).',
    ]);
  });

  test('of a pod that does not restart is no matter', () => {
    const pods = [podOn('w1'), podOn('w2', { sessions: [down('10.0.0.1', true)] })];
    expect(told(RESTART, impactOf(pods))).toEqual([]);
  });
});

describe('a pod that peers with something else than is mapped', () => {
  const unmapped = sessionWith('10.0.0.7', { mapped: false });
  const absent = sessionWith('10.0.0.8', { state: 'absent' });
  test.each([
    ['has a peer too many', [unmapped], 'w1 peers with 10.0.0.7, which is not mapped'],
    ['lacks one', [absent], 'w1 does not peer with 10.0.0.8, which is mapped'],
    ['has another one', [unmapped, absent], 'w1 peers with 10.0.0.7, not with 10.0.0.8 as mapped'],
  ])('%s', (_, sessions, words) => {
    const pod = podOn('w1', { sessions: [...sessions, sessionWith('10.0.0.1')] });
    expect(told(RESTART, impactOf([pod]))).toEqual([`peers_differ: The mapping is not what runs: ${words}.`]);
  });

  test('is never said to run with a peer that is absent', () => {
    const pod = podOn('w1', { sessions: [sessionWith('10.0.0.8', { state: 'absent', mapped: false })] });
    expect(told(RESTART, impactOf([pod]))[0]).toContain('w1 does not peer with 10.0.0.8');
  });
});

describe('sessions that nobody read', () => {
  test('are said to be unknown, and why', () => {
    const pods = [podOn('w1', { unread: 'exec timed out' }), podOn('w2', { unread: 'gone' })];
    expect(told(restartOf(['w1', 'w2']), impactOf(pods))).toEqual([
      'sessions_unknown: The sessions of w1, w2 are unknown (exec timed out).',
    ]);
  });

  test('are those of the pods that could not be read, and of no other', () => {
    const pods = [podOn('w1'), podOn('w2', { unread: 'gone' })];
    expect(told(restartOf(['w1', 'w2']), impactOf(pods))).toEqual([
      'sessions_unknown: The sessions of w2 are unknown (gone).',
    ]);
  });

  test.each([
    [['w1', 'w2'], '1 more TMM pod that restarts'],
    [['w1', 'w2', 'w3'], '2 more TMM pods that restart'],
  ])('of %j are counted where they were not looked at', (nodes, words) => {
    expect(told(restartOf(nodes), impactOf([podOn('w1')]))).toEqual([
      `sessions_unknown: The sessions of ${words} were not read.`,
    ]);
  });
});
