import { expect, test } from '@jest/globals';
import type { Item } from '../../../src/domain/map/drawing.ts';
import { escapeXml, toSvg } from '../../../src/domain/map/to-svg.ts';

const LABEL = {
  kind: 'label',
  x: 1,
  y: 2,
  width: 9,
  height: 16.9,
  text: 'a',
  size: 13,
  fill: '#000000',
} as const;

test.each([
  ['<script>alert("1")</script>', '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;'],
  ["a & b'c", 'a &amp; b&#39;c'],
  ['a\u0000b\u202ec\ud800d', 'a\ufffdb\ufffdc\ufffdd'],
])('a name is data in the file of a picture: %j', (name, escaped) => {
  expect(escapeXml(name)).toBe(escaped);
});

test.each([
  ['twice as large where it is small', 440, 300, 880, 600],
  ['of at most eight million pixels where it is large', 4_000, 8_000, 2_000, 4_000],
])('a picture is %s, and keeps its proportions', (_, width, height, wide, high) => {
  expect(toSvg({ width, height, items: [] })).toContain(
    `width="${wide}" height="${high}" viewBox="0 0 ${width} ${height}"`,
  );
});

test.each<[string, Item, string]>([
  [
    'a box',
    { kind: 'box', x: 1.239, y: 2, width: 30, height: 40, fill: '#ffffff', radius: 5 },
    '<rect x="1.24" y="2" width="30" height="40" rx="5" fill="#ffffff"/>',
  ],
  [
    'a box with an edge',
    { kind: 'box', x: 1, y: 2, width: 30, height: 40, fill: '#ffffff', stroke: '#123456', radius: 5 },
    '<rect x="1" y="2" width="30" height="40" rx="5" fill="#ffffff" stroke="#123456" stroke-width="1.5"/>',
  ],
  [
    'a whole line',
    { kind: 'line', from: [1, 2], to: [3, 4], stroke: '#123456', width: 2.5 },
    '<line x1="1" y1="2" x2="3" y2="4" stroke="#123456" stroke-width="2.5"/>',
  ],
  [
    'a broken line',
    { kind: 'line', from: [1, 2], to: [3, 4], stroke: '#123456', width: 2.5, dash: [8, 5] },
    '<line x1="1" y1="2" x2="3" y2="4" stroke="#123456" stroke-width="2.5" stroke-dasharray="8 5"/>',
  ],
  [
    'a text, from its base line',
    { ...LABEL, bold: false },
    '<text x="1" y="15" font-size="13" fill="#000000" xml:space="preserve">a</text>',
  ],
  [
    'a bold text',
    { ...LABEL, bold: true },
    '<text x="1" y="15" font-size="13" font-weight="bold" fill="#000000" xml:space="preserve">a</text>',
  ],
])('%s is drawn', (_, item, element) => {
  expect(toSvg({ width: 100, height: 100, items: [item] }).split('\n')).toContain(element);
});
