import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { describeRecord } from '../../../src/domain/audit/describe-record.ts';
import { EVENTS } from '../../../src/domain/audit/record.ts';
import type { DescribedRecord } from '../../../src/domain/audit/record-facts.ts';
import { describeReason, REASON_CODES } from '../../../src/domain/refusal.ts';
import { plainText } from '../../../src/domain/segments.ts';

test.each(EVENTS)('%s has an icon and a sentence, whatever its data is', (event) => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.anything()), (data) => {
      const { icon, sentence, inThread } = describeRecord(record({ event, data }));
      expect(icon).not.toBe('');
      for (const words of [plainText(sentence), plainText(inThread ?? [{ kind: 'ours', text: '-' }])]) {
        expect(words).toMatch(/\S/);
        expect(words).not.toMatch(/undefined|null|\[object/);
      }
    }),
    { numRuns: 10 },
  );
});

test.each(REASON_CODES)('%s has words that follow "because"', (code) => {
  const words = describeReason(code);
  expect(words).toMatch(/^(?:[a-z]|TMM|BGP|Slack|Redis)/);
  expect(words).not.toMatch(/_|\.$/);
  expect(words.length).toBeLessThan(60);
});

test.each<[string, Partial<DescribedRecord>, string]>([
  ['who proposed what and why', proposal({}), 'U02BOB proposed: rotate worker1, because “new ToR”'],
  [
    'that the policy waives the approval',
    { ...proposal({}), reason_code: 'approval_waived' },
    'U02BOB proposed: rotate worker1, because “new ToR”; the policy requires no approval',
  ],
  [
    'whose approvals were carried over, and from where',
    {
      ...proposal({ carriedOver: [{ by: 'U03CAROL', from: 'BGP-3' }] }),
      reason_code: 'approvals_carried_over',
    },
    'U02BOB proposed: rotate worker1, because “new ToR”; approved at once with approvals carried over from the identical plan: U03CAROL for BGP-3',
  ],
  [
    'that carried-over approvals do not suffice yet',
    proposal({ kept: [{ by: 'U03CAROL', from: 'BGP-3' }] }),
    'U02BOB proposed: rotate worker1, because “new ToR”; approvals carried over from the identical plan: U03CAROL for BGP-3; more approvals are needed',
  ],
  [
    'which mapping is about to be removed',
    {
      event: 'step.intended',
      data: { step: { kind: 'write', lookup: 'tor', node: 'worker1' }, after: null },
    },
    'about to remove worker1 from tor',
  ],
  [
    'which mapping is about to be written',
    {
      event: 'step.intended',
      data: { step: { kind: 'write', lookup: 'tor', node: 'worker1' }, after: '10.0.0.1' },
    },
    'about to write worker1 in tor',
  ],
  [
    'that a step is about to be taken, where it does not say which',
    { event: 'step.intended', data: { step: { kind: 'dance' } } },
    'about to carry out a step',
  ],
  ['that a step was taken, where it does not say which', { event: 'step.done' }, 'carried out a step'],
  [
    'that a change halted too long ago, and whose approval it lacks',
    {
      event: 'change.approval_void',
      reason_code: 'approval_lapsed',
      data: { void: [{ by: 'U03CAROL', reason: 'approval_lapsed' }], missing: '1 of leads' },
    },
    'has to be approved again, because it halted so long ago that it has to be approved again; missing: 1 of leads',
  ],
  [
    'whose approvals do not count any more, each with its reason',
    {
      event: 'change.approval_void',
      reason_code: 'approval_void',
      data: {
        void: [
          { by: 'U03CAROL', reason: 'deactivated' },
          { by: 'U04DAVE', reason: 'guest' },
        ],
        missing: '2 of leads',
      },
    },
    'has to be approved again; these do not count any more: U03CAROL (the account is deactivated), U04DAVE (the account is a guest); missing: 2 of leads',
  ],
  [
    'that one was refused',
    { event: 'request.refused', reason_code: 'not_allowed', data: { said: 'rotate worker1' } },
    'U02BOB was refused: “rotate worker1”, because the policy does not allow it',
  ],
  [
    'how a TMM came back, without what is no text',
    {
      event: 'step.done',
      data: { step: { kind: 'check', node: 'worker1', pod: 'f5-tmm-1' }, found: 5 },
    },
    'BGP is back after the restart of f5-tmm-1 on worker1',
  ],
  [
    'how many more of the same kind were refused',
    {
      event: 'request.refused',
      reason_code: 'not_allowed',
      data: { said: 'rotate worker1', times: 7 },
    },
    'U02BOB was refused 7 more times, most recently: “rotate worker1”, because the policy does not allow it',
  ],
  [
    'that one more of the same kind was refused',
    {
      event: 'request.refused',
      reason_code: 'not_allowed',
      data: { said: 'rotate worker1', times: 1 },
    },
    'U02BOB was refused 1 more time, most recently: “rotate worker1”, because the policy does not allow it',
  ],
  [
    'which mapping was removed',
    {
      event: 'step.done',
      data: { step: { kind: 'write', lookup: 'tor', node: 'worker1' }, found: 'removed' },
    },
    'removed worker1 from tor',
  ],
  [
    'why a change halted',
    { event: 'change.halted', reason_code: 'session_down', data: { sentence: '10.20.1.9 is Active.' } },
    'halted, because a BGP session is not Established: 10.20.1.9 is Active.',
  ],
  [
    'who stopped a change',
    {
      event: 'change.halted',
      reason_code: 'cancelled',
      data: { sentence: 'Stopped on request after 1 of 3 steps.', stopped_by: 'U03CAROL' },
    },
    'halted, because U03CAROL asked to stop it: Stopped on request after 1 of 3 steps.',
  ],
  [
    'once that an outcome is unknown',
    { event: 'change.outcome_unknown', reason_code: 'outcome_unknown', data: { sentence: 'No answer.' } },
    'outcome unknown: No answer.',
  ],
  [
    'that many approvals were carried over, without naming all',
    proposal({ carriedOver: Array.from({ length: 8 }, () => ({ by: 'U1', from: null })) }),
    'U02BOB proposed: rotate worker1, because “new ToR”; approvals carried over from the identical plan: U1, U1, U1, U1, U1, U1 and 2 more; more approvals are needed',
  ],
  [
    'whose approvals were carried over and for which change each was given, as far as that is known',
    proposal({
      carriedOver: [
        { by: 'U03CAROL', from: 'BGP-3' },
        { by: 'U04DAVE', from: null },
      ],
    }),
    'U02BOB proposed: rotate worker1, because “new ToR”; approvals carried over from the identical plan: U03CAROL for BGP-3, U04DAVE; more approvals are needed',
  ],
  [
    'no more than six names, and all of six',
    proposal({ carriedOver: Array.from({ length: 6 }, () => ({ by: 'U1', from: null })) }),
    'U02BOB proposed: rotate worker1, because “new ToR”; approvals carried over from the identical plan: U1, U1, U1, U1, U1, U1; more approvals are needed',
  ],
  [
    'that there is one more than six',
    proposal({ carriedOver: Array.from({ length: 7 }, () => ({ by: 'U1', from: null })) }),
    'U02BOB proposed: rotate worker1, because “new ToR”; approvals carried over from the identical plan: U1, U1, U1, U1, U1, U1 and 1 more; more approvals are needed',
  ],
  ['who approved', { event: 'change.approved' }, 'U02BOB approved'],
  [
    'what the bot did itself',
    { event: 'freeze.lifted', actor: 'bot' },
    'the bot lifted the freeze of spk-ingress',
  ],
  [
    'that no approval was needed, where a record of its own says so',
    { event: 'change.approved', reason_code: 'approval_waived' },
    'the policy requires no approval',
  ],
  [
    'that approvals were carried over, where a record of its own says so',
    {
      event: 'change.approved',
      reason_code: 'approvals_carried_over',
      data: { kept: [{ by: 'U03CAROL', from: 'BGP-3' }] },
    },
    'approved with approvals carried over from the identical plan: U03CAROL for BGP-3',
  ],
  [
    'to whom a query was answered',
    { event: 'query.answered', actor: 'bot', data: { for: 'U01ALICE', verb: 'show', args: ['worker1'] } },
    'answered U01ALICE: show worker1',
  ],
  [
    'why a query could not be answered, even where it does not say whose it was',
    { event: 'query.answered', actor: 'bot', reason_code: 'cluster_unreachable', data: { verb: 'show' } },
    'could not answer the requester: show, because the cluster does not answer',
  ],
  ['what is waited for', { event: 'change.progress', data: { progress: 'worker1 boots' } }, 'worker1 boots'],
  ['that it goes on', { event: 'change.progress' }, 'goes on'],
  ['which target was frozen', { event: 'freeze.lifted' }, 'U02BOB lifted the freeze of spk-ingress'],
  [
    'that all targets were frozen',
    { event: 'freeze.lifted', target: null },
    'U02BOB lifted the freeze of all targets',
  ],
  ['numbers as they are', { event: 'audit.signed', data: { seq: 41 } }, 'the trail was signed up to #41'],
  [
    'the pod of a step',
    {
      event: 'step.done',
      data: { step: { kind: 'evict', node: 'worker1', pod: 'f5-tmm-1' }, found: 'evicted' },
    },
    'evicted f5-tmm-1 on worker1',
  ],
  [
    'no reason where there is none but that it is done',
    { event: 'change.paused', reason_code: 'done' },
    'change paused, by U02BOB (this release does not know this kind of record)',
  ],
  [
    'the name of an event that a newer release wrote',
    { event: 'change.paused', reason_code: 'night_shift' },
    'change paused, by U02BOB, because night shift (this release does not know this kind of record)',
  ],
])('a record says %s', (_, given, words) => {
  expect(plainText(describeRecord(record(given)).sentence)).toBe(words);
});

test.each<[string, Partial<DescribedRecord>, string | undefined]>([
  ['nothing of a proposal, which the card shows', proposal({}), undefined],
  [
    'that the policy waives the approval',
    { ...proposal({}), reason_code: 'approval_waived' },
    'the policy requires no approval',
  ],
  [
    'that approvals were carried over, when they sufficed',
    { ...proposal({}), reason_code: 'approvals_carried_over' },
    'approved at once with approvals carried over from the identical plan',
  ],
  [
    'that approvals were carried over, when more are needed',
    proposal({ carriedOver: [{ by: 'U03CAROL', from: 'BGP-3' }] }),
    'approvals carried over from the identical plan: U03CAROL for BGP-3; more approvals are needed',
  ],
  ['nothing when it merely goes on', { event: 'change.progress' }, undefined],
  ['who approved', { event: 'change.approved' }, 'U02BOB approved'],
  ['nothing of a freeze, which is of no change', { event: 'freeze.lifted' }, undefined],
])('the thread below a card says %s', (_, given, words) => {
  const { inThread } = describeRecord(record(given));
  expect(inThread && plainText(inThread)).toBe(words);
});

test('the audit channel is told all but what merely goes on and what its asker is told', () => {
  expect(EVENTS.filter((event) => !describeRecord(record({ event })).isTold)).toEqual([
    'query.requested',
    'change.reminded',
    'change.started',
    'step.intended',
    'change.progress',
    'audit.signed',
  ]);
});

test.each(['approval_waived', 'approvals_carried_over'])(
  'of a proposal that is approved at once the channel is told: %s',
  (reason_code) => {
    expect(describeRecord(record({ ...proposal({}), reason_code })).isTold).toBe(true);
  },
);

test.each([
  ['evict', false],
  ['check', true],
])('of a done %s the channel and the thread are told: %s', (kind, told) => {
  const step = { kind, node: 'worker1', pod: 'f5-tmm-1' };
  const { isTold, inThread } = describeRecord(record({ event: 'step.done', data: { step, found: '' } }));
  expect([isTold, inThread !== undefined]).toEqual([told, told]);
});

test('what others wrote is never taken for words of ours', () => {
  const evil = 'evil\n*x* <!channel>';
  fc.assert(
    fc.property(fc.constantFrom(...EVENTS, evil), (event) => {
      const step = { kind: 'evict', node: evil, pod: evil };
      const shaped: Readonly<Record<string, unknown>> = {
        args: [evil],
        step,
        carriedOver: [{ by: evil, from: evil }],
        void: [{ by: evil, reason: evil }],
      };
      // Whatever else is read is there, and evil.
      const data = new Proxy(shaped, {
        get: (given, key) => (typeof key === 'string' && Object.hasOwn(given, key) ? given[key] : evil),
      });
      const { sentence, inThread = [] } = describeRecord(
        record({ event, data, target: evil, reason_code: evil, actor: { user: evil, team: evil } }),
      );
      for (const segment of [...sentence, ...inThread]) {
        if (segment.kind === 'ours') expect(segment.text).not.toContain('evil');
      }
      expect(plainText(sentence)).not.toContain('\n');
    }),
  );
});

function proposal(more: Readonly<Record<string, unknown>>): Partial<DescribedRecord> {
  return {
    event: 'change.proposed',
    data: { verb: 'rotate', args: ['worker1'], reason: 'new ToR', ...more },
  };
}

function record(given: Partial<DescribedRecord>): DescribedRecord {
  const actor = { user: 'U02BOB', team: 'T01RACK' };
  return { event: 'change.started', actor, target: 'spk-ingress', reason_code: null, data: {}, ...given };
}
