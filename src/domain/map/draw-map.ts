import { compareNames } from '../natural-order.ts';
import { counted } from '../phrasing.ts';
import { badge, drawNode, drawTile, fitsTile, note, sessionLine } from './draw-node.ts';
import { type Drawing, FAINT, type Item, label, moved, paragraph, stacked, textWidth } from './drawing.ts';
import {
  compareNodes,
  countsOf,
  type MapNode,
  type NetworkMap,
  nodeVerdict,
  type Rack,
  sessionVerdict,
  shortName,
  unhealthyNodes,
  type Verdict,
  worstOf,
} from './network-map.ts';

const COLUMN = 440;
const MAX_COLUMNS = 6;
/** A picture higher than this times its width gets one more column. */
const MAX_RATIO = 1.5;
const GAP = 14;
const MARGIN = 20;
/** With at most this many nodes, each is drawn with its pods and sessions; with more, only the first ones that need attention. */
const MAX_DETAILED = 24;
/** Maximum number of drawn nodes. */
const MAX_NODES = 400;
/** Maximum number of nodes in one panel; more nodes of a rack go into the next one. */
const PANEL_NODES = 24;
const TILE_GAP = 6;
const MAX_ROUTERS = 6;
const MAX_NAMED = 5;

/** The whole picture: problems first, then rack by rack, then the legend. */
export function drawMap(map: NetworkMap): Drawing {
  const panels = panelsOf(map);
  let drawing = arranged(map, panels, 1);
  for (let columns = 2; columns <= MAX_COLUMNS; columns += 1) {
    if (drawing.height <= drawing.width * MAX_RATIO || columns > panels.length) break;
    drawing = arranged(map, panels, columns);
  }
  return drawing;
}

function arranged(map: NetworkMap, panels: readonly Drawing[], columns: number): Drawing {
  const width = columns * COLUMN + (columns - 1) * GAP;
  const head = headOf(map, width);
  const bottoms = Array.from({ length: columns }, () => 0);
  const items: Item[] = [];
  for (const panel of panels) {
    const lowest = bottoms.indexOf(Math.min(...bottoms));
    const y = bottoms[lowest] ?? 0;
    items.push(...moved(panel, lowest * (COLUMN + GAP), y));
    bottoms[lowest] = y + panel.height + GAP;
  }
  const body: Drawing = { width, height: Math.max(...bottoms) - GAP, items };
  const whole = stacked([head, ...(panels.length === 0 ? [] : [body]), legend(width)], 18);
  return {
    width: whole.width + 2 * MARGIN,
    height: whole.height + 2 * MARGIN,
    items: moved(whole, MARGIN, MARGIN),
  };
}

function headOf(map: NetworkMap, width: number): Drawing {
  const nodes = map.racks.flatMap((rack) => rack.nodes);
  const troubled = unhealthyNodes(map);
  const named = nodes.length > MAX_DETAILED ? troubled.slice(0, MAX_NAMED) : [];
  const more = troubled.length - named.length;
  const { title, summary, verdict } = map.heading ?? {
    title: `Top-of-Rack BGP of ${map.target}`,
    summary: countsOf(map),
    verdict: worstOf(nodes.map(nodeVerdict)),
  };
  const left = nodes.length - MAX_NODES;
  const line = (text: string): Drawing => paragraph(text, 0, 0, width, { fill: FAINT });
  return stacked(
    [
      paragraph(title, 0, 0, width, { size: 20, bold: true, most: 2 }),
      note(verdict, summary, width),
      ...named.map(({ name, words, verdict: tone }) => note(tone, `${name}: ${words}`, width)),
      ...(named.length > 0 && more > 0
        ? [line(`and ${counted(more, 'more that needs', 'more that need')} attention`)]
        : []),
      ...(left > 0
        ? [
            line(
              `${MAX_NODES} nodes are drawn, those that need attention first; ${counted(left, 'is not', 'are not')}`,
            ),
          ]
        : []),
      ...(map.suffix === '' ? [] : [line(`Names of nodes end in ${map.suffix}`)]),
    ],
    6,
  );
}

/** The content of the columns, in order: a panel for each rack, or a single node. */
function panelsOf(map: NetworkMap): readonly Drawing[] {
  const all = map.racks.flatMap(({ nodes }) => nodes).sort(compareNodes);
  const drawn = new Set(all.slice(0, MAX_NODES));
  const needLook = all.length <= MAX_DETAILED ? all : all.filter((node) => NEED_LOOK.has(nodeVerdict(node)));
  const detailed = new Set(needLook.slice(0, MAX_DETAILED));
  const drawings = (nodes: readonly MapNode[], width: number): readonly Drawing[] => {
    const large = nodes.filter((node) => detailed.has(node));
    return [
      ...large.map((node) => drawNode(node, shortName(map, node.name), width)),
      ...tiles(
        map,
        nodes.filter((node) => !detailed.has(node)),
        width,
      ),
    ];
  };
  return map.racks.flatMap((rack) => {
    const nodes = rack.nodes.filter((node) => drawn.has(node));
    if (rack.name === undefined && rack.nodes.length === 1) return drawings(nodes, COLUMN);
    const parts = Math.ceil(nodes.length / PANEL_NODES);
    return Array.from({ length: parts }, (_, part) => {
      const some = nodes.slice(part * PANEL_NODES, (part + 1) * PANEL_NODES);
      return panel(rackHead(rack, part, parts), drawings(some, COLUMN - 20));
    });
  });
}

const NEED_LOOK: ReadonlySet<Verdict> = new Set(['bad', 'unknown', 'warning']);

/** Two in a row where they have no notes and their names are short. */
function tiles(map: NetworkMap, nodes: readonly MapNode[], width: number): readonly Drawing[] {
  const half = (width - TILE_GAP) / 2;
  const isSmall = (node: MapNode): boolean =>
    !NEED_LOOK.has(nodeVerdict(node)) && fitsTile(shortName(map, node.name), half);
  const large = nodes.filter((node) => !isSmall(node));
  const small = nodes.filter(isSmall).map((node) => drawTile(node, shortName(map, node.name), half));
  const rows = Array.from({ length: Math.ceil(small.length / 2) }, (_, row): Drawing => {
    const [left, right] = small.slice(2 * row, 2 * row + 2);
    const items = [...(left?.items ?? []), ...(right === undefined ? [] : moved(right, half + TILE_GAP, 0))];
    return { width, height: left?.height ?? 0, items };
  });
  return [...large.map((node) => drawTile(node, shortName(map, node.name), width)), ...rows];
}

function panel(head: readonly Drawing[], nodes: readonly Drawing[]): Drawing {
  const inside = stacked([...head, ...nodes], TILE_GAP);
  const height = inside.height + 20;
  const ground: Item = {
    kind: 'box',
    x: 1,
    y: 1,
    width: COLUMN - 2,
    height: height - 2,
    fill: '#f3f5f8',
    stroke: '#c3ccd6',
    radius: 10,
  };
  return { width: COLUMN, height, items: [ground, ...moved(inside, 10, 10)] };
}

/** The name of a rack, and its routers with their number of Established sessions. */
function rackHead({ name, nodes }: Rack, part: number, parts: number): readonly Drawing[] {
  const room = COLUMN - 20;
  const routers = routersOf(nodes);
  const count = counted(nodes.length, 'node');
  const title = name === undefined ? `${count} with the same routers` : `${name} · ${count}`;
  const ofParts = parts === 1 ? '' : ` · ${part + 1} of ${parts}`;
  const heading = paragraph(`${title}${ofParts}`, 0, 0, room, { size: 14, bold: true, most: 2 });
  if (part > 0 || nodes.length === 1) return [heading];
  const more = routers.length - MAX_ROUTERS;
  return [
    heading,
    ...routers.slice(0, MAX_ROUTERS).map((router) => drawRouter(router, room)),
    ...(more > 0
      ? [
          paragraph(`and ${counted(more, 'more router')}`, 28, 0, room - 28, {
            fill: FAINT,
          }),
        ]
      : []),
  ];
}

interface Router {
  readonly peer: string;
  readonly verdict: Verdict;
  readonly up: number;
  readonly all: number;
}

/** The peers of these nodes, the worst first. */
function routersOf(nodes: readonly MapNode[]): readonly Router[] {
  const verdicts = new Map<string, Verdict[]>();
  for (const session of nodes.flatMap(({ pods }) => pods.flatMap(({ sessions }) => sessions))) {
    const held = verdicts.get(session.peer) ?? [];
    held.push(sessionVerdict(session));
    verdicts.set(session.peer, held);
  }
  const routers = [...verdicts].map(([peer, all]): Router => {
    const up = all.filter((verdict) => verdict === 'good').length;
    return { peer, verdict: worstOf(all), up, all: all.length };
  });
  return routers.sort((one, other) => downOf(other) - downOf(one) || compareNames(one.peer, other.peer));
}

function downOf({ up, all }: Router): number {
  return all - up;
}

function drawRouter({ peer, verdict, up, all }: Router, room: number): Drawing {
  const words = `${up} of ${all} up`;
  const width = textWidth(words, 13);
  return {
    width: room,
    height: 22,
    items: [
      ...badge(verdict, 0, 1),
      label(`Router ${peer}`, 28, 2, room - width - 40),
      label(words, room - width, 2, width + 1, { bold: verdict !== 'good' }),
    ],
  };
}

const LEGEND: readonly (readonly [Verdict, string])[] = [
  ['good', 'Established'],
  ['bad', 'not Established, or wrong'],
  ['unknown', 'could not be read'],
  ['warning', 'needs a look'],
];

function legend(width: number): Drawing {
  const items: Item[] = [];
  let [x, y] = [0, 0];
  for (const [verdict, words] of LEGEND) {
    const each = 42 + textWidth(words, 12) + 22;
    if (x + each > width) [x, y] = [0, y + 26];
    const line = verdict === 'warning' ? [] : [sessionLine(verdict, [x, y + 10], [x + 34, y + 10])];
    items.push(
      ...line,
      ...badge(verdict, x + 7, y),
      label(words, x + 42, y + 2, each, { size: 12, fill: FAINT }),
    );
    x += each;
  }
  return { width, height: y + 22, items };
}
