import { expect, test } from '@jest/globals';
import type { PodPages } from '../../../src/domain/bgp/inspection.ts';
import type { TmmPod } from '../../../src/domain/bgp/snapshot.ts';
import { type ReplacedPod, replacedStillUp } from '../../../src/domain/checks/replaced-still-up.ts';
import { anInspection, aPod, summary, told } from './an-inspection.ts';

const HOLD_MS = 10_000;
const NEW1 = aPod('new1', 'worker1');
const NEW2 = aPod('new2', 'worker2');
const UP1: PodPages = { summary: summary({ '10.20.1.1': 'Established' }) };
const UP2: PodPages = { summary: summary({ '10.20.2.1': 'Established' }) };
const DOWN2: PodPages = { summary: summary({ '10.20.2.1': 'Connect' }) };

function replaced(node: string, more: Partial<ReplacedPod> = {}): ReplacedPod {
  return {
    evicted: { uid: `old of ${node}`, node },
    before: { announced: {}, pods: ['other'] },
    mayBeElsewhere: false,
    ...more,
  };
}

const BOTH = [replaced('worker1'), replaced('worker2')];
const GONE_ELSEWHERE = [replaced('worker1'), replaced('worker9', { mayBeElsewhere: true })];

interface Given {
  readonly pods?: readonly TmmPod[];
  readonly pages?: Readonly<Record<string, PodPages>>;
  readonly mapping?: Readonly<Record<string, string>>;
  readonly all?: readonly ReplacedPod[];
  readonly mayBeUnmapped?: (node: string) => boolean;
}

function judged({ pods = [NEW1, NEW2], pages = {}, mapping, all = BOTH, mayBeUnmapped }: Given) {
  const inspection = anInspection(pods, { pages, ...(mapping && { mapping }) });
  return replacedStillUp(inspection, all, HOLD_MS, mayBeUnmapped ?? (() => false));
}

test.each<[string, Given, string]>([
  ['nothing was replaced yet', { all: [] }, 'pass'],
  ['all have their sessions', { pages: { new1: UP1, new2: UP2 } }, 'pass'],
  [
    'one has lost its session',
    { pages: { new1: UP1, new2: DOWN2 } },
    'wait replaced_tmm_down: new2, which this change started, is not up any more: worker2 → 10.20.2.1 is Connect (no answer on TCP 179)',
  ],
  [
    'one is gone, and its node has no other',
    { pods: [NEW1], pages: { new1: UP1 } },
    'wait replaced_tmm_down: The TMM pod that this change started on worker2 is gone, and there is no other one',
  ],
  ['one was foreseen to go elsewhere', { pods: [NEW1], pages: { new1: UP1 }, all: GONE_ELSEWHERE }, 'pass'],
  [
    'one that went elsewhere has to be up there',
    { pages: { new1: UP1, new2: DOWN2 }, all: GONE_ELSEWHERE },
    'wait replaced_tmm_down: new2, which this change started, is not up any more: worker2 → 10.20.2.1 is Connect (no answer on TCP 179)',
  ],
  [
    'the mapping of its node is gone',
    { pages: { new1: UP1, new2: UP2 }, mapping: { worker1: '10.20.1.1' } },
    'fail replacement_unmapped: new2 runs on worker2, which no lookup maps.',
  ],
  [
    'the plan took its node out of the mapping',
    {
      pages: { new1: UP1, new2: UP2 },
      mapping: { worker1: '10.20.1.1' },
      mayBeUnmapped: (node) => node === 'worker2',
    },
    'pass',
  ],
])('what a change replaced is looked at again: %s', (_, given, expected) => {
  expect(told(judged(given))).toBe(expected);
});

test('of pods whose controller nobody can ask, each that was evicted still has one in its place', () => {
  const inspection = { ...anInspection([NEW1], { pages: { new1: UP1 } }), workloads: [] };
  const judge = (all: readonly ReplacedPod[]) => told(replacedStillUp(inspection, all, HOLD_MS, () => false));
  expect(judge(GONE_ELSEWHERE)).toBe(
    'wait replaced_tmm_down: 1 of the 2 TMM pods that this change started is gone',
  );
  expect(judge([replaced('worker1')])).toBe('pass');
});

test('all of it is read side by side, and only what was not read yet', () => {
  const unread = judged({});
  expect(unread).toMatchObject({ kind: 'unread', pod: NEW1, also: [{ kind: 'unread', pod: NEW2 }] });
  expect(judged({ pages: { new1: UP1 } })).toMatchObject({ kind: 'unread', pod: NEW2, also: [] });
});

test('that a session did not come up is not what is told of one that was up', () => {
  expect(judged({ pages: { new1: UP1, new2: DOWN2 } })).not.toHaveProperty('overdue');
});
