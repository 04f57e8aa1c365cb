import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { validateBlocks } from '../../../../sandbox/src/slack/block-kit/validate-blocks.ts';
import type { CardContext } from '../../../../src/adapters/slack/blocks/card/context.ts';
import { cardMessage } from '../../../../src/adapters/slack/blocks/card-blocks.ts';
import { confirmMessage, confirmView } from '../../../../src/adapters/slack/blocks/confirm-blocks.ts';
import {
  breakGlassAlert,
  endMessage,
  freezeMessage,
  refusalMessage,
} from '../../../../src/adapters/slack/blocks/notice-blocks.ts';
import { DECISION_VERBS, reasonDialogOf } from '../../../../src/domain/change/decisions.ts';
import { anyChange, anyText } from './any-change.ts';
import { expectSlackTakes } from './as-slack-sees.ts';

const URL = 'https://rack.slack.com/archives/C01CHANGES/p1795861527072000';
const anyContext: fc.Arbitrary<CardContext> = fc.record(
  {
    links: fc.constantFrom(new Map<string, string>(), new Map([['BGP-1', URL]])),
    nowMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    others: fc.array(
      fc.record({
        id: fc.oneof(fc.constant('BGP-1'), anyText),
        waitsForThis: fc.boolean(),
        sharedNodes: fc.array(anyText, { maxLength: 3 }),
      }),
      { maxLength: 40 },
    ),
    rolledBackBy: fc.array(anyText, { maxLength: 10 }),
    before: fc.record({ id: anyText, atMs: fc.integer({ min: 0, max: 4_000_000_000_000 }) }),
    frozen: fc.record({
      reason: anyText,
      by: fc.constant({ userId: 'U02BOB', teamId: 'T01RACK' }),
      atMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    }),
    records: fc.record({ first: fc.nat(), last: fc.nat() }),
    calls: fc
      .array(fc.tuple(anyText, fc.constant('<!subteam^S02LEADS>')), { maxLength: 5 })
      .map((all) => new Map(all)),
  },
  { requiredKeys: ['links'] },
);
const dialogs = DECISION_VERBS.filter((verb) => reasonDialogOf(verb) !== undefined);
// A change of 500 nodes with texts of 10,000 characters is no use when it is shrunk for minutes.
const BOUNDS = { numRuns: 40, endOnFailure: true };

test('Slack takes every card, whatever stands around the change', () => {
  fc.assert(
    fc.property(anyChange, anyContext, (change, context) => {
      expectSlackTakes(cardMessage(change, context));
    }),
    BOUNDS,
  );
}, 120_000);

test('Slack takes every other message about a change: of break-glass, of its end, and what asks for a reason', () => {
  fc.assert(
    fc.property(
      anyChange,
      anyText,
      fc.constantFrom(...dialogs),
      fc.option(fc.constant(URL)),
      (change, reason, verb, url) => {
        expectSlackTakes(breakGlassAlert(change));
        expectSlackTakes(endMessage(change, url ?? undefined));
        expectSlackTakes(confirmMessage({ verb, change, reason, remaining: change }));
        const { blocks } = confirmView(
          { verb, change, remaining: { ...change, traffic: reason } },
          { change: change.id, digest: change.digest, channel: 'C1' },
        );
        expect(validateBlocks(blocks, 'modal')).toEqual([]);
      },
    ),
    BOUNDS,
  );
}, 120_000);

test('Slack takes what is told of a freeze, and of a command that was not understood', () => {
  fc.assert(
    fc.property(anyText, anyText, anyText, (typed, name, reason) => {
      const record = {
        actor: 'bot',
        target: name,
        reason_code: null,
        data: { reason },
        event: 'freeze.declared',
      };
      expectSlackTakes(freezeMessage({ ...record, actor: 'bot' }));
      const refusal = {
        kind: 'refusal',
        reasonCode: 'unknown_verb',
        sentence: `No ${typed}.`,
        next: name,
      } as const;
      expectSlackTakes(refusalMessage({ ...refusal, meant: { typed, name } }, `${typed} ${reason}`));
      expectSlackTakes(refusalMessage({ ...refusal, form: 'rotate' }, `${typed} ${reason}`));
    }),
    { numRuns: 100, endOnFailure: true },
  );
});
