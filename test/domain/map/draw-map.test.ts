import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { drawMap } from '../../../src/domain/map/draw-map.ts';
import {
  compareNodes,
  compareRacks,
  type MapNode,
  type NetworkMap,
  sharedSuffix,
  shortName,
} from '../../../src/domain/map/network-map.ts';
import { toSvg } from '../../../src/domain/map/to-svg.ts';
import { anyCharacter } from '../../doubles/any-character.ts';
import { aMap } from './a-map.ts';
import { boxesOf, expectReadable, labelsOf, linesOf, rowsOf, textsOf } from './in-picture.ts';

describe('the picture of a network', () => {
  test.each([
    [1, 1],
    [4, 1],
    [12, 4],
    [60, 6],
    [90, 20],
    [90, 4],
    [90, 90],
  ])('of %i nodes, %i to a rack, names each of them once, over nothing else', (count, perRack) => {
    const map = aMap(count, perRack);
    const drawing = drawMap(map);
    const texts = textsOf(drawing);
    const names = new Set(map.racks.flatMap(({ nodes }) => nodes.map(({ name }) => shortName(map, name))));
    expect(names.size).toBe(count);
    expect(texts.filter((text) => names.has(text)).sort()).toEqual([...names].sort());
    expectReadable(drawing);
  });

  test('says in words what is wrong, and not by colour alone', () => {
    const texts = textsOf(drawMap(aMap(12, 4)));
    for (const words of [
      'Connect: no answer on TCP 179',
      'stale: it does not have 10.20.2.9, it still has',
      'the node is cordoned',
      'absent: not configured in the pod',
      'mapping cannot be read (spk-tor-bgp-v6)',
      'unknown: the running-config could not be',
      'Ready, cordoned',
      'no TMM pod',
    ])
      expect(texts).toContain(words);
    expect(texts).toContain('✗');
    expect(texts).toContain('?');
    expect(texts).toContain('✓');
  });

  test('has what is wrong at its top, also of two hundred nodes', () => {
    const drawing = drawMap(aMap(200, 20));
    const wrong = labelsOf(drawing).find(
      ({ text }) => text === 'worker3: 10.20.1.2 Connect: no answer on TCP 179',
    );
    expect(wrong?.y).toBeLessThan(150);
    const detail = labelsOf(drawing).find(({ text }) => text === 'Connect: no answer on TCP 179');
    expect(detail?.y).toBeLessThan(drawing.height / 4);
  });

  test('of more nodes than can be drawn says how many it leaves out, and leaves out none that needs attention', () => {
    const texts = textsOf(drawMap(aMap(500, 20)));
    expect(texts.some((text) => text.startsWith('400 nodes are drawn'))).toBe(true);
    for (const name of ['worker3', 'worker8', 'worker11']) expect(texts).toContain(name);
  });

  test('says what its symbols mean, below all else and with a line as in the picture for each that has one', () => {
    const small = drawMap(aMap(1, 1));
    expect(rowsOf(small).slice(-2)).toEqual([
      '✓ Established ✗ not Established, or wrong',
      '? could not be read ! needs a look',
    ]);
    const legend = linesOf(small).slice(-3);
    const badges = boxesOf(small).slice(-4);
    for (const [at, { from, to, dash }] of legend.entries()) {
      const badge = badges[at];
      expect([to[0] - from[0], from[1], to[1]]).toEqual([34, (badge?.y ?? 0) + 10, (badge?.y ?? 0) + 10]);
      expect(badge?.x).toBe(from[0] + 7);
      expect(dash?.join()).toBe([undefined, '8,5', '2,4'][at]);
    }
    expect(new Set(badges.map(({ fill }) => fill)).size).toBe(4);
    expect(rowsOf(drawMap(aMap(12, 1))).at(-1)).toBe(
      '✓ Established ✗ not Established, or wrong ? could not be read ! needs a look',
    );
  });

  test.each([0, 1, 3, 12])(
    'of %i nodes has the same margin on all sides, and no gap but between its parts',
    (count) => {
      const drawing = drawMap(aMap(count, 1));
      const [labels, boxes] = [labelsOf(drawing), boxesOf(drawing)];
      const all = [...labels, ...boxes];
      expect(Math.min(...all.map(({ x }) => x))).toBe(20);
      expect(Math.min(...all.map(({ y }) => y))).toBe(20);
      if (count > 0) expect(Math.max(...all.map(({ x, width }) => x + width))).toBe(drawing.width - 21);
      expect(Math.max(...all.map(({ y, height }) => y + height))).toBe(drawing.height - 22);
      const legend = boxes.at(-4)?.y ?? 0;
      const above = all.filter(({ y, height }) => y + height < legend);
      expect(legend - Math.max(...above.map(({ y, height }) => y + height))).toBeCloseTo(count > 0 ? 19 : 18);
    },
  );

  test('whatever nodes, pods and peers are called and whatever is said of them: no text lies over another one, and it has bounds', () => {
    fc.assert(
      fc.property(anyMap, (map) => {
        const drawing = drawMap(map);
        expectReadable(drawing);
        const svg = toSvg(drawing);
        const tags = new Set([...svg.matchAll(/<\/?([^\s>/]*)/g)].map(([, tag]) => tag));
        expect([...tags].filter((tag) => !['svg', 'rect', 'line', 'text'].includes(tag ?? ''))).toEqual([]);
        const [, width = '', height = ''] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
        expect(Number(width) * Number(height)).toBeLessThanOrEqual(8_000_000);
        expect(toSvg(drawMap(map))).toBe(svg);
      }),
      { numRuns: 15 },
    );
  });
});

const anyText = fc.string({ unit: anyCharacter, maxLength: 80 });
/** Most are short, and some have more than is drawn of them. */
const anyList = <T>(of: fc.Arbitrary<T>, long: number): fc.Arbitrary<T[]> =>
  fc.oneof(
    { arbitrary: fc.array(of, { maxLength: 2 }), weight: 6 },
    { arbitrary: fc.array(of, { minLength: long - 1, maxLength: long + 1 }), weight: 1 },
  );
const anySession = fc.record({
  peer: fc.oneof(fc.ipV4(), fc.ipV6(), anyText),
  state: fc.constantFrom('established' as const, 'down' as const, 'absent' as const, 'unknown' as const),
  words: anyText,
});
const anyPod = fc.record({
  name: anyText,
  state: anyText,
  ready: fc.boolean(),
  sessions: anyList(anySession, 10),
});
const anyNode: fc.Arbitrary<MapNode> = fc.record({
  name: anyText,
  state: fc.oneof(fc.constant('Ready'), anyText),
  notes: anyList(
    fc.record({
      verdict: fc.constantFrom('bad' as const, 'unknown' as const, 'warning' as const),
      text: anyText,
    }),
    4,
  ),
  pods: anyList(anyPod, 4),
});
const anyMap: fc.Arbitrary<NetworkMap> = fc
  .record({
    target: anyText,
    racks: fc.array(
      fc.record({
        name: fc.option(anyText, { nil: undefined }),
        nodes: fc.array(anyNode, { maxLength: 3 }),
      }),
      { maxLength: 5 },
    ),
  })
  .map(({ target, racks }) => ({
    target,
    racks: racks
      .map(({ name, nodes }) => ({
        ...(name === undefined ? {} : { name }),
        nodes: nodes.sort(compareNodes),
      }))
      .sort(compareRacks),
    suffix: sharedSuffix(racks.flatMap(({ nodes }) => nodes.map(({ name }) => name))),
  }));
