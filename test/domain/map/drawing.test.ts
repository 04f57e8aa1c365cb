import { describe, expect, test } from '@jest/globals';
import {
  type Drawing,
  label,
  moved,
  paragraph,
  stacked,
  textWidth,
} from '../../../src/domain/map/drawing.ts';
import { textsOf } from './in-picture.ts';

/** Room for so many characters of the usual size. */
const roomFor = (characters: number): number => 13 * 0.6025 * (characters + 0.01);

test.each([
  ['f5-tmm-7d9f8b', 13, 'f5-tmm-7d9f8b'],
  ['f5-tmm-7d9f8b', 12, 'f5-tmm-7…f8b'],
  ['f5-tmm-7d9f8b', 4, 'f5…b'],
  ['f5-tmm-7d9f8b', 3, 'f5…'],
  ['f5-tmm-7d9f8b', 2, 'f…'],
  ['f5-tmm-7d9f8b', 1, '…'],
  ['f5-tmm-7d9f8b', 0, '…'],
  ['😀😀😀😀', 4, '😀😀😀😀'],
  ['😀😀😀😀', 3, '😀😀…'],
])(
  'a name is cut in its middle where it is wider than its room: %s in %i characters',
  (text, room, shown) => {
    const drawn = label(text, 0, 0, roomFor(room));
    expect(drawn.text).toBe(shown);
    expect(drawn.width).toBe(textWidth(shown, 13));
    expect(drawn.height).toBeCloseTo(16.9);
  },
);

test('a larger text takes more room', () => {
  expect(textWidth('abcd', 20)).toBeCloseTo(2 * textWidth('abcd', 10));
  expect(label('abcdef', 0, 0, roomFor(6), { size: 26 }).text).toBe('ab…');
});

describe('a paragraph', () => {
  test.each<[string, string, number, number, readonly string[]]>([
    ['on one line what fits', 'no answer on TCP', 16, 3, ['no answer on TCP']],
    ['words whole', 'no answer on TCP', 15, 3, ['no answer on', 'TCP']],
    ['as many words to a line as fit', 'aa bb cc dd', 5, 3, ['aa bb', 'cc dd']],
    ['a long word cut', 'abcdefgh ij', 5, 3, ['abcd…', 'ij']],
    ['a long last word cut', 'ij abcdefgh', 5, 3, ['ij', 'abcd…']],
    ['the last line cut where there are more', 'aa bb cc dd ee', 5, 2, ['aa bb', 'cc d…']],
    ['one line only', 'aa bb cc', 5, 1, ['aa b…']],
    ['the last line whole where it ends there', 'aa bb cc dd', 5, 2, ['aa bb', 'cc dd']],
    ['line breaks and many spaces as one space', 'aa \n\t bb', 5, 3, ['aa bb']],
    ['at least one character to a line', 'abc', 0, 3, ['…']],
    ['characters, not halves of them', '😀😀😀😀😀😀', 5, 3, ['😀😀😀😀…']],
  ])('has %s', (_, text, room, most, lines) => {
    const drawn = paragraph(text, 3, 7, roomFor(room), { most });
    expect(textsOf(drawn)).toEqual(lines);
    expect(drawn.height).toBeCloseTo(16.9 * lines.length);
    for (const [at, item] of drawn.items.entries())
      expect(item).toMatchObject({ x: 3, y: expect.closeTo(7 + 16.9 * at) });
  });

  test('has at most three lines where nothing else is said', () => {
    expect(textsOf(paragraph('a b c d e', 0, 0, roomFor(1)))).toEqual(['a', 'b', '…']);
  });
});

const LINE = { kind: 'line', from: [1, 2], to: [3, 4], stroke: '#000000', width: 1 } as const;
const BOX = { kind: 'box', x: 5, y: 6, width: 7, height: 8, fill: '#000000', radius: 0 } as const;
const drawing = (width: number, height: number): Drawing => ({ width, height, items: [BOX] });

test('a drawing moves as a whole', () => {
  expect(moved({ width: 9, height: 9, items: [LINE, BOX] }, 10, 20)).toEqual([
    { ...LINE, from: [11, 22], to: [13, 24] },
    { ...BOX, x: 15, y: 26 },
  ]);
});

test('drawings stand below one another with a gap between them, and none below', () => {
  const whole = stacked([drawing(20, 30), drawing(50, 10), drawing(40, 15)], 4);
  expect(whole).toMatchObject({ width: 50, height: 63 });
  expect(whole.items.map((item) => item.kind === 'box' && item.y)).toEqual([6, 40, 54]);
  expect(stacked([], 4)).toEqual({ width: 0, height: 0, items: [] });
});
