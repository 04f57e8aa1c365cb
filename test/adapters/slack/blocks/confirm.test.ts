import { expect, test } from '@jest/globals';
import { confirmView } from '../../../../src/adapters/slack/blocks/confirm-blocks.ts';
import type { Change } from '../../../../src/domain/change/change.ts';
import type { RemainingPlan } from '../../../../src/workflow/requests.ts';
import { aChange } from '../a-change.ts';
import { textsOf } from './as-slack-sees.ts';

const AT = 1_790_000_000_000;
const WHEN = '<!date^1790000000^{date_short_pretty} {time}|2026-09-21 14:13 UTC>';
const NODE = 'worker1.rack.example.com';
const EVICTED = { kind: 'evict', node: NODE, pod: 'f5-tmm-1', uid: 'uid-1' } as const;

test('break-glass of a change that waits shows the impact as it is now, and when that was read', () => {
  const change = aChange('BGP-142');
  const pod = { node: NODE, pod: 'f5-tmm-1', uid: 'uid-1', carries: [], sessions: [], sessionsOmitted: 0 };
  const impact = { readAtMs: AT, pods: [pod], othersNotRead: 0 };
  const read = reading(change, { plan: change.plan, impact });
  expect(read).toContain('It has no Established session now: it carries no traffic.');
  expect(read).toContain(`Sessions read ${WHEN}`);
});

test('break-glass of a halted change says what traffic did when it halted, and what is still to come', () => {
  const halted = aChange('BGP-142', {
    state: 'halted',
    journal: [{ step: EVICTED, phase: 'found', atMs: AT }],
    outcome: {
      reasonCode: 'session_down',
      sentence: 'It did not come up.',
      traffic: '✗ worker1 carries nothing',
      atMs: AT,
    },
  });
  const done = reading(halted, { plan: { ...halted.plan, restarts: [] } });
  expect(done).toContain(`*Traffic* when it halted, ${WHEN}:  ✗ worker1 carries nothing`);
  expect(done).toContain('No more TMM pods restart');
  expect(done).not.toContain('f5-tmm-1');
  const now = reading(halted, { plan: { ...halted.plan, restarts: [] }, traffic: '✓ worker2 carries' });
  expect(now).toContain('*Traffic now*  ✓ worker2 carries');
  expect(now).not.toContain('when it halted');
  expect(reading(halted, { plan: halted.plan })).toContain('1 of 3 TMM pods restarts.');
});

function reading(change: Change, remaining: RemainingPlan): string {
  const memory = { change: change.id, digest: change.digest, channel: change.channel };
  const { blocks } = confirmView({ verb: 'break-glass', change, remaining }, memory);
  return textsOf(blocks)
    .map(({ text }) => text)
    .join('\n');
}
