import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { homeView } from '../../../../src/adapters/slack/blocks/home-blocks.ts';
import { refuse } from '../../../../src/domain/refusal.ts';
import type { HomeContent } from '../../../../src/workflow/requests/read-home.ts';
import { anyChange, anyText } from './any-change.ts';
import { expectSlackTakesView, sequencesIn, textsOf } from './as-slack-sees.ts';

const anyChanges = fc.array(anyChange, { maxLength: 14 });
/** Verbs are ours; summaries too, but nothing depends on that. */
const anyVerb = fc.stringMatching(/^[a-z-]{1,30}$/);
const anyEntries = fc.uniqueArray(fc.record({ verb: anyVerb, summary: anyText }), {
  maxLength: 40,
  selector: ({ verb }) => verb,
});

const anyHome: fc.Arbitrary<HomeContent> = fc.record({
  kind: fc.constant('home' as const),
  command: fc.constant('/bgp'),
  person: fc.constant({ userId: 'U01ALICE', teamId: 'T01RACK' }),
  atMs: fc.constant(1_800_000_000_000),
  waitsForMe: anyChanges,
  needDecision: anyChanges,
  underWay: anyChanges,
  recent: anyChanges,
  frozen: fc.array(
    fc.record({
      target: anyText,
      by: fc.record({
        kind: fc.constant('declared' as const),
        freeze: fc.record({
          reason: anyText,
          by: fc.constant({ userId: 'U02BOB', teamId: 'T01RACK' }),
          atMs: fc.nat(2_000_000_000_000),
        }),
      }),
    }),
    { maxLength: 20 },
  ),
  sessions: fc.array(
    fc.record({
      target: anyText,
      checkedAtMs: fc.option(fc.constant(1_800_000_000_000), { nil: undefined }),
      findings: fc.array(fc.record({ sentence: anyText, next: anyText }), { maxLength: 12 }),
      tmmPods: fc.option(fc.nat(500), { nil: undefined }),
    }),
    { maxLength: 12 },
  ),
  capabilities: fc.array(
    fc.record({
      verb: anyVerb,
      kind: fc.constantFrom('query' as const, 'change' as const),
      target: anyText,
      use: fc.boolean(),
      approve: fc.boolean(),
      breakGlass: fc.boolean(),
      rule: fc.constant(undefined),
      dependsOnUndone: fc.boolean(),
    }),
    { maxLength: 40 },
  ),
  menu: fc.record({ changes: anyEntries, queries: anyEntries }),
});

const OURS =
  /^<(@[UW][A-Z0-9]+|!date\^\d+\^\{date_short_pretty\} \{time\}\|[\d: -]+ UTC|https:\/\/rack\.slack\.com\/\S+\|[\s\S]*)>$/;

test('Slack takes the Home tab, whatever there is to say', () => {
  fc.assert(
    fc.property(anyHome, (page) => {
      const links = new Map(
        page.recent.map(({ id }) => [id, 'https://rack.slack.com/archives/C1/p17000100']),
      );
      const view = homeView(page, links);
      expectSlackTakesView(view);
      for (const { text, markup } of textsOf(view.blocks))
        if (markup) for (const sequence of sequencesIn(text)) expect(sequence).toMatch(OURS);
    }),
    { numRuns: 60 },
  );
}, 120_000);

test('whoever may do nothing here is told why, and nothing else', () => {
  const view = homeView(refuse('guest', 'You are a guest.', 'Ask a member.'), new Map());
  expectSlackTakesView(view);
  expect(JSON.stringify(view)).toContain('You are a guest.');
});
