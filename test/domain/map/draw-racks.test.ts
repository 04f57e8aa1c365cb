import { describe, expect, test } from '@jest/globals';
import type { LiveSession } from '../../../src/domain/bgp/live-sessions.ts';
import { drawMap } from '../../../src/domain/map/draw-map.ts';
import type { Drawing } from '../../../src/domain/map/drawing.ts';
import type { MapNode, NetworkMap, Rack } from '../../../src/domain/map/network-map.ts';
import { expectReadable, labelsOf, panelsIn, rowsOf, textsOf } from './in-picture.ts';

const up = (peer: string): LiveSession => ({ peer, state: 'established', words: 'Established' });
const down = (peer: string): LiveSession => ({ peer, state: 'down', words: 'Connect' });
const node = (name: string, ...sessions: readonly LiveSession[]): MapNode => ({
  name,
  state: 'Ready',
  notes: [],
  pods: [{ name: `tmm-${name}`, state: 'Ready', ready: true, sessions }],
});
const many = <T>(count: number, make: (n: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, n) => make(n + 1));
const good = (count: number, prefix = 'w'): readonly MapNode[] =>
  many(count, (n) => node(`${prefix}${n}`, up('10.20.1.1')));
const bad = (count: number, prefix = 'b'): readonly MapNode[] =>
  many(count, (n) => node(`${prefix}${n}`, down('10.20.1.1')));
const mapOf = (racks: readonly Rack[], more: Partial<NetworkMap> = {}): NetworkMap => ({
  target: 'rack',
  suffix: '',
  racks,
  ...more,
});

/** The rows between the heading and the legend. */
function bodyOf(drawing: Drawing): readonly string[] {
  const rows = rowsOf(drawing);
  const legend = rows.findIndex((row) => row.startsWith('✓ Established'));
  return rows.slice(2, legend);
}

test('the name of a rack is bold', () => {
  const drawing = drawMap(mapOf([{ name: 'Rack r1', nodes: good(2) }]));
  expect(labelsOf(drawing).find(({ text }) => text === 'Rack r1 · 2 nodes')?.bold).toBe(true);
});

describe('the heading', () => {
  test('has the target, how many of everything there are, and the end of all names', () => {
    const rows = rowsOf(drawMap(mapOf([{ nodes: bad(1) }], { suffix: '.example.com' })));
    expect(rows.slice(0, 3)).toEqual([
      'Top-of-Rack BGP of rack',
      '✗ 1 node, 1 TMM pod, 0 of 1 sessions Established',
      'Names of nodes end in .example.com',
    ]);
    expect(textsOf(drawMap(mapOf([{ nodes: bad(1) }]))).join()).not.toContain('Names of nodes');
  });

  test('is another one where one is given', () => {
    const heading = { title: 'Before', summary: 'as it was', verdict: 'warning' as const };
    expect(rowsOf(drawMap(mapOf([{ nodes: good(1) }], { heading }))).slice(0, 2)).toEqual([
      'Before',
      '! as it was',
    ]);
  });

  test('stands in bold type and larger', () => {
    const [title] = labelsOf(drawMap(mapOf([])));
    expect(title).toMatchObject({ x: 20, y: 20, bold: true, size: 20 });
  });

  test.each([
    [24, []],
    [25, ['✗ b1: 10.20.1.1 Connect', '✗ b2: 10.20.1.1 Connect']],
  ])('of %i nodes names those that need attention only where not each is drawn in detail', (count, named) => {
    const rows = rowsOf(drawMap(mapOf([{ nodes: [...bad(2), ...good(count - 2)] }])));
    expect(rows.filter((row) => /^✗ b\d+: /.test(row))).toEqual(named);
    expect(rows.filter((row) => /attention/.test(row))).toEqual([]);
  });

  test.each([
    [5, []],
    [6, ['and 1 more that needs attention']],
    [7, ['and 2 more that need attention']],
  ])('names five of %i nodes that need attention', (count, rest) => {
    const texts = textsOf(drawMap(mapOf([{ nodes: [...bad(count), ...good(30)] }])));
    expect(texts.filter((text) => /attention/.test(text))).toEqual(rest);
  });

  test.each([
    [400, []],
    [401, ['400 nodes are drawn, those that need attention first; 1 is not']],
  ])('of %i nodes says how many are not drawn', (count, left) => {
    const texts = textsOf(drawMap(mapOf([{ nodes: good(count) }])));
    expect(texts.filter((text) => /nodes are drawn/.test(text))).toEqual(left);
    expect(texts.filter((text) => /^w\d/.test(text))).toHaveLength(400);
  });
});

describe('a rack', () => {
  test('has its routers above its nodes, the one with most sessions down first', () => {
    const nodes = [
      node('w1', up('10.20.1.10'), up('10.20.1.9'), down('10.20.1.20')),
      node('w2', up('10.20.1.9')),
    ];
    expect(bodyOf(drawMap(mapOf([{ name: 'Rack r1', nodes }]))).slice(0, 5)).toEqual([
      'Rack r1 · 2 nodes',
      '✗ Router 10.20.1.20 0 of 1 up',
      '✓ Router 10.20.1.9 2 of 2 up',
      '✓ Router 10.20.1.10 1 of 1 up',
      '✗ w1 Ready',
    ]);
  });

  test('without a name has what its nodes have in common', () => {
    const rows = bodyOf(drawMap(mapOf([{ nodes: good(2) }])));
    expect(rows.slice(0, 2)).toEqual(['2 nodes with the same routers', '✓ Router 10.20.1.1 2 of 2 up']);
  });

  test('of one node has no routers of its own, and no panel where it has no name', () => {
    const alone = ['✓ w1 Ready', 'TMM tmm-w1 Ready', '✓ 10.20.1.1 Established'];
    expect(bodyOf(drawMap(mapOf([{ name: 'Rack r1', nodes: good(1) }])))).toEqual([
      'Rack r1 · 1 node',
      ...alone,
    ]);
    expect(bodyOf(drawMap(mapOf([{ nodes: good(1) }])))).toEqual(alone);
  });

  test.each([
    [6, []],
    [7, ['and 1 more router']],
    [8, ['and 2 more routers']],
  ])('has at most six of its %i routers', (count, rest) => {
    const sessions = many(count, (n) => up(`10.20.1.${n}`));
    const drawing = drawMap(mapOf([{ nodes: [node('w1', ...sessions), node('w2', ...sessions)] }]));
    const texts = textsOf(drawing);
    expect(texts.filter((text) => text.startsWith('Router '))).toEqual(many(6, (n) => `Router 10.20.1.${n}`));
    expect(texts.filter((text) => text.endsWith('more router') || text.endsWith('more routers'))).toEqual(
      rest,
    );
  });

  test('has a router in bold type where one of its sessions is not Established', () => {
    const drawing = drawMap(mapOf([{ nodes: [node('w1', down('10.20.1.2'), up('10.20.1.1')), ...good(1)] }]));
    const bold = (words: string) => labelsOf(drawing).find(({ text }) => text === words)?.bold;
    expect([bold('0 of 1 up'), bold('2 of 2 up')]).toEqual([true, false]);
  });

  test('of more than 24 nodes continues in a next panel, without its routers', () => {
    const rows = rowsOf(drawMap(mapOf([{ name: 'Rack r1', nodes: good(25) }]))).join('\n');
    expect(rows).toContain('Rack r1 · 25 nodes · 1 of 2');
    expect(rows).toContain('Rack r1 · 25 nodes · 2 of 2');
    expect(rows.match(/Router/g)).toHaveLength(1);
    expect(rowsOf(drawMap(mapOf([{ name: 'Rack r1', nodes: good(24) }]))).join('\n')).not.toContain('of 1\n');
  });
});

describe('many nodes', () => {
  test('stand two in a row, those that need attention in full and first', () => {
    const drawing = drawMap(
      mapOf([{ name: 'Rack r1', nodes: [...good(3, 'v'), ...bad(1)] }, { nodes: good(24) }]),
    );
    expectReadable(drawing);
    const [first] = panelsIn(drawing);
    const at = (name: string) => labelsOf(drawing).find(({ text }) => text === name);
    const left = 20 + 10 + 10 + 28;
    expect(at('TMM tmm-b1 Ready')).toBeDefined();
    expect([at('v1'), at('v2'), at('v3')].map((label) => label?.x)).toEqual([left, left + 213, left]);
    expect(at('v1')?.y).toBe(at('v2')?.y);
    expect((at('v3')?.y ?? 0) - (at('v1')?.y ?? 0)).toBe(50);
    expect(at('b1')?.y).toBeLessThan(at('v1')?.y ?? 0);
    expect(first?.width).toBe(438);
  });

  test('that have long names have a row each', () => {
    const long = 'a-long-name-of-a-worker-node';
    const nodes = [node('v1', up('10.20.1.1')), node(long, up('10.20.1.1')), node('v2', up('10.20.1.1'))];
    const drawing = drawMap(mapOf([{ name: 'Rack r1', nodes }, { nodes: good(24) }]));
    expectReadable(drawing);
    const texts = textsOf(drawing);
    expect(texts.indexOf(long)).toBeGreaterThan(0);
    expect(texts.indexOf(long)).toBeLessThan(texts.indexOf('v1'));
  });

  test.each([
    [24, 24],
    [25, 0],
  ])('of %i nodes that are as they should be, %i are drawn with their pods', (count, detailed) => {
    const texts = textsOf(drawMap(mapOf([{ nodes: good(count) }])));
    expect(texts.filter((text) => text.startsWith('TMM '))).toHaveLength(detailed);
  });

  test('of 30 nodes that need attention, 24 are drawn with their pods, and the others with what is wrong', () => {
    const texts = textsOf(drawMap(mapOf([{ nodes: bad(30) }])));
    expect(texts.filter((text) => text.startsWith('TMM '))).toHaveLength(24);
    expect(texts.filter((text) => text === '10.20.1.1 Connect')).toHaveLength(6);
  });
});

describe('the columns', () => {
  const tall = (count: number): NetworkMap =>
    mapOf(
      many(count, (n) => ({
        name: `Rack r${n}`,
        nodes: many(3, (m) => node(`w${n}-${m}`, ...many(8, (p) => up(`10.${n}.1.${p}`)))),
      })),
    );

  test.each([
    [0, 1],
    [1, 1],
    [2, 2],
    [3, 3],
    [8, 4],
  ])('of %i tall racks are %i', (count, columns) => {
    const drawing = drawMap(tall(count));
    expectReadable(drawing);
    expectArranged(drawing, { columns, panels: count });
  });

  test('are six at most', () => {
    const racks = many(40, (n) => ({ name: `Rack r${n}`, nodes: bad(10, `b${n}-`) }));
    expectArranged(drawMap(mapOf(racks)), { columns: 6, panels: 40 });
  });

  test('are one in a picture that is just as high as it may be', () => {
    const remarks = (count: number) =>
      many(count, (n) => ({ verdict: 'warning' as const, text: `remark ${n}` }));
    const tall: readonly MapNode[] = [
      { ...node('w1', up('10.20.1.1'), up('10.20.1.2')), notes: remarks(3) },
      { ...node('w2', up('10.20.1.1')), notes: remarks(2) },
      { ...node('w3', up('10.20.1.1')), notes: remarks(2) },
    ];
    const drawing = drawMap(mapOf(tall.map((one) => ({ nodes: [one] }))));
    expect([drawing.width, drawing.height]).toEqual([480, 1.5 * 480]);
    expectArranged(drawing, { columns: 1, panels: 3 });
  });

  test('of a low picture are one', () => {
    expectArranged(drawMap(mapOf(many(3, (n) => ({ nodes: good(1, `w${n}-`) })))), { columns: 1, panels: 3 });
  });
});

/** Panels stand in columns, each below the others of its column and in the column that is the shortest by then. */
function expectArranged(drawing: Drawing, { columns, panels }: { columns: number; panels: number }): void {
  expect(drawing.width).toBe(40 + columns * 440 + (columns - 1) * 14);
  const all = panelsIn(drawing);
  expect(all).toHaveLength(panels);
  const top = Math.min(...all.map(({ y }) => y));
  const bottoms = [...many(columns, () => top)];
  for (const { x, y, height } of all) {
    const column = (x - 21) / 454;
    expect(y).toBeCloseTo(Math.min(...bottoms));
    expect(bottoms.indexOf(Math.min(...bottoms))).toBe(column);
    expect(column).toBeLessThan(columns);
    bottoms.splice(column, 1, y + height + 16);
  }
}
