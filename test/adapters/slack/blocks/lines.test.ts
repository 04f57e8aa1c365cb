import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { noticeLine } from '../../../../src/adapters/slack/blocks/notice-line.ts';
import { threadLine } from '../../../../src/adapters/slack/blocks/thread-lines.ts';
import { type AuditRecord, EVENTS, type EventName, GENESIS } from '../../../../src/domain/audit/record.ts';
import { type alice, bob } from '../a-change.ts';
import { anyText } from './any-change.ts';
import { sequencesIn } from './as-slack-sees.ts';

/** What the card itself says well enough, or what no card is about. */
const UNTHREADED: readonly EventName[] = [
  'bot.started',
  'bot.stopped',
  'request.refused',
  'query.requested',
  'query.answered',
  'change.proposed',
  'drift.external_edit',
  'drift.detected',
  'drift.resolved',
  'freeze.declared',
  'freeze.lifted',
  'audit.checkpoint',
  'audit.signed',
];
const STEP = { kind: 'evict', node: 'worker1', pod: 'f5-tmm-1', uid: 'u1' };

test.each(EVENTS)('%s has a line for the audit channel, also when the record holds no data', (event) => {
  for (const actor of [bob, 'bot'] as const) {
    const line = noticeLine(record(event, {}, { actor }));
    expect(line).toMatch(/^\*BGP-142\* \S+/);
    expect(line).not.toMatch(/undefined|null|: $|\s$| {2}/);
  }
});

test.each(EVENTS)('%s has a line in the thread unless the card says it well enough', (event) => {
  const line = threadLine(record(event, { progress: 'waiting', gate: 'another TMM carries', by: 'BGP-143' }));
  if (UNTHREADED.includes(event)) expect(line).toBeUndefined();
  else expect(line).toMatch(/\S/);
  expect(line ?? '').not.toMatch(/undefined|null|: $|\n/);
});

test.each<[EventName, Readonly<Record<string, unknown>>, string]>([
  ['change.approved', {}, '*BGP-142* approved by <@U02BOB>'],
  [
    'change.proposed',
    { verb: 'rotate', args: ['worker1', '10.20.1.9'], reason: 'new *ToR*' },
    '*BGP-142* <@U02BOB> proposed: rotate worker1 10.20.1.9, because `new *ToR*`',
  ],
  ['change.rejected', { reason: 'not tonight' }, '*BGP-142* rejected by <@U02BOB>: `not tonight`'],
  ['request.refused', { said: 'rotate <!here>' }, '*BGP-142* <@U02BOB> was refused: `rotate &lt;!here&gt;`'],
  ['query.answered', { for: 'U01ALICE', verb: 'show' }, '*BGP-142* answered <@U01ALICE>: show'],
  ['step.intended', { step: STEP }, '*BGP-142* is about to restart f5-tmm-1 on worker1'],
  [
    'step.done',
    { step: { ...STEP, kind: 'check' }, found: 'f5-tmm-9 Established' },
    '*BGP-142* check BGP after f5-tmm-1 on worker1: f5-tmm-9 Established',
  ],
  ['change.halted', { sentence: 'No session.' }, '*BGP-142* halted: No session.'],
])('the audit channel reads of %s who did what', (event, data, line) => {
  expect(noticeLine(record(event, data))).toBe(line);
});

test('the reason code stands behind the line, but not behind what went well', () => {
  const halted = record('change.halted', { sentence: 'No session.' }, { reasonCode: 'session_down' });
  expect(noticeLine(halted)).toBe('*BGP-142* halted: No session. (session_down)');
  const done = record('change.succeeded', {}, { reasonCode: 'done' });
  expect(noticeLine(done)).toBe('*BGP-142* is done');
});

test('the thread reads step by step what was done and seen', () => {
  expect(threadLine(record('step.intended', { step: STEP }))).toBe('… About to restart f5-tmm-1 on worker1');
  expect(threadLine(record('step.done', { step: STEP, found: 'evicted' }))).toBe(
    '✓ restart f5-tmm-1 on worker1: evicted',
  );
  expect(threadLine(record('change.halted', { sentence: 'No session.' }))).toBe('🛑 Halted: No session.');
  expect(threadLine(record('change.failed', {}, { reasonCode: 'cluster_unreachable' }))).toContain(
    'cluster_unreachable',
  );
  expect(threadLine(record('change.expired', {}, { reasonCode: 'execution_window_passed' }))).toContain(
    'could not start in time',
  );
});

test('whatever a record quotes, its line stays one short line, mentions only who acted and links nothing', () => {
  const anyData = fc.record({
    verb: anyText,
    args: fc.array(anyText, { maxLength: 20 }),
    said: anyText,
    reason: anyText,
    for: anyText,
    found: anyText,
    sentence: anyText,
    progress: anyText,
    gate: anyText,
    by: anyText,
    version: anyText,
    policy: anyText,
    step: fc.record({ kind: fc.constant('write'), lookup: anyText, node: anyText }),
  });
  fc.assert(
    fc.property(fc.constantFrom(...EVENTS), anyData, (event, data) => {
      const made = record(event, data);
      for (const line of [noticeLine(made), threadLine(made) ?? '']) {
        expect(line).not.toContain('\n');
        expect(line.length).toBeLessThan(3_000);
        for (const sequence of sequencesIn(line)) expect(sequence).toMatch(/^<@(U02BOB|[UW][A-Z0-9]+)>$/);
        expect(line.replace(/`[^`]*`/g, '')).not.toContain('://');
      }
    }),
    { numRuns: 200 },
  );
}, 60_000);

function record(
  event: EventName,
  data: Readonly<Record<string, unknown>>,
  given: { readonly actor?: typeof alice | 'bot'; readonly reasonCode?: string } = {},
): AuditRecord {
  const { actor = bob, reasonCode = null } = given;
  return {
    v: 1,
    seq: 1,
    at: new Date(0).toISOString(),
    event,
    actor: actor === 'bot' ? 'bot' : { user: actor.userId, team: actor.teamId },
    target: 'spk-ingress',
    change: 'BGP-142',
    reason_code: reasonCode,
    digest: null,
    data,
    prev: GENESIS,
    hash: GENESIS,
  };
}
