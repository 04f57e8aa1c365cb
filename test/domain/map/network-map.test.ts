import { describe, expect, test } from '@jest/globals';
import type { LiveSession } from '../../../src/domain/bgp/live-sessions.ts';
import {
  compareNodes,
  compareRacks,
  countsOf,
  describeMap,
  type MapNode,
  type MapPod,
  nodeVerdict,
  problemsOf,
  sessionVerdict,
  sharedSuffix,
  shortName,
  unhealthyNodes,
  worstOf,
} from '../../../src/domain/map/network-map.ts';

const session = (state: LiveSession['state'], peer = '10.20.1.1'): LiveSession => ({
  peer,
  state,
  words: state,
});
const pod = (...sessions: readonly LiveSession[]): MapPod => ({
  name: 'tmm',
  state: 'Ready',
  ready: true,
  sessions,
});
const node = (name: string, pods: readonly MapPod[], notes: MapNode['notes'] = []): MapNode => ({
  name,
  state: 'Ready',
  notes,
  pods,
});
const good = (name: string): MapNode => node(name, [pod(session('established'))]);
const bad = (name: string): MapNode => node(name, [pod(session('down'))]);
const unknown = (name: string): MapNode => node(name, [pod(session('unknown'))]);
const unready = (name: string): MapNode =>
  node(name, [{ ...pod(session('established')), state: 'Pending', ready: false }]);
const idle = (name: string): MapNode => node(name, []);
const mapOf = (...nodes: readonly MapNode[]) => ({ target: 'rack', racks: [{ nodes }], suffix: '.rack' });

describe('how something is', () => {
  test.each([
    ['established', 'good'],
    ['down', 'bad'],
    ['absent', 'bad'],
    ['unknown', 'unknown'],
  ] as const)('a session that is %s is %s', (state, verdict) => {
    expect(sessionVerdict({ state })).toBe(verdict);
  });

  test('the worst counts, and what is unknown is worse than a warning', () => {
    expect(worstOf(['good', 'warning', 'unknown', 'bad'])).toBe('bad');
    expect(worstOf(['good', 'warning', 'unknown'])).toBe('unknown');
    expect(worstOf(['idle', 'good'])).toBe('good');
    expect(worstOf([])).toBe('idle');
  });

  test('a node is as the worst of its sessions, pods and remarks', () => {
    expect([good, bad, unknown, unready, idle].map((of) => nodeVerdict(of('n')))).toEqual([
      'good',
      'bad',
      'unknown',
      'warning',
      'idle',
    ]);
    expect(nodeVerdict(node('n', [pod(session('established'))], [{ verdict: 'bad', text: 'stale' }]))).toBe(
      'bad',
    );
  });

  test('the problems of a node are in order, the worst first, and what is fine is none', () => {
    const pods = [
      { ...pod(session('unknown', 'p1'), session('established', 'p2'), session('down', 'p3')), ready: false },
    ];
    const notes = [
      { verdict: 'warning' as const, text: 'cordoned' },
      { verdict: 'bad' as const, text: 'stale' },
    ];
    expect(problemsOf(node('n', pods, notes)).map(({ verdict, text }) => `${verdict}: ${text}`)).toEqual([
      'bad: p3 down',
      'bad: stale',
      'unknown: p1 unknown',
      'warning: cordoned',
      'warning: tmm Ready',
    ]);
    expect(problemsOf(good('n'))).toEqual([]);
  });
});

test('nodes are in order, the worst first, and then by name as people count', () => {
  const sorted = [idle('a'), good('worker10'), good('worker2'), unready('x'), unknown('y'), bad('z')].sort(
    compareNodes,
  );
  expect(sorted.map(({ name }) => name)).toEqual(['z', 'y', 'x', 'worker2', 'worker10', 'a']);
});

test('racks are in the order of their first nodes; one without nodes stays where it is', () => {
  const sorted = [{ nodes: [good('b')] }, { nodes: [good('a')] }, { nodes: [bad('c')] }].sort(compareRacks);
  expect(sorted.map(({ nodes }) => nodes[0]?.name)).toEqual(['c', 'a', 'b']);
  expect(compareRacks({ nodes: [] }, { nodes: [good('a')] })).toBe(0);
  expect(compareRacks({ nodes: [good('a')] }, { nodes: [] })).toBe(0);
});

test.each([
  ['the longest that all share', ['w1.rack.example.com', 'w2.rack.example.com'], '.rack.example.com'],
  ['a shorter one where racks differ', ['w1.r1.example.com', 'w2.r2.example.com'], '.example.com'],
  ['what the third shares as well', ['w1.r1.rack', 'w2.r1.rack', 'w3.r2.rack'], '.rack'],
  ['none where a name has no dot', ['w1.example.com', 'w2'], ''],
  ['none where nothing is shared', ['w1.example.com', 'w2.example.org'], ''],
  ['none of a single name', ['w1.example.com'], ''],
  ['none without names', [], ''],
  ['none that is a whole name', ['w1.com', '.com'], ''],
  ['none that would leave nothing of the first name', ['.com', 'w1.com'], ''],
  ['one with a short first part', ['a.com', 'b.com'], '.com'],
])('the end that names share is %s', (_, names, suffix) => {
  expect(sharedSuffix(names)).toBe(suffix);
});

test('a name is shown without the end that all share', () => {
  expect(shortName({ suffix: '.rack' }, 'worker1.rack')).toBe('worker1');
  expect(shortName({ suffix: '.rack' }, 'worker1.other')).toBe('worker1.other');
  expect(shortName({ suffix: '' }, 'worker1.rack')).toBe('worker1.rack');
});

describe('a map in words', () => {
  test.each([
    [[good('a')], '1 node, 1 TMM pod, 1 of 1 sessions Established'],
    [[good('a'), bad('b'), idle('c')], '3 nodes, 2 TMM pods, 1 of 2 sessions Established'],
    [[good('a'), unknown('b')], '2 nodes, 2 TMM pods, 1 of 2 sessions Established (1 unknown)'],
    [[], '0 nodes, 0 TMM pods, 0 of 0 sessions Established'],
  ])('counts what there is', (nodes, words) => {
    expect(countsOf(mapOf(...nodes))).toBe(words);
    expect(describeMap(mapOf(...nodes)).startsWith(words)).toBe(true);
  });

  test('names the nodes that need attention, the worst first, each with its worst problem', () => {
    const two = node('d.rack', [pod(session('down'), session('unknown', '10.20.1.2'))]);
    const found = unhealthyNodes(mapOf(good('a'), unready('b.rack'), unknown('c.rack'), two, idle('e')));
    expect(found).toEqual([
      { name: 'd', words: '10.20.1.1 down (and 1 more)', verdict: 'bad' },
      { name: 'c', words: '10.20.1.1 unknown', verdict: 'unknown' },
      { name: 'b', words: 'tmm Pending', verdict: 'warning' },
    ]);
  });

  test.each([
    [5, ''],
    [6, '; 1 more node needs attention'],
    [7, '; 2 more nodes need attention'],
  ])('of %i nodes that need attention names five', (count, end) => {
    const nodes = Array.from({ length: count }, (_, n) => bad(`w${n}`));
    const named = nodes
      .slice(0, 5)
      .map(({ name }) => `; ${name}: 10.20.1.1 down`)
      .join('');
    expect(describeMap(mapOf(...nodes))).toBe(
      `${count} nodes, ${count} TMM pods, 0 of ${count} sessions Established${named}${end}`,
    );
  });
});
