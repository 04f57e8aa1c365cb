import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cardMessage } from '../../../../src/adapters/slack/blocks/card-blocks.ts';
import { isApproved } from '../../../../src/domain/change/approvals.ts';
import { CHANGE_STATES, type Change, type ChangeState } from '../../../../src/domain/change/change.ts';
import type { Impact } from '../../../../src/domain/change/impact.ts';
import { aChange } from '../a-change.ts';
import { anyChange } from './any-change.ts';
import { expectSlackTakes, readingOf, sequencesIn, textsOf } from './as-slack-sees.ts';

const OURS = /^<(@[UW][A-Z0-9]+|!date\^\d+\^\{date_short_pretty\} \{time\}\|[\d: -]+ UTC)>$/;
const STANDING =
  /(proposed( \(\d+ of \d+\))?(, needs \d+ of[\s\S]*)?|approved|running(, stops before the next step)?|succeeded|failed(, nothing was changed)?|(halted|outcome unknown)( \(\d+ of \d+\))?(, needs \d+ of[\s\S]*)?|rejected|withdrawn|expired|stale|rolled back|closed)$/;

const RESTARTS_SHOWN: readonly ChangeState[] = ['proposed', 'approved', 'running'];
const WARNINGS_SHOWN: readonly ChangeState[] = [...RESTARTS_SHOWN, 'halted', 'outcome_unknown'];

test('Slack takes the card of any change, whatever people, clusters and routers wrote into it', () => {
  fc.assert(
    fc.property(anyChange, (change) => {
      expectSlackTakes(cardMessage(change));
    }),
    { numRuns: 120 },
  );
}, 120_000);

test('nobody and nothing is mentioned, linked or called by what others wrote into a card', () => {
  fc.assert(
    fc.property(anyChange, (change) => {
      const { text, blocks } = cardMessage(change);
      const read = [text, ...textsOf(blocks).flatMap((one) => (one.markup ? [one.text] : []))];
      for (const sequence of read.flatMap(sequencesIn)) expect(sequence).toMatch(OURS);
      for (const one of textsOf(blocks)) expect(one.text).not.toMatch(/[\u200b\u202e\ufeff\u0000\u001b]/);
    }),
    { numRuns: 80 },
  );
}, 120_000);

test('the title says where the change stands, however long the names in it are', () => {
  fc.assert(
    fc.property(anyChange, (change) => {
      const title = textsOf(cardMessage(change).blocks)[0]?.text ?? '';
      expect(title.startsWith(`${change.id} · `)).toBe(true);
      expect(title).toMatch(STANDING);
    }),
    { numRuns: 60 },
  );
}, 120_000);

test('a card offers buttons in exactly the states in which they mean something', () => {
  fc.assert(
    fc.property(anyChange, (change) => {
      const offered = buttonsOf(change);
      expect(offered).toEqual(meaningfulIn(change));
    }),
    { numRuns: 40 },
  );
}, 120_000);

test.each(CHANGE_STATES)(
  'the longest card in state %s fits, and hides nothing without saying so',
  (state) => {
    const long = 'x&<>'.repeat(2_500);
    const names = Array.from({ length: 400 }, (_, index) => `worker${index}.rack.example.com`);
    const { plan } = aChange('BGP-1');
    const nodes: Change['plan'] = {
      ...plan,
      differences: names.map((node) => ({
        lookup: 'spk-tor-bgp',
        asn: 64_512,
        node,
        before: '10.20.1.1',
        after: '10.20.1.9',
        createsLookup: true,
      })),
      restarts: names.map((node, index) => ({
        node,
        pods: [{ name: `f5-tmm-${index}`, uid: `uid-${index}` }],
      })),
      tmmCount: 400,
      warnings: names.map(() => ({ code: 'w', sentence: long })),
    };
    const impact: Impact = {
      readAtMs: 0,
      othersNotRead: 380,
      pods: nodes.restarts.slice(0, 20).map(({ node }, index) => ({
        node,
        pod: `f5-tmm-${index}`,
        uid: `uid-${index}`,
        carries: [],
        sessions: names.slice(0, 32).map((peer) => ({
          peer: `${peer}${long}`,
          state: 'down',
          words: long,
          mapped: true,
          stays: true,
        })),
        sessionsOmitted: 368,
      })),
    };
    const by = { userId: 'U02BOB', teamId: 'T01RACK' };
    const message = cardMessage(
      aChange('BGP-1', {
        state,
        plan: nodes,
        impact,
        reason: long,
        parsed: { verb: 'rotate', args: names, flags: { reason: long } },
        decisions: names.map(() => ({ kind: 'approval', by, digest: '', atMs: 0, reason: long, groups: [] })),
        journal: names.slice(0, 100).map((node) => ({
          step: { kind: 'write', lookup: 'spk-tor-bgp', node },
          phase: 'found',
          atMs: 0,
          found: long,
        })),
        progress: long,
        outcome: { reasonCode: 'session_down', sentence: long, next: long, hint: long, atMs: 0 },
        freshPlan: nodes,
        cancelledBy: by,
      }),
    );
    expectSlackTakes(message);
    const read = readingOf(message);
    const shown = read.split('\n').filter((line) => /^[-+] worker/.test(line)).length;
    expect(read).toMatch(/✂️ \d+ more lines of difference not shown/);
    expect(shown).toBeGreaterThan(20);
    if (RESTARTS_SHOWN.includes(state)) expect(read).toMatch(/✂️ \d+ more pods not shown/);
    if (WARNINGS_SHOWN.includes(state)) expect(read).toMatch(/✂️ 39[5-9] more warnings; type status BGP-1/);
    expect(read).toContain('and 394 more');
    expect(read).toMatch(/· \d+ more steps after these/);
  },
);

test('lines shown and lines said to be hidden add up to the whole difference', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), (count) => {
      const change = aChange('BGP-1');
      const differences = Array.from({ length: count }, (_, index) => ({
        lookup: 'spk-tor-bgp',
        asn: 1,
        node: `worker${index}`,
        before: '10.0.0.1',
        after: '10.0.0.2',
        createsLookup: false,
      }));
      const { blocks } = cardMessage({ ...change, plan: { ...change.plan, differences } });
      const block = textsOf(blocks).find(({ text }) => text.includes('(AS 1)'));
      const hidden = textsOf(blocks)
        .map(({ text }) => /✂️ (\d+) more lines? of difference/.exec(text)?.[1])
        .find((found) => found !== undefined);
      expect((block?.text.split('\n').length ?? 0) + Number(hidden ?? 0)).toBe(2 * count + 1);
    }),
  );
});

function meaningfulIn(change: Change): readonly string[] {
  const { state, breakGlass, breakGlassUse } = change;
  if (breakGlassUse !== undefined)
    return [...decidingIn(change), ...(breakGlassUse.review === undefined ? ['review'] : [])];
  const waits = state === 'proposed' || state === 'approved' || state === 'halted';
  return [...decidingIn(change), ...(waits && breakGlass.length > 0 ? ['break-glass'] : [])];
}

function decidingIn(change: Change): readonly string[] {
  const { state, cancelledBy, journal, outcome } = change;
  if (state === 'stale') return ['re-request'];
  if (state === 'proposed') return ['approve', 'reject', ...(cancelledBy === undefined ? ['cancel'] : [])];
  if (state === 'approved') return cancelledBy === undefined ? ['cancel'] : [];
  if (state === 'running') return cancelledBy === undefined ? ['cancel'] : [];
  if (state !== 'halted' && state !== 'outcome_unknown') return [];
  const wrote = journal.some(({ step }) => step.kind === 'write');
  const without = outcome?.reasonCode === 'node_without_tmm' && outcome.node !== undefined;
  const goesOn = isApproved(change)
    ? ['resume', ...(wrote ? ['rollback'] : []), ...(without && state === 'halted' ? ['go-on'] : [])]
    : ['approve', ...(wrote ? ['rollback'] : [])];
  return [...goesOn, 'close'];
}

function buttonsOf(change: Change): readonly string[] {
  return cardMessage(change).blocks.flatMap((block) =>
    block.type === 'actions'
      ? block.elements.map((element) => ('action_id' in element ? (element.action_id ?? '') : ''))
      : [],
  );
}
