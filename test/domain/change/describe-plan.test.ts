import { expect, test } from '@jest/globals';
import {
  describePlan,
  describePlanParts,
  describeRestart,
  describeStep,
  differenceLines,
  passedChecks,
  removesMapping,
  restartSentence,
} from '../../../src/domain/change/describe-plan.ts';
import type { StepsPhase } from '../../../src/domain/change/describe-state.ts';
import type { PodImpact } from '../../../src/domain/change/impact.ts';
import type { Plan, Step } from '../../../src/domain/change/plan.ts';
import { carrying, impactOf, podOn } from './an-impact.ts';

const WRITE: Step = { kind: 'write', lookup: 'tor', node: 'worker1' };

test.each<[StepsPhase, string | undefined, string | undefined]>([
  [
    'to come',
    '1 of 3 TMM pods restarts.',
    'No TMM pod is restarted. TMM pods read the mapping when they start.',
  ],
  [
    'under way',
    '1 of 3 TMM pods restarts.',
    'No TMM pod is restarted. TMM pods read the mapping when they start.',
  ],
  ['stopped', undefined, 'No TMM pod was restarted. TMM pods read the mapping when they start.'],
  ['over', undefined, 'No TMM pod was restarted. TMM pods read the mapping when they start.'],
  ['never begun', '1 of 3 TMM pods would have been restarted.', undefined],
])('while its steps are %s a plan speaks of restarts in the right tense', (phase, restart, none) => {
  expect(describeRestart(plan({}), phase)).toBe(restart);
  expect(describeRestart(plan({ strategy: 'none', restarts: [] }), phase)).toBe(none);
});

test.each<[Partial<Plan>, string]>([
  [
    { restarts: nodes(2) },
    '2 of 3 TMM pods restart, one at a time, each only after BGP of the one before is back.',
  ],
  [{ restarts: nodes(2), strategy: 'all at once' }, '2 of 3 TMM pods are deleted at the same time.'],
  [{ strategy: 'all at once', tmmCount: 1 }, '1 of 1 TMM pod is deleted.'],
  [{ strategy: 'none', differences: [] }, 'No TMM pod is restarted.'],
])('%j restarts as it is planned', (given, sentence) => {
  expect(restartSentence(plan(given))).toBe(sentence);
});

test('a step has one wording, and a write of nothing is a removal', () => {
  expect(describeStep(WRITE)).toBe('write worker1 in tor');
  expect(describeStep({ kind: 'evict', node: 'worker1', pod: 'f5-tmm-1' })).toBe(
    'restart f5-tmm-1 on worker1',
  );
  expect(describeStep({ kind: 'check', node: 'worker1', pod: 'f5-tmm-1' })).toBe(
    'check BGP after the restart of f5-tmm-1 on worker1',
  );
  const [difference] = plan({}).differences;
  const removing = plan({
    differences:
      difference === undefined
        ? []
        : [
            { ...difference, after: null },
            { ...difference, node: 'worker3' },
          ],
  });
  expect(removesMapping(removing, WRITE)).toBe(true);
  expect(removesMapping(removing, { ...WRITE, node: 'worker2' })).toBe(false);
  expect(removesMapping(removing, { ...WRITE, lookup: 'other' })).toBe(false);
  expect(removesMapping(plan({}), WRITE)).toBe(false);
  expect(describeStep(WRITE, removesMapping(removing, WRITE))).toBe('remove worker1 from tor');
});

test('the difference stands as diff shows it, with line breaks of values made visible', () => {
  expect(differenceLines(plan({}))).toEqual([
    'spk/tor (AS 64512)',
    '- worker1: 10.0.0.1\\n',
    '+ worker1: 10.0.0.2',
  ]);
});

test('a mapping that comes or goes stands as one line, a new ConfigMap in the heading', () => {
  const [difference] = plan({}).differences;
  if (difference === undefined) throw new Error('the plan has no difference');
  expect(
    differenceLines(
      plan({
        differences: [
          { ...difference, before: null, createsLookup: true },
          { ...difference, node: 'worker2', after: null },
        ],
      }),
    ),
  ).toEqual(['spk/tor (AS 64512), new ConfigMap', '+ worker1: 10.0.0.2', '- worker2: 10.0.0.1\\n']);
});

test('a plan that only writes names no nodes that restart, and one that only restarts shows no difference', () => {
  expect(
    describePlanParts(plan({ strategy: 'none', restarts: [], warnings: [] }), 'to come').slice(1),
  ).toEqual([{ kind: 'text', text: 'No TMM pod is restarted. TMM pods read the mapping when they start.' }]);
  expect(describePlanParts(plan({ differences: [], restarts: nodes(2), warnings: [] }), 'to come')).toEqual([
    { kind: 'text', text: `${restartSentence(plan({ restarts: nodes(2) }))} Nodes: worker1, worker2.` },
  ]);
});

test('a dry run tells the difference, the restarts by node, the warnings, and that nothing was done', () => {
  const { title, parts } = describePlan(plan({}), 'abcdef0123456789');
  expect(title).toBe('What rotate would do on spk');
  expect(parts).toEqual([
    { kind: 'preformatted', text: 'spk/tor (AS 64512)\n- worker1: 10.0.0.1\\n\n+ worker1: 10.0.0.2' },
    { kind: 'text', text: '1 of 3 TMM pods restarts. Nodes: worker1.' },
    { kind: 'note', tone: 'warning', text: 'worker1 is not Ready.' },
    { kind: 'text', text: 'This was a dry run: nothing was changed or proposed. Plan abcdef012345.' },
  ]);
});

test('what is live stands in a plan as long as its steps are to come, and not after', () => {
  const impact = impactOf([{ ...carrying('worker1'), uid: 'u1' }, carrying('worker2')]);
  const told = (phase: StepsPhase) =>
    describePlanParts(plan({ warnings: [] }), phase, impact).map((part) => ('text' in part ? part.text : ''));
  expect(told('to come')).toEqual([
    'spk/tor (AS 64512)\n- worker1: 10.0.0.1\\n   now: ✓ Established\n+ worker1: 10.0.0.2',
    '1 of 3 TMM pods restarts.',
    '↻ worker1\n  f5-tmm-1\n  ✓ 10.0.0.1 drops, comes back\n    Established',
    'Meanwhile worker2 keeps carrying IPv4.',
  ]);
  expect(told('under way')).toEqual([
    'spk/tor (AS 64512)\n- worker1: 10.0.0.1\\n\n+ worker1: 10.0.0.2',
    '1 of 3 TMM pods restarts. Nodes: worker1.',
  ]);
});

test('nothing is said of who carries traffic meanwhile, nor of sessions, where that is not known', () => {
  const parts = describePlanParts(plan({ warnings: [] }), 'to come', impactOf([]));
  expect(parts.map((part) => ('text' in part ? part.text : ''))).toEqual([
    'spk/tor (AS 64512)\n- worker1: 10.0.0.1\\n\n+ worker1: 10.0.0.2',
    '1 of 3 TMM pods restarts.',
    '↻ worker1\n  f5-tmm-1\n  ? its sessions were not read',
    'The sessions of 1 more TMM pod that restarts were not read.',
  ]);
});

test('that another TMM carries traffic meanwhile is certified where one does so for every family that drops', () => {
  const pod = (carries: readonly ('IPv4' | 'IPv6')[]) => podOn('worker1', { uid: 'u1', carries });
  const certified = (...pods: readonly PodImpact[]) =>
    passedChecks(plan({ warnings: [] }), impactOf(pods)).filter((words) => words.startsWith('another TMM'));
  const other = podOn('worker2', { carries: ['IPv4'] });
  expect(certified(pod(['IPv4']), other)).toEqual(['another TMM carries traffic meanwhile']);
  expect(certified(pod(['IPv4']))).toEqual([]);
  expect(certified(pod(['IPv4', 'IPv6']), other)).toEqual([]);
  expect(certified(pod([]), other)).toEqual(['another TMM pod stays while one restarts']);
  const turns = plan({ restarts: nodes(2), warnings: [] });
  const both = [pod(['IPv4']), podOn('worker2', { uid: 'u2', carries: ['IPv4'] })];
  expect(passedChecks(turns, impactOf(both))).toContain('another TMM carries traffic meanwhile');
});

test('what was only a warning before is left out once the steps are over, or will never begin', () => {
  expect(describePlanParts(plan({}), 'over').map(({ kind }) => kind)).toEqual(['preformatted']);
  expect(describePlanParts(plan({}), 'stopped').map(({ kind }) => kind)).toEqual(['preformatted', 'note']);
  expect(describePlanParts(plan({}), 'never begun').map(({ kind }) => kind)).toEqual([
    'preformatted',
    'text',
  ]);
});

test('a check that ended as a warning is not among those that passed', () => {
  expect(passedChecks(plan({}))).toEqual([
    'every peer address is valid in its lookup',
    'no other node has the new peers',
    'the lookup is writable and has room',
    'another TMM pod stays while one restarts',
  ]);
  const warned = ['address_shared', 'lookup_owned', 'node_gone', 'sole_tmm'].map((code) => ({
    code,
    sentence: '',
  }));
  expect(passedChecks(plan({ warnings: warned }))).toEqual([
    'every peer address is valid in its lookup',
    'the lookup is writable and has room',
  ]);
  expect(
    passedChecks(plan({ differences: [], restarts: nodes(2), allowOutage: true, warnings: [] })),
  ).toEqual(['all 2 nodes are Ready']);
  expect(passedChecks(plan({ warnings: [] }))).toContain('the node is Ready');
});

test('lesson 65: that no other tool manages the lookup is never certified, since nobody can know', () => {
  expect(passedChecks(plan({ warnings: [] })).join()).not.toMatch(/tool|manages|owns/);
});

test('lesson 63: that no other node has the new peers is not certified where a value cannot be read', () => {
  const warnings = [{ code: 'sharing_unknown', sentence: '' }];
  expect(passedChecks(plan({ warnings }))).not.toContain('no other node has the new peers');
});

test('a plan that writes and restarts nothing had nothing to check', () => {
  expect(passedChecks(plan({ strategy: 'none', differences: [], restarts: [], warnings: [] }))).toEqual([]);
});

function plan(given: Partial<Plan>): Plan {
  return {
    verb: 'rotate',
    target: 'spk',
    namespace: 'spk',
    differences: [
      {
        lookup: 'tor',
        asn: 64_512,
        node: 'worker1',
        before: '10.0.0.1\n',
        after: '10.0.0.2',
        createsLookup: false,
      },
    ],
    restarts: nodes(1),
    strategy: 'rolling',
    cluster: {
      uid: 'uid-of-kube-system',
      tmm: { namespace: 'spk-tmm', selector: 'app=f5-tmm' },
      lookups: {},
    },
    tmmCount: 3,
    allowOutage: false,
    warnings: [{ code: 'node_not_ready', sentence: 'worker1 is not Ready.' }],
    ...given,
  };
}

function nodes(count: number): Plan['restarts'] {
  return Array.from({ length: count }, (_, index) => ({
    node: `worker${index + 1}`,
    pods: [{ name: `f5-tmm-${index + 1}`, uid: `u${index + 1}` }],
  }));
}
