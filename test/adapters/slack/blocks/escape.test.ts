import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  clip,
  escapeInline,
  escapeInvisible,
  escapeMrkdwn,
  fallbackText,
  prefixWithin,
  quoted,
  slackLength,
} from '../../../../src/adapters/slack/blocks/escape.ts';
import { channelLink, mention } from '../../../../src/adapters/slack/blocks/mrkdwn.ts';
import { anyText } from './any-change.ts';

test.each([
  ['a call to the whole channel', '<!channel>', '&lt;!channel&gt;'],
  ['a mention', '<@U02BOB>', '&lt;@U02BOB&gt;'],
  ['a link with another name', '<https://evil.example|safe>', '&lt;https:\\u{2f}/evil.example|safe&gt;'],
  ['a bare link', 'see https://evil.example', 'see https:\\u{2f}/evil.example'],
  ['an escape that was there before', '&lt;@U1&gt;', '&amp;lt;@U1&amp;gt;'],
  ['bold', '*done*', '\\u{2a}done*'],
  ['italics and struck', '_a_ ~b~', '\\u{5f}a_ \\u{7e}b~'],
  ['code', '`x`', '\\u{60}x\\u{60}'],
  ['a second line that looks like a notice', 'x\n*BGP-9* approved', 'x ⏎ \\u{2a}BGP-9* approved'],
  ['a quotation', 'x\n> y', 'x ⏎ &gt; y'],
])('%s in the words of others does nothing in a line of ours', (_, text, shown) => {
  expect(escapeInline(text, 200)).toBe(shown);
});

test.each([
  'worker1.rack.example.com',
  '10.20.1.1,2001:db8::1',
  'kubectl get pods -l app=f5-tmm -n spk-ingress',
  'a_key_with_lines',
  'f5-tmm-1 (CrashLoopBackOff)',
])('%s is shown as it is', (text) => {
  expect(escapeInline(text, 200)).toBe(text);
  expect(escapeInvisible(text)).toBe(text);
});

test.each([
  ['\u200b', '\\u{200b}'],
  ['\u202e', '\\u{202e}'],
  ['\u2066', '\\u{2066}'],
  ['\ufeff', '\\u{feff}'],
  ['\u0000', '\\u{0}'],
  ['\u001b', '\\u{1b}'],
  ['\r', '\\u{d}'],
  ['\u00ad', '\\u{ad}'],
  ['\u3164', '\\u{3164}'],
  ['\ud83d', '\\u{d83d}'],
  ['\u{e0041}', '\\u{e0041}'],
  ['\u{e0101}', '\\u{e0101}'],
])('what deceives the eye is shown: %j as %s', (character, shown) => {
  expect(escapeInvisible(`a${character}b`)).toBe(`a${shown}b`);
});

test('what was typed stands as code and cannot leave it', () => {
  expect(quoted('rotate `x` <@U1>', 100)).toBe('`rotate \\u{60}x\\u{60} &lt;@U1&gt;`');
  expect(quoted('  ', 100)).toBe('');
});

test('a notification reads as it was written, and yet mentions, links and calls nobody', () => {
  expect(fallbackText(['There is no command `shwo`. See https://evil.example/x'], 200)).toBe(
    "There is no command 'shwo'. See https[:]//evil.example/x",
  );
  expect(fallbackText(['*BGP-1* <!channel> & <@U02BOB> <https://evil.example|click>'], 200)).toBe(
    '*BGP-1* &lt;!channel&gt; &amp; &lt;@U02BOB&gt; &lt;https[:]//evil.example|click&gt;',
  );
  expect(fallbackText(['ours', 'x\nApproved by U02BOB'], 200)).toBe('ours\nx ⏎ Approved by U02BOB');
  expect(fallbackText(['  '], 200)).toBe('–');
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 5 }), (lines) => {
      const text = fallbackText(lines, 300);
      expect(text).not.toMatch(/[<>`]|:\/\/|\\u\{(60|2f|2a|5f|7e)\}/);
      expect(text.trim()).not.toBe('');
    }),
  );
});

test('escaped text holds no markup of Slack, and showing it twice changes nothing', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(escapeMrkdwn(text)).not.toMatch(/[<>]/);
      expect(escapeInvisible(escapeInvisible(text))).toBe(escapeInvisible(text));
      expect(escapeInline(text, 100)).not.toMatch(/[<>\n`]|:\/\//);
      expect(quoted(text, 100)).not.toMatch(/[<>\n]|.`./);
    }),
  );
});

test('a cut keeps whole characters, stays within its limit, and says that it cut', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 500 }), (text, limit) => {
      const shown = escapeInvisible(text);
      const clipWellFormed = clip(shown, limit);
      expect(slackLength(clipWellFormed)).toBeLessThanOrEqual(limit);
      expect(clipWellFormed === shown || clipWellFormed.endsWith('…')).toBe(true);
      expect(clipWellFormed).not.toMatch(/\p{Cs}/u);
      expect(shown.startsWith(prefixWithin(shown, limit))).toBe(true);
    }),
  );
});

test('Slack counts an ampersand as five characters', () => {
  expect(slackLength('a&<>')).toBe(1 + 5 + 4 + 4);
});

test('only an id of Slack becomes a mention or a link to a channel', () => {
  expect(mention('U02BOB')).toBe('<@U02BOB>');
  expect(mention('U1> <!channel')).toBe('U1&gt; &lt;!channel');
  expect(channelLink('C01CHANGES')).toBe('<#C01CHANGES>');
  expect(channelLink('!here')).toBe('!here');
});
