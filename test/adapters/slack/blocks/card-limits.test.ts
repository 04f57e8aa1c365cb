import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { cardMessage } from '../../../../src/adapters/slack/blocks/card-blocks.ts';
import { isApproved } from '../../../../src/domain/change/approvals.ts';
import { CHANGE_STATES, type Change, type ChangeState } from '../../../../src/domain/change/change.ts';
import { STATE_WORDS } from '../../../../src/domain/change/describe-state.ts';
import type { Impact } from '../../../../src/domain/change/impact.ts';
import { aChange } from '../a-change.ts';
import { anyChange } from './any-change.ts';
import { expectSlackTakes, readingOf, sequencesIn, textsOf } from './as-slack-sees.ts';

const OURS = /^<(@[UW][A-Z0-9]+|!date\^\d+\^(\{date_short_pretty\} \{time\}|\{time_secs\})\|[\d: -]+ UTC)>$/;
/** What a title ends with, by the state. */
const NEEDS: Readonly<Record<ChangeState, RegExp>> = {
  proposed: /· (needs \d+ of [\s\S]*|proposed( \(\d+ of \d+\))?)$/,
  approved: /· approved, (starts soon|waits)$/,
  running: /· (\d+ of \d+|running, stops now)$/,
  succeeded: /· (took [\d a-z]+|done)$/,
  failed: /· failed(, nothing was changed)?$/,
  halted: /· HALTED · (needs a decision|needs \d+ of [\s\S]*)$/,
  outcome_unknown: /· OUTCOME UNKNOWN · (needs a decision|needs \d+ of [\s\S]*)$/,
  rejected: /· rejected$/,
  withdrawn: /· withdrawn$/,
  expired: /· expired$/,
  stale: /· stale$/,
  rolled_back: /· rolled back$/,
  closed: /· closed$/,
};

const RESTARTS_SHOWN: readonly ChangeState[] = ['proposed', 'approved'];
const WARNINGS_SHOWN: readonly ChangeState[] = [...RESTARTS_SHOWN, 'running', 'halted', 'outcome_unknown'];

test('Slack takes the card of any change, whatever people, clusters and routers wrote into it', () => {
  fc.assert(
    fc.property(anyChange, (change) => {
      expectSlackTakes(cardMessage(change));
    }),
    { numRuns: 120 },
  );
}, 120_000);

test.each([
  [890_290_371, '1364'],
  [-1_841_607_919, '1705'],
])('a card on which everything there is stands at once is shortened: seed %d', (seed, path) => {
  fc.assert(
    fc.property(anyChange, (change) => {
      expectSlackTakes(cardMessage(change));
      expect(readingOf(cardMessage(change))).toContain('Steps and pods are not shown; type status BGP-');
    }),
    { seed, path, numRuns: 1 },
  );
});

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
      const { icon, words } = STATE_WORDS[change.state];
      expect(title.startsWith(`${icon} `)).toBe(true);
      expect(title).toContain(change.id);
      expect(title).toMatch(NEEDS[change.state]);
      expect(textsOf(cardMessage(change).blocks).at(-1)?.text.startsWith(`${icon} ${words}`)).toBe(true);
    }),
    { numRuns: 60 },
  );
}, 120_000);

test('a card offers buttons in exactly the states in which they mean something', () => {
  fc.assert(
    fc.property(anyChange, (change) => {
      const offered = buttonsOf(change);
      expect(offered.toSorted()).toEqual(meaningfulIn(change).toSorted());
    }),
    { numRuns: 300 },
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
  const wrote = journal.some(({ step }) => step.kind === 'write');
  if (state === 'succeeded' || state === 'closed') return wrote ? ['rollback'] : [];
  if (state === 'proposed') return ['approve', 'reject', ...(cancelledBy === undefined ? ['cancel'] : [])];
  if (state === 'approved') return cancelledBy === undefined ? ['cancel'] : [];
  if (state === 'running') return cancelledBy === undefined ? ['cancel'] : [];
  if (state !== 'halted' && state !== 'outcome_unknown') return [];
  const lacksTmm = ['node_without_tmm', 'node_unschedulable'].includes(outcome?.reasonCode ?? '');
  const without = lacksTmm && outcome?.node !== undefined;
  const goesOn = isApproved(change)
    ? ['resume', ...(wrote ? ['rollback'] : []), ...(without && state === 'halted' ? ['go-on'] : [])]
    : ['approve', ...(wrote ? ['rollback'] : [])];
  return [...goesOn, 'close'];
}

/** Also those that stand in the menu behind the others. */
function buttonsOf(change: Change): readonly string[] {
  return cardMessage(change).blocks.flatMap((block) => {
    const elements =
      block.type === 'actions' ? block.elements : block.type === 'section' ? [block.accessory] : [];
    return elements.flatMap((element) => {
      if (element?.type === 'button') return [element.action_id ?? ''];
      if (element?.type !== 'overflow') return [];
      return element.options.map(
        ({ value = '' }) => z.object({ verb: z.string() }).parse(JSON.parse(value)).verb,
      );
    });
  });
}
