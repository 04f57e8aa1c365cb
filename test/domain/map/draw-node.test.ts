import { describe, expect, test } from '@jest/globals';
import type { LiveSession } from '../../../src/domain/bgp/live-sessions.ts';
import { drawNode, drawTile, fitsTile, note, sessionLine } from '../../../src/domain/map/draw-node.ts';
import { type Drawing, FAINT, INK, textWidth } from '../../../src/domain/map/drawing.ts';
import type { MapNode, MapPod, Verdict } from '../../../src/domain/map/network-map.ts';
import { boxesOf, expectReadable, labelsOf, linesOf, rowsOf, textsOf } from './in-picture.ts';

const WIDTH = 440;
const LONG = 'x'.repeat(60);

const up = (peer: string): LiveSession => ({ peer, state: 'established', words: 'Established 12 d' });
const down = (peer: string, words = 'Connect'): LiveSession => ({ peer, state: 'down', words });
const pod = (sessions: readonly LiveSession[], more: Partial<MapPod> = {}): MapPod => ({
  name: 'f5-tmm-a',
  state: 'Ready',
  ready: true,
  sessions,
  ...more,
});
const node = (pods: readonly MapPod[], more: Partial<MapNode> = {}): MapNode => ({
  name: 'worker1',
  state: 'Ready',
  notes: [],
  pods,
  ...more,
});
const many = <T>(count: number, make: (n: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, n) => make(n));
const remark = { verdict: 'warning' as const, text: 'the node is cordoned' };
const peer = (n: number): LiveSession => up(`10.20.1.${n}`);

describe('a node with its pods', () => {
  const drawn = (of: MapNode, width = WIDTH): Drawing => drawNode(of, of.name, width);
  const nodes: readonly (readonly [string, MapNode, readonly string[]])[] = [
    [
      'its state, its pod, and each session',
      node([pod([down('10.20.1.2'), up('10.20.1.1')])]),
      ['✗ worker1 Ready', 'TMM f5-tmm-a Ready', '✗ 10.20.1.2 Connect', '✓ 10.20.1.1 Established 12 d'],
    ],
    [
      'what is to be said of it, above its pods',
      node([pod([up('10.20.1.1')])], { notes: [remark] }),
      ['! worker1 Ready', '! the node is cordoned', 'TMM f5-tmm-a Ready', '✓ 10.20.1.1 Established 12 d'],
    ],
    ['that it has no TMM pod', node([]), ['– worker1 Ready', 'no TMM pod']],
    [
      'that a pod is not ready',
      node([pod([up('10.20.1.1')], { ready: false, state: 'Pending' })]),
      ['! worker1 Ready', 'TMM f5-tmm-a ! Pending', '✓ 10.20.1.1 Established 12 d'],
    ],
    [
      'why a pod is not ready on a line of its own, when that is long',
      node([
        pod([up('10.20.1.1')], { ready: false, state: 'Failed, and this is why', name: 'y'.repeat(30) }),
      ]),
      [
        '! worker1 Ready',
        `TMM ${'y'.repeat(30)}`,
        '! Failed, and this is why',
        '✓ 10.20.1.1 Established 12 d',
      ],
    ],
    [
      'that no session of a pod is known',
      node([pod([])]),
      ['✓ worker1 Ready', 'TMM f5-tmm-a Ready', '? no session is known'],
    ],
    [
      'a long state on a line of its own',
      node([], { state: 'NotReady: the kubelet says nothing' }),
      ['– worker1', 'NotReady: the kubelet says nothing', 'no TMM pod'],
    ],
    [
      'long words of a session below its peer',
      node([pod([down('10.20.1.2', 'Connect: no answer on TCP 179, last reset 3 min ago')])]),
      [
        '✗ worker1 Ready',
        'TMM f5-tmm-a Ready',
        '✗ 10.20.1.2',
        'Connect: no answer on TCP 179, last reset 3',
        'min ago',
      ],
    ],
    [
      'ten sessions of a pod',
      node([pod(many(10, peer))]),
      ['✓ worker1 Ready', 'TMM f5-tmm-a Ready', ...many(10, (n) => `✓ 10.20.1.${n} Established 12 d`)],
    ],
    [
      'how many sessions of a pod there are beside ten',
      node([pod(many(11, peer))]),
      [
        '✓ worker1 Ready',
        'TMM f5-tmm-a Ready',
        ...many(10, (n) => `✓ 10.20.1.${n} Established 12 d`),
        'and 1 more session',
      ],
    ],
    [
      'how many pods there are beside four',
      node(many(6, (n) => pod([peer(n)], { name: `tmm-${n}` }))),
      [
        '✓ worker1 Ready',
        ...many(4, (n) => [`TMM tmm-${n} Ready`, `✓ 10.20.1.${n} Established 12 d`]).flat(),
        'and 2 more TMM pods',
      ],
    ],
    [
      'how many remarks there are beside four',
      node([], { notes: many(5, (n) => ({ ...remark, text: `remark ${n}` })) }),
      ['! worker1 Ready', ...many(4, (n) => `! remark ${n}`), 'and 1 more remark', 'no TMM pod'],
    ],
  ];

  test.each(nodes)('says %s', (_, of, rows) => {
    expect(rowsOf(drawn(of))).toEqual(rows);
  });

  test.each(nodes)('is readable where it says %s', (_, of) => {
    for (const width of [160, 300, WIDTH]) {
      const drawing = drawn(of, width);
      expectReadable(drawing);
      expectFrame(drawing, width);
      expectConnected(drawing, of);
    }
  });

  test('has its own name and its peers in bold type, and nothing else but symbols', () => {
    const labels = labelsOf(drawn(node([pod([up('10.20.1.1')])])));
    const bold = labels.flatMap(({ text, bold }) => (bold ? [text] : []));
    expect(bold.sort()).toEqual(['10.20.1.1', 'worker1', '✓', '✓']);
  });

  test('is faint where it is as it should be', () => {
    const sessions = [up('10.20.1.1'), down('10.20.1.2'), { ...up('10.20.1.3'), state: 'unknown' as const }];
    const labels = labelsOf(drawn(node([pod(sessions.map((one) => ({ ...one, words: one.state })))])));
    const fill = (words: string) => labels.find(({ text }) => text === words)?.fill;
    expect([fill('Ready'), fill('established')]).toEqual([FAINT, FAINT]);
    expect(new Set([FAINT, INK, fill('down'), fill('unknown')]).size).toBe(4);
  });

  test('cuts a long name, and leaves room for its state', () => {
    const drawing = drawNode(node([]), LONG, WIDTH);
    expectReadable(drawing);
    expect(rowsOf(drawing)[0]).toMatch(/^– x{20,}…x+ Ready$/);
    for (const width of [200, 301, WIDTH]) {
      const long = drawNode(node([pod([peer(1)], { state: LONG })], { state: LONG }), LONG, width);
      expectReadable(long);
      expect(rowsOf(long)[0]).toMatch(/^✓ x{10,}…x+$/);
    }
  });

  test('has all that is said of a pod in one column', () => {
    const of = node([pod([up('10.20.1.1')], { ready: false, state: LONG.slice(0, 40) })]);
    const columns = labelsOf(drawn(of)).filter(({ text }) => /^x+$|^10\./.test(text));
    expect(columns).toHaveLength(2);
    expect(new Set(columns.map(({ x }) => x)).size).toBe(1);
  });

  test('keeps together what just fits on one line', () => {
    const inPod = 20 + 28 + textWidth('TMM f5-tmm-a Ready', 13);
    expect(rowsOf(drawn(node([pod([])]), inPod))).toContain('TMM f5-tmm-a Ready');
    expect(textsOf(drawn(node([pod([])]), inPod - 1))).toContain('TMM f5-tmm-a');
    const inSession = 20 + 74 + textWidth('10.20.1.1  Established 12 d', 13);
    const of = node([pod([up('10.20.1.1')])]);
    expect(rowsOf(drawn(of, inSession))).toContain('✓ 10.20.1.1 Established 12 d');
    expect(rowsOf(drawn(of, inSession - 1))).toContain('✓ 10.20.1.1');
  });
});

test('what is below the name of a node stands apart from it', () => {
  const drawing = drawNode(node([pod([peer(1)])]), 'worker1', WIDTH);
  const name = labelsOf(drawing).find(({ text }) => text === 'worker1');
  const first = boxesOf(drawing).find(({ fill }) => fill === '#eaf1fb');
  expect((first?.y ?? 0) - ((name?.y ?? 0) + (name?.height ?? 0))).toBeGreaterThanOrEqual(6);
});

describe('a node among many', () => {
  test.each([
    ['no TMM pod', [], '–'],
    ['2 of 2 up', [pod([peer(1), peer(2)])], '✓'],
    ['2 TMMs, 3 of 3 up', [pod([peer(1), peer(2)]), pod([peer(3)])], '✓'],
    ['10.20.1.2 Connect', [pod([down('10.20.1.2'), peer(1)])], '✗'],
    ['f5-tmm-a Pending', [pod([peer(1)], { ready: false, state: 'Pending' })], '!'],
  ])('says in two lines: %s', (words, pods, symbol) => {
    const tile = drawTile(node(pods), 'worker1', 207);
    expect(textsOf(tile)).toEqual([symbol, 'worker1', words]);
    expectReadable(tile);
    expectFrame(tile, 207);
    const [, name, second] = labelsOf(tile);
    expect([name?.bold, second?.bold]).toEqual([true, false]);
    expect(second?.fill).toBe(symbol === '✓' ? FAINT : INK);
  });

  test('is told beforehand whether its name fits', () => {
    for (const name of many(30, (n) => 'n'.repeat(n + 1))) {
      for (const width of [120, 207, 240, textWidth(name, 13) + 48]) {
        const tile = drawTile(node([]), name, width);
        expect([name, width, fitsTile(name, width)]).toEqual([name, width, textsOf(tile).includes(name)]);
      }
      expect(fitsTile(name, textWidth(name, 13) + 48.5)).toBe(true);
      expect(fitsTile(name, textWidth(name, 13) + 47.5)).toBe(false);
    }
  });
});

test('a remark is as high as its words, and never lower than its symbol', () => {
  for (const words of ['short', `${LONG} ${LONG}`]) {
    const drawing = note('bad', words, 300);
    const bottoms = [...labelsOf(drawing), ...boxesOf(drawing)].map(({ y, height }) => y + height);
    expect(drawing.height).toBeCloseTo(Math.max(...bottoms));
    expectReadable(drawing);
  }
});

test('a line is whole where a session is Established, and broken otherwise', () => {
  const dash = (verdict: Verdict) => sessionLine(verdict, [0, 0], [9, 0]).dash;
  expect(dash('good')).toBeUndefined();
  expect(dash('bad')).toHaveLength(2);
  expect(dash('unknown')).toHaveLength(2);
  expect(dash('bad')).not.toEqual(dash('unknown'));
  expect(sessionLine('good', [0, 0], [9, 0])).not.toHaveProperty('dash');
});

/** A frame goes around all of it. */
function expectFrame(drawing: Drawing, width: number): void {
  const [frame] = boxesOf(drawing);
  expect(drawing.width).toBe(width);
  expect(frame).toMatchObject({ x: 1, y: 1, width: width - 2, height: drawing.height - 2 });
  const bottoms = labelsOf(drawing).map(({ y, height }) => y + height);
  const below = drawing.height - Math.max(...bottoms);
  expect(below).toBeGreaterThanOrEqual(5);
  expect(below).toBeLessThanOrEqual(16);
}

/** From the lower edge of each pod a line leads down to the last of its sessions, and from it one to each peer. */
function expectConnected(drawing: Drawing, { pods }: MapNode): void {
  const trunks = linesOf(drawing).filter(({ from, to }) => from[0] === to[0]);
  const branches = linesOf(drawing).filter(({ from, to }) => from[1] === to[1]);
  const shown = pods.slice(0, 4).map(({ sessions }) => Math.min(10, sessions.length));
  expect(trunks).toHaveLength(shown.filter((count) => count > 0).length);
  expect(branches).toHaveLength(shown.reduce((sum, count) => sum + count, 0));
  for (const { from, to } of trunks) {
    expect(boxesOf(drawing).filter(({ y, height }) => y + height === from[1])).toHaveLength(1);
    const own = branches.filter((branch) => branch.from[1] > from[1] && branch.from[1] <= to[1]);
    expect(Math.max(...own.map((branch) => branch.from[1]))).toBe(to[1]);
  }
  for (const { from, to } of branches) {
    expect(trunks.some((trunk) => trunk.from[1] < from[1] && trunk.to[1] >= from[1])).toBe(true);
    const labels = labelsOf(drawing).filter(({ y, height }) => y < from[1] && y + height > from[1]);
    expect(Math.min(...labels.map(({ x }) => x).filter((x) => x > to[0]))).toBe(to[0] + 4);
  }
}
