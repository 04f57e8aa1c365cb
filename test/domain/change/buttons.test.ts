import { expect, test } from '@jest/globals';
import { buttonsOf } from '../../../src/domain/change/buttons.ts';
import type { Change, JournalEntry, Outcome } from '../../../src/domain/change/change.ts';
import type { Difference } from '../../../src/domain/change/plan.ts';
import type { ReasonCode } from '../../../src/domain/refusal.ts';
import { aChange, bob, EVICT, WRITE } from './a-change.ts';
import { restartOf } from './an-impact.ts';

const APPROVAL = { kind: 'approval', by: bob, digest: 'd1', atMs: 1, groups: ['leads'] } as const;
const HALTED: Partial<Change> = { state: 'halted', decisions: [APPROVAL] };
const MOVED = difference('worker1', '10.0.0.1', '10.0.0.9');

/** What a button of the card says that it does. */
function doing(action: string, given: Partial<Change>): string | undefined {
  return buttonsOf(aChange(given)).find((button) => button.action === action)?.does;
}

function difference(node: string, before: string | null, after: string | null): Difference {
  return { lookup: 'spk-tor-bgp', asn: 64_512, node, before, after, createsLookup: false };
}

/** A change of these mappings that has begun with these steps. */
function begun(differences: readonly Difference[], ...steps: JournalEntry['step'][]): Partial<Change> {
  return {
    ...HALTED,
    plan: restartOf([], { differences }),
    journal: steps.map((step, atMs) => ({ step, phase: 'intended', atMs })),
  };
}

const write = (node: string): JournalEntry['step'] => ({ ...WRITE, node });

test('approving lets a change run; one that halted goes on only once somebody resumes it', () => {
  expect(doing('approve', {})).toBe('Lets it run, once it has all its approvals.');
  expect(doing('approve', { state: 'halted' })).toBe(
    'Approves it again; it continues once somebody resumes it.',
  );
});

test('stopping a running change undoes nothing; one that has not started has changed nothing', () => {
  expect(doing('cancel', { state: 'running' })).toBe('Stops before its next step; completed steps stay.');
  expect(doing('cancel', { state: 'approved' })).toBe('Ends it; nothing is changed.');
});

test.each<[Outcome['reasonCode'], string]>([
  ['cancelled', 'Continues where it stopped, once its checks pass; nothing is written until then.'],
  ['session_down', 'Repeats the failed check and continues when it passes; nothing is written until then.'],
])('what Check again does after a halt with %s', (reasonCode, does) => {
  const outcome = { reasonCode, sentence: 'Halted.', atMs: 5 };
  expect(doing('resume', { ...HALTED, outcome })).toBe(does);
});

test('break-glass runs what has not started, and goes on with what halted', () => {
  expect(doing('break-glass', {})).toMatch(/^Runs it without approval/);
  expect(doing('break-glass', HALTED)).toMatch(/^Continues without approval/);
});

test.each<[ReasonCode, string]>([
  ['node_without_tmm', 'Continues without a TMM pod on worker1.rack.'],
  [
    'node_unschedulable',
    'Evicts the TMM pod on worker1.rack, which will have none afterwards, and continues.',
  ],
])(
  'going on without a node after %s says what becomes of its TMM, and names it short',
  (reasonCode, does) => {
    const outcome = { reasonCode, sentence: 'Halted.', node: 'worker1.rack.example.com', atMs: 5 };
    expect(doing('go-on', { ...HALTED, outcome })).toBe(does);
  },
);

test.each<[string, Partial<Change>, string]>([
  [
    'one mapping that was written and whose pod restarted',
    begun([MOVED], write('worker1'), EVICT),
    'Proposes 10.0.0.1 for worker1 and the restart that this needs, as a change of its own.',
  ],
  [
    'one mapping without a restart',
    begun([MOVED], write('worker1')),
    'Proposes 10.0.0.1 for worker1, as a change of its own.',
  ],
  [
    'a mapping that was not there before',
    begun([difference('worker1', null, '10.0.0.9')], write('worker1')),
    'Proposes no mapping for worker1, as a change of its own.',
  ],
  [
    'only what was written of several',
    begun([MOVED, difference('worker2', '10.0.0.2', '10.0.0.8')], write('worker2')),
    'Proposes 10.0.0.2 for worker2, as a change of its own.',
  ],
  [
    'several mappings',
    begun([MOVED, difference('worker2', '10.0.0.2', '10.0.0.8')], write('worker1'), write('worker2')),
    'Proposes the mappings as they were, as a change of its own.',
  ],
])('rolling back offers %s', (_, given, does) => {
  expect(doing('rollback', given)).toBe(does);
});

test('only what is over or halted can be rolled back', () => {
  const { plan, journal } = begun([MOVED], write('worker1'));
  if (plan === undefined || journal === undefined) throw new Error('it has not begun');
  const offered = (['running', 'failed', 'rolled_back', 'succeeded', 'closed'] as const).filter(
    (state) => doing('rollback', { state, plan, journal }) !== undefined,
  );
  expect(offered).toEqual(['succeeded', 'closed']);
});

test.each<[string, Partial<Change>, string]>([
  ['nothing was written', begun([MOVED]), 'Ends it here. Nothing more is done.'],
  [
    'one mapping was written',
    begun([MOVED], write('worker1')),
    'Ends it here: worker1 stays on 10.0.0.9. Nothing more is done.',
  ],
  [
    'one mapping was removed',
    begun([difference('worker1', '10.0.0.1', null)], write('worker1')),
    'Ends it here: worker1 stays without a mapping. Nothing more is done.',
  ],
  [
    'two of three mappings were written',
    begun(
      [MOVED, difference('worker2', '10.0.0.2', '10.0.0.8'), difference('worker3', null, '10.0.0.7')],
      write('worker1'),
      write('worker3'),
    ),
    'Ends it here: the 2 mappings that were written stay. Nothing more is done.',
  ],
])('closing says what stays where %s', (_, given, does) => {
  expect(doing('close', given)).toBe(does);
});

test('a mapping of another lookup that was written is not the one of this node', () => {
  const other = { ...write('worker1'), lookup: 'spk-tor-bgp-2' } as const;
  expect(doing('close', begun([MOVED], other))).toBe('Ends it here. Nothing more is done.');
});

test('what a later release wrote has no buttons here', () => {
  expect(buttonsOf(aChange({ laterRelease: true }))).toEqual([]);
});

test('a stale change offers to be requested again first, and says what that does', () => {
  const [first] = buttonsOf(aChange({ state: 'stale' }));
  expect(first).toEqual({
    action: 're-request',
    label: 'Request again',
    does: 'Proposes what the same command would do now.',
  });
});
