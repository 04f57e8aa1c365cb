import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { homeView } from '../../../../src/adapters/slack/blocks/home-blocks.ts';
import { refuse } from '../../../../src/domain/refusal.ts';
import type { HomeContent } from '../../../../src/workflow/requests/read-home.ts';
import { aChange } from '../a-change.ts';
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

test('below a change that is under way stands what it waits for, and below a halted one why it stopped', () => {
  const running = aChange('BGP-7', {
    state: 'running',
    progress: 'worker1 → 10.20.1.9 is Connect, 12 s of 3 min',
  });
  const halted = aChange('BGP-6', {
    state: 'halted',
    outcome: { reasonCode: 'session_down', sentence: 'worker2 → 10.20.2.9 did not come up.', atMs: 0 },
  });
  const none = { frozen: [], sessions: [], capabilities: [], waitsForMe: [] };
  const read = textsOf(
    homeView(
      {
        ...none,
        kind: 'home',
        command: '/bgp',
        person: { userId: 'U02BOB', teamId: 'T01RACK' },
        atMs: 0,
        needDecision: [halted],
        underWay: [running],
        recent: [running, halted],
        menu: { changes: [], queries: [] },
      },
      new Map(),
    ).blocks,
  ).map(({ text }) => text);
  expect(read.filter((text) => text.includes('12 s of 3 min'))).toEqual([
    expect.stringMatching(/^⏳ \*BGP-7\* .*running.*\n↳ worker1 → /),
  ]);
  expect(read.filter((text) => text.includes('did not come up'))).toHaveLength(1);
});

test('whoever may do nothing here is told why, and nothing else', () => {
  const view = homeView(refuse('guest', 'You are a guest.', 'Ask a member.'), new Map());
  expectSlackTakesView(view);
  expect(JSON.stringify(view)).toContain('You are a guest.');
});
