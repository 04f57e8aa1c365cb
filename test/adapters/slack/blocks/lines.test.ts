import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  noticeLine,
  refusalMessage,
  threadLine,
} from '../../../../src/adapters/slack/blocks/notice-blocks.ts';
import { type AuditRecord, EVENTS, type EventName, GENESIS } from '../../../../src/domain/audit/record.ts';
import { frozenRefusal } from '../../../../src/domain/policy/freeze.ts';
import { refuse } from '../../../../src/domain/refusal.ts';
import { alice, bob } from '../a-change.ts';
import { anyText } from './any-change.ts';
import { sequencesIn } from './as-slack-sees.ts';

/** What has no line of its own in the audit channel: the next line stands for it. */
const UNTOLD: readonly EventName[] = [
  'query.requested',
  'change.started',
  'step.intended',
  'change.progress',
  'change.reminded',
  'audit.signed',
];
const ANCHOR = / · #1 0{20}$/;
/** What the card itself says well enough, or what no card is about. */
const UNTHREADED: readonly EventName[] = [
  'bot.started',
  'bot.stopped',
  'request.refused',
  'query.requested',
  'query.answered',
  'change.proposed',
  'change.started',
  'change.stop_requested',
  'step.intended',
  'change.progress',
  'drift.external_edit',
  'drift.detected',
  'drift.resolved',
  'freeze.declared',
  'freeze.lifted',
  'audit.checkpoint',
  'audit.restore_accepted',
  'audit.signed',
];
const STEP = { kind: 'evict', node: 'worker1', pod: 'f5-tmm-1', uid: 'u1' };

test.each(EVENTS)(
  '%s has one line for the audit channel with its anchor, unless the next line stands for it, also when the record holds no data',
  (event) => {
    for (const actor of [bob, 'bot'] as const) {
      const line = noticeLine(record(event, {}, { actor }));
      if (UNTOLD.includes(event)) {
        expect(line).toBeUndefined();
        continue;
      }
      expect(line).toMatch(/^\*BGP-142\* \S+ \S+/);
      expect(line).toMatch(ANCHOR);
      expect(line).not.toMatch(/undefined|null|: $|\s$| {2}/);
    }
  },
);

test.each(EVENTS)('%s has a line in the thread unless the card says it well enough', (event) => {
  const line = threadLine(record(event, { progress: 'waiting', gate: 'another TMM carries', by: 'BGP-143' }));
  if (UNTHREADED.includes(event)) expect(line).toBeUndefined();
  else expect(line).toMatch(/\S/);
  expect(line ?? '').not.toMatch(/undefined|null|: $|\n/);
});

test.each<[EventName, Readonly<Record<string, unknown>>, string]>([
  ['change.approved', {}, '*BGP-142* 👍 <@U02BOB> approved'],
  [
    'change.proposed',
    { verb: 'rotate', args: ['worker1', '10.20.1.9'], reason: 'new *ToR*' },
    '*BGP-142* 📝 <@U02BOB> proposed: rotate worker1 10.20.1.9, because `new *ToR*`',
  ],
  ['change.rejected', { reason: 'not tonight' }, '*BGP-142* ⛔ <@U02BOB> rejected it: `not tonight`'],
  [
    'request.refused',
    { said: 'rotate <!here>' },
    '*BGP-142* 🚫 <@U02BOB> was refused: `rotate &lt;!here&gt;`',
  ],
  ['query.answered', { for: 'U01ALICE', verb: 'show' }, '*BGP-142* 🔎 answered <@U01ALICE>: show'],
  [
    'step.done',
    { step: { ...STEP, kind: 'check' }, found: 'f5-tmm-9 Established' },
    '*BGP-142* ✓ BGP is back after the restart of f5-tmm-1 on worker1: f5-tmm-9 Established',
  ],
  [
    'step.done',
    { step: { kind: 'write', lookup: 'tor', node: 'worker1' }, found: 'already so' },
    '*BGP-142* ✓ worker1 in tor needed no change',
  ],
  ['change.halted', { sentence: 'No session.' }, '*BGP-142* 🛑 halted: No session.'],
  [
    'change.break_glass',
    { reason: 'rack is down' },
    '*BGP-142* 🚨 <@U02BOB> used break-glass: it runs without approval, because `rack is down`',
  ],
])('the audit channel reads of %s who did what', (event, data, line) => {
  expect(noticed(record(event, data))).toBe(line);
});

test('a reason stands in words, with its code behind it for support, but not behind what went well', () => {
  const halted = record('change.halted', { sentence: 'No session.' }, { reasonCode: 'session_down' });
  expect(noticed(halted)).toBe(
    '*BGP-142* 🛑 halted, because a BGP session is not Established: No session. (session_down)',
  );
  const refused = record('request.refused', { said: 'shwo' }, { reasonCode: 'unknown_verb' });
  expect(noticed(refused)).toBe(
    '*BGP-142* 🚫 <@U02BOB> was refused: `shwo`, because there is no such command (unknown_verb)',
  );
  const rejected = record('change.rejected', {}, { reasonCode: 'rejected' });
  expect(noticed(rejected)).toBe('*BGP-142* ⛔ <@U02BOB> rejected it');
  const done = record('change.succeeded', {}, { reasonCode: 'done' });
  expect(noticed(done)).toBe('*BGP-142* ✅ succeeded');
});

test('the thread reads what was decided, done and found, and nothing of what goes on in between', () => {
  // What becomes of a pod that was taken is told by the check that follows.
  const taken = record('step.done', { step: STEP, found: 'evicted' });
  expect([threadLine(taken), noticeLine(taken)]).toEqual([undefined, undefined]);
  const write = { kind: 'write', lookup: 'spk-tor-bgp', node: 'worker1' };
  expect(threadLine(record('step.done', { step: write, found: 'written' }))).toBe(
    '✓ wrote worker1 in spk-tor-bgp.',
  );
  expect(threadLine(record('step.done', { step: { ...STEP, kind: 'check' }, found: 'f5-tmm-9' }))).toBe(
    '✓ BGP is back after the restart of f5-tmm-1 on worker1: f5-tmm-9.',
  );
  // The card shows what is waited for.
  expect(
    threadLine(record('change.progress', { progress: 'worker1: waiting for 10.20.1.9' })),
  ).toBeUndefined();
  expect(threadLine(record('change.approved', {}))).toBe('👍 <@U02BOB> approved.');
  expect(threadLine(record('change.halted', { sentence: 'No session.' }))).toBe('🛑 Halted: No session.');
  expect(threadLine(record('change.failed', {}, { reasonCode: 'cluster_unreachable' }))).toBe(
    '❌ Failed, because the cluster does not answer.',
  );
  expect(threadLine(record('change.expired', {}, { reasonCode: 'execution_window_passed' }))).toBe(
    '⌛ Expired, because it was approved, but could not start in time; nothing was changed.',
  );
});

test('a change that is approved at once says by whose approvals, in the channel and in the thread', () => {
  const carriedOver = [
    { by: 'U02BOB', from: 'BGP-3' },
    { by: 'U03CAROL', from: 'BGP-3' },
  ];
  const data = { verb: 'rotate', args: ['worker1'], carriedOver };
  const made = record('change.proposed', data, { actor: alice, reasonCode: 'approvals_carried_over' });
  expect(noticed(made)).toBe(
    '*BGP-142* 📝 <@U01ALICE> proposed: rotate worker1; approved at once with approvals carried over from the identical plan: <@U02BOB> for BGP-3, <@U03CAROL> for BGP-3 (approvals_carried_over)',
  );
  expect(threadLine(made)).toBe(
    '📝 Approved at once with approvals carried over from the identical plan: <@U02BOB> for BGP-3, <@U03CAROL> for BGP-3.',
  );
  const older = record('change.approved', {}, { actor: 'bot', reasonCode: 'approvals_carried_over' });
  expect(threadLine(older)).toBe('👍 Approved with approvals carried over from the identical plan.');
  const waived = record('change.proposed', { verb: 'rollback', args: [] }, { reasonCode: 'approval_waived' });
  expect(threadLine(waived)).toBe('📝 The policy requires no approval.');
});

test('an event that a newer release wrote still has a line', () => {
  const made = { ...record('change.halted', {}), event: 'change.paused_<!here>', reason_code: 'new_code' };
  expect(noticed(made)).toBe(
    '*BGP-142* • change paused &lt;!here&gt;, by <@U02BOB>, because new code (this release does not know this kind of record) (new_code)',
  );
  expect(threadLine(made)).toMatch(/^• change paused/);
});

test('whatever a record quotes, its line stays one short line, mentions only who acted and links nothing', () => {
  const anyData = fc.record({
    verb: anyText,
    args: fc.array(anyText, { maxLength: 20 }),
    said: anyText,
    reason: anyText,
    for: anyText,
    carriedOver: fc.array(fc.record({ by: anyText, from: fc.option(anyText, { nil: null }) }), {
      maxLength: 9,
    }),
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
      for (const line of [noticeLine(made) ?? '', threadLine(made) ?? '']) {
        expect(line).not.toContain('\n');
        expect(line.length).toBeLessThan(9_000);
        for (const sequence of sequencesIn(line)) expect(sequence).toMatch(/^<@(U02BOB|[UW][A-Z0-9]+)>$/);
        expect(line.replace(/`[^`]*`/g, '')).not.toContain('://');
      }
    }),
    { numRuns: 200 },
  );
});

/** The line without the anchor at its end. */
function noticed(made: AuditRecord): string {
  const line = noticeLine(made) ?? '';
  expect(line).toMatch(ANCHOR);
  return line.replace(ANCHOR, '');
}

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

test('a refusal by a freeze names who froze it as a mention, and when in the time of its reader', () => {
  const atMs = Date.parse('2026-11-23T10:45:00Z');
  const freeze = { reason: 'new core routers', by: bob, atMs };
  const declared = refusalMessage(frozenRefusal({ kind: 'declared', freeze }, 'rack', undefined));
  expect(declared.blocks[0]).toMatchObject({
    text: {
      type: 'mrkdwn',
      text: `🚫 Changes of rack are frozen: new core routers (<@${bob.userId}>, <!date^${atMs / 1000}^{date_short_pretty} {time}|2026-11-23 10:45 UTC>).`,
    },
  });
  expect(declared.text).toContain(`${bob.userId}, 2026-11-23 10:45 UTC`);
  const window = {
    kind: 'dated',
    reason: 'year-end',
    targets: ['*'],
    commands: ['*'],
    timeZone: 'Europe/Berlin',
    from: '2026-12-18 00:00',
    to: '2027-01-07 06:00',
  } as const;
  const untilMs = Date.parse('2027-01-07T05:00:00Z');
  const byCalendar = refusalMessage(frozenRefusal({ kind: 'window', window, untilMs }, 'rack', undefined));
  expect(byCalendar.blocks[0]).toMatchObject({
    text: { type: 'mrkdwn', text: expect.stringContaining(`(until <!date^${untilMs / 1000}^`) },
  });
  expect(byCalendar.text).toContain('(until thu 2027-01-07 06:00 Europe/Berlin)');
});

test.each([
  ['is offered on a button', 'shwo worker1', 'Did you mean show worker1?'],
  ['has no button where it would run characters that nobody sees', 'shwo \u{202e}worker1\u{202c}', undefined],
])('what was probably meant %s', (_, typed, label) => {
  const refusal = {
    ...refuse('unknown_verb', 'There is no command "shwo".', 'Did you mean show?'),
    meant: { typed: 'shwo', name: 'show' },
  };
  const { blocks = [] } = refusalMessage(refusal, typed);
  const labels = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  expect(labels).toEqual(
    label === undefined ? [] : [expect.objectContaining({ text: expect.objectContaining({ text: label }) })],
  );
});
