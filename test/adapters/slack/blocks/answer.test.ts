import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { answerMessages } from '../../../../src/adapters/slack/blocks/answer-blocks.ts';
import { refusalMessage } from '../../../../src/adapters/slack/blocks/notice-blocks.ts';
import type { Answer, Part } from '../../../../src/domain/answer.ts';
import { REASON_CODES } from '../../../../src/domain/refusal.ts';
import { anyText } from './any-change.ts';
import { expectSlackTakes, readingOf, sequencesIn, textsOf } from './as-slack-sees.ts';

const anyPart: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: anyText }),
  fc.record({
    kind: fc.constant('note' as const),
    tone: fc.constantFrom('good' as const, 'warning' as const, 'bad' as const, 'unknown' as const),
    text: anyText,
  }),
  fc.record({
    kind: fc.constant('facts' as const),
    rows: fc.array(fc.tuple(anyText, anyText), { maxLength: 12 }),
  }),
  fc.record({
    kind: fc.constant('table' as const),
    columns: fc.array(anyText, { maxLength: 6 }),
    rows: fc.array(fc.array(anyText, { maxLength: 5 }), { maxLength: 12 }),
  }),
  fc.record({ kind: fc.constant('preformatted' as const), text: anyText }),
);
const anyAnswer: fc.Arbitrary<Answer> = fc.record({
  title: anyText,
  parts: fc.array(anyPart, { maxLength: 60 }),
});

test('Slack takes any answer in at most four messages, with no markup of others in them', () => {
  fc.assert(
    fc.property(anyAnswer, (answer) => {
      const messages = answerMessages(answer);
      expect(messages.length).toBeGreaterThan(0);
      expect(messages.length).toBeLessThanOrEqual(4);
      for (const message of messages) {
        expectSlackTakes(message);
        expect(sequencesIn(message.text)).toEqual([]);
        expect(textsOf(message.blocks).some(({ markup }) => markup)).toBe(false);
      }
    }),
    { numRuns: 40 },
  );
}, 120_000);

test('every line of a long answer is shown or counted as left out', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3_000 }), (count) => {
      const lines = Array.from({ length: count }, (_, index) => `line ${index} of the running-config`);
      const messages = answerMessages({
        title: 't',
        parts: [{ kind: 'preformatted', text: lines.join('\n') }],
      });
      const read = messages.map(readingOf).join('\n');
      const left = Number(/✂️ (\d+) more lines? (?:is|are) left out/.exec(read)?.[1] ?? 0);
      expect((read.match(/^line \d+ of/gm)?.length ?? 0) + left).toBe(count);
      expect(left > 0).toBe(read.includes('Ask for less'));
    }),
    { numRuns: 40 },
  );
});

test('a table stands in columns, with its heading on every piece', () => {
  const rows = Array.from({ length: 200 }, (_, index) => [`10.20.1.${index}`, 'Established']);
  const [first, second] = answerMessages({
    title: 'Sessions',
    parts: [{ kind: 'table', columns: ['Peer', 'Session'], rows }],
  }).flatMap(({ blocks }) => textsOf(blocks).slice(blocks.length > 1 ? 1 : 0));
  expect(first?.text).toContain('Peer         Session\n10.20.1.0    Established\n');
  expect(second?.text).toMatch(/^Peer {9}Session\n/);
});

test('a table too wide for a screen is told as a list', () => {
  const name = `${'n'.repeat(60)}.example.com`;
  const read = reading([{ kind: 'table', columns: ['Node', 'Pod', 'State'], rows: [[name, name, 'Ready']] }]);
  expect(read).toContain(`${name}\n  Pod: ${name}\n  State: Ready`);
});

test('a table without rows says so', () => {
  expect(reading([{ kind: 'table', columns: ['Node'], rows: [] }])).toContain('Node\n(none)');
});

test('a note carries a sign for its tone, in the blocks and for a screen reader', () => {
  const parts: Part[] = [{ kind: 'note', tone: 'unknown', text: 'could not be asked' }];
  expect(reading(parts)).toContain('❔ could not be asked');
  expect(answerMessages({ title: 't', parts })[0]?.text).toBe('t\n❔ could not be asked');
});

test('a refusal says what was wrong, what to do next and its code, in this order, and links channels', () => {
  const message = refusalMessage({
    kind: 'refusal',
    reasonCode: 'channel_not_listed',
    sentence: 'Not in this channel, <@U02BOB>.',
    next: 'Go to the right one.',
    channels: ['C01CHANGES', '!channel'],
  });
  expect(readingOf(message)).toBe(
    '🚫 Not in this channel, <@U02BOB>.\n→ Go to the right one.\n<#C01CHANGES>, !channel\nchannel_not_listed',
  );
  expect(message.text).toBe('Not in this channel, &lt;@U02BOB&gt;. Go to the right one.');
});

test('Slack takes any refusal, whatever it quotes', () => {
  const anyRefusal = fc.record({
    kind: fc.constant('refusal' as const),
    reasonCode: fc.constantFrom(...REASON_CODES),
    sentence: anyText,
    next: anyText,
    channels: fc.array(anyText, { maxLength: 60 }),
  });
  fc.assert(
    fc.property(anyRefusal, (refusal) => {
      const message = refusalMessage({ ...refusal, sentence: `No. ${refusal.sentence}` });
      expectSlackTakes(message);
      for (const { text, markup } of textsOf(message.blocks)) {
        if (markup) for (const sequence of sequencesIn(text)) expect(sequence).toMatch(/^<#[CGD][A-Z0-9]+>$/);
      }
    }),
  );
});

function reading(parts: readonly Part[]): string {
  return answerMessages({ title: 't', parts }).map(readingOf).join('\n');
}
