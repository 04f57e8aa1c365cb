import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { drawMap } from '../../../src/domain/map/draw-map.ts';
import type { Drawing, Label } from '../../../src/domain/map/drawing.ts';
import {
  compareNodes,
  compareRacks,
  type MapNode,
  type NetworkMap,
  sharedSuffix,
  shortName,
} from '../../../src/domain/map/network-map.ts';
import { escapeXml, toSvg } from '../../../src/domain/map/to-svg.ts';
import { anyCharacter } from '../../doubles/any-character.ts';
import { aMap } from './a-map.ts';

describe('the picture of a network', () => {
  test.each([
    [1, 1],
    [4, 1],
    [12, 4],
    [60, 6],
    [200, 20],
    [200, 4],
    [200, 200],
  ])('of %i nodes, %i to a rack, names each of them once, over nothing else', (count, perRack) => {
    const map = aMap(count, perRack);
    const drawing = drawMap(map);
    const texts = labelsOf(drawing).map(({ text }) => text);
    for (const { name } of map.racks.flatMap(({ nodes }) => nodes))
      expect(texts.filter((text) => text === shortName(map, name))).toHaveLength(1);
    expectReadable(drawing);
  });

  test('says in words what is wrong, and not by colour alone', () => {
    const texts = labelsOf(drawMap(aMap(12, 4))).map(({ text }) => text);
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
    const texts = labelsOf(drawMap(aMap(1_000, 20))).map(({ text }) => text);
    expect(texts.some((text) => text.startsWith('400 nodes are drawn'))).toBe(true);
    for (const name of ['worker3', 'worker8', 'worker11']) expect(texts).toContain(name);
  });

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
      { numRuns: 30 },
    );
  });
});

test.each([
  ['<script>alert("1")</script>', '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;'],
  ["a & b'c", 'a &amp; b&#39;c'],
  ['a\u0000b\u202ec\ud800d', 'a\ufffdb\ufffdc\ufffdd'],
])('a name is data in the file of a picture: %j', (name, escaped) => {
  expect(escapeXml(name)).toBe(escaped);
});

/** Every label stands inside the picture, and no two of them on the same spot. */
function expectReadable(drawing: Drawing): void {
  const labels = labelsOf(drawing);
  const out = labels.filter(
    ({ x, y, width, height }) =>
      x < 0 || y < 0 || x + width > drawing.width + 0.5 || y + height > drawing.height + 0.5,
  );
  expect(out).toEqual([]);
  expect(overlapOf(labels)).toBeUndefined();
}

function overlapOf(labels: readonly Label[]): readonly Label[] | undefined {
  const sorted = [...labels].filter(({ width }) => width > 0).sort((one, other) => one.y - other.y);
  for (const [at, one] of sorted.entries())
    for (const other of sorted.slice(at + 1)) {
      // The last pixel of a line may touch the next line.
      if (other.y > one.y + one.height - 2) break;
      const besides = other.x >= one.x + one.width || one.x >= other.x + other.width;
      if (!besides) return [one, other];
    }
  return undefined;
}

function labelsOf({ items }: Drawing): readonly Label[] {
  return items.flatMap((item) => (item.kind === 'label' ? [item] : []));
}

const anyText = fc.string({ unit: anyCharacter, maxLength: 80 });
const anySession = fc.record({
  peer: fc.oneof(fc.ipV4(), fc.ipV6(), anyText),
  state: fc.constantFrom('established' as const, 'down' as const, 'absent' as const, 'unknown' as const),
  words: anyText,
});
const anyPod = fc.record({
  name: anyText,
  state: anyText,
  ready: fc.boolean(),
  sessions: fc.array(anySession, { maxLength: 14 }),
});
const anyNode: fc.Arbitrary<MapNode> = fc.record({
  name: anyText,
  state: fc.oneof(fc.constant('Ready'), anyText),
  notes: fc.array(
    fc.record({
      verdict: fc.constantFrom('bad' as const, 'unknown' as const, 'warning' as const),
      text: anyText,
    }),
    { maxLength: 6 },
  ),
  pods: fc.array(anyPod, { maxLength: 6 }),
});
const anyMap: fc.Arbitrary<NetworkMap> = fc
  .record({
    target: anyText,
    racks: fc.array(
      fc.record({
        name: fc.option(anyText, { nil: undefined }),
        nodes: fc.array(anyNode, { maxLength: 8 }),
      }),
      { maxLength: 8 },
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
