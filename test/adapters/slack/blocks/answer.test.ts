import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { answerReply } from '../../../../src/adapters/slack/blocks/answer-blocks.ts';
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
  fc.record({
    kind: fc.constant('changes' as const),
    label: anyText,
    changes: fc.array(anyText, { maxLength: 12 }),
  }),
);
const anyAnswer: fc.Arbitrary<Answer> = fc.record({
  title: anyText,
  parts: fc.array(anyPart, { maxLength: 60 }),
});

test('Slack takes any answer in at most four messages, with no markup of others in them', () => {
  fc.assert(
    fc.property(anyAnswer, (answer) => {
      const { messages, files } = answerReply(answer);
      for (const { name, content } of files) {
        expect(name).toMatch(/^[a-z0-9-]{1,80}\.(csv|txt)$/);
        expect(content.length).toBeGreaterThan(0);
      }
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

test('every line of a long configuration is shown or stands in a text file, and what is shown says so', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3_000 }), (count) => {
      const lines = Array.from({ length: count }, (_, index) => `line ${index} of the running-config`);
      const { messages, files } = answerReply({
        title: 'Config of worker1',
        parts: [{ kind: 'preformatted', text: lines.join('\n') }],
      });
      const read = messages.map(readingOf).join('\n');
      const shown = read.match(/^line \d+ of/gm)?.length ?? 0;
      const more = Number(
        /✂️ (\d+) more lines; the full text is in the file config-of-worker1\.txt\./.exec(read)?.[1] ?? 0,
      );
      expect(shown + more).toBe(count);
      expect(files).toEqual(
        more === 0 ? [] : [{ name: 'config-of-worker1.txt', content: `${lines.join('\n')}\n` }],
      );
    }),
    { numRuns: 40 },
  );
});

test('a table beyond what anybody reads in a chat becomes a CSV file, with its first rows in the message', () => {
  const rows = Array.from({ length: 500 }, (_, index) => [
    `worker${index}`,
    index === 3 ? 'a "b", c' : '=1+1',
  ]);
  const { messages, files } = answerReply({
    title: 'Sessions of rack',
    parts: [{ kind: 'table', columns: ['Node', 'Session'], rows }],
  });
  const read = messages.map(readingOf).join('\n');
  expect(read).toContain('worker0');
  expect(read).toContain('✂️ 460 more rows; the full text is in the file sessions-of-rack.csv.');
  const [file] = files;
  expect(file?.name).toBe('sessions-of-rack.csv');
  const lines = String(file?.content).split('\r\n');
  expect(lines).toHaveLength(502);
  expect(lines[0]).toBe('Node,Session');
  // Nothing that a spreadsheet would carry out.
  expect(lines[1]).toBe("worker0,'=1+1");
  expect(lines[4]).toBe('worker3,"a ""b"", c"');
});

test('what does not fit into four messages stands in a file whole', () => {
  const parts = Array.from(
    { length: 60 },
    (_, at): Part => ({ kind: 'text', text: `${at} ${'x'.repeat(2_000)}` }),
  );
  const { messages, files } = answerReply({ title: 'All', parts });
  expect(messages).toHaveLength(4);
  expect(messages.map(readingOf).join('\n')).toMatch(
    /✂️ \d+ more lines; the full text is in the file all-whole\.txt\./,
  );
  expect(files[0]?.content).toContain('\n59 xxx');
});

test('a table stands in columns, with its heading on every piece', () => {
  const rows = Array.from({ length: 100 }, (_, index) => [
    `10.20.1.${index}`,
    `Established ${'for long '.repeat(4)}`,
  ]);
  const [first, second] = answerReply({
    title: 'Sessions',
    parts: [{ kind: 'table', columns: ['Peer', 'Session'], rows }],
  }).messages.flatMap(({ blocks }) => textsOf(blocks).slice(1));
  expect(first?.text).toContain('Peer        Session\n10.20.1.0   Established');
  expect(second?.text).toMatch(/^Peer {8}Session\n/);
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
  expect(answerReply({ title: 't', parts }).messages[0]?.text).toBe('t\n❔ could not be asked');
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
  return answerReply({ title: 't', parts }).messages.map(readingOf).join('\n');
}

test('changes that an answer names have the ways to their cards, where these are known', () => {
  const url = 'https://rack.slack.com/archives/C01CHANGES/p1795861527072000';
  const part: Part = { kind: 'changes', label: 'Open', changes: ['BGP-11', 'BGP-12'] };
  const [message] = answerReply(
    { title: 't', parts: [part] },
    undefined,
    undefined,
    new Map([['BGP-11', url]]),
  ).messages;
  expect(message && readingOf(message)).toContain(`*Open*: <${url}|BGP-11>, BGP-12`);
  expect(message?.text).toContain('Open: BGP-11, BGP-12');
});
