import type { LiveSession } from '../bgp/live-sessions.ts';
import { counted } from '../phrasing.ts';
import {
  type Box,
  type Drawing,
  FAINT,
  INK,
  type Item,
  type Label,
  type Line,
  label,
  moved,
  paragraph,
  stacked,
  textWidth,
} from './drawing.ts';
import {
  type MapNode,
  type MapPod,
  nodeVerdict,
  problemsOf,
  SYMBOL,
  sessionVerdict,
  type Verdict,
} from './network-map.ts';

/** Dark enough to read on white, and distinguishable for most colour-blind people; a symbol shows the same. */
const COLOUR: Readonly<Record<Verdict, string>> = {
  bad: '#b42318',
  unknown: '#5b4bb5',
  warning: '#8a5300',
  good: '#1a7f37',
  idle: '#6e7781',
};
const GROUND: Readonly<Record<Verdict, string>> = {
  bad: '#fff1ef',
  unknown: '#f3f1ff',
  warning: '#fff7e0',
  good: '#ffffff',
  idle: '#ffffff',
};
const DASH: Readonly<Partial<Record<Verdict, readonly [number, number]>>> = { bad: [8, 5], unknown: [2, 4] };

const BADGE = 20;
const PADDING = 10;
/** From the pod's line down to its sessions. */
const TRUNK_X = 22;
const PEER_X = 74;
const MAX_SESSIONS = 10;
const MAX_PODS = 4;
const MAX_NOTES = 4;

/** A node with its TMM pods, and a line from each pod to each of its peers. */
export function drawNode(node: MapNode, name: string, width: number): Drawing {
  const verdict = nodeVerdict(node);
  const room = width - 2 * PADDING;
  const stateWidth = textWidth(node.state, 13);
  const stateFits = stateWidth < room / 2;
  const nameRoom = room - BADGE - 8 - (stateFits ? stateWidth + 10 : 0);
  const head: Drawing = {
    width: room,
    height: BADGE + 2,
    items: [
      ...badge(verdict, 0, 0),
      label(name, BADGE + 8, 1, nameRoom, { size: 15, bold: true }),
      ...(stateFits ? [label(node.state, room - stateWidth, 2, stateWidth + 1, { fill: FAINT })] : []),
    ],
  };
  const parts = [
    head,
    ...(stateFits ? [] : [paragraph(node.state, 0, 0, room, { fill: FAINT })]),
    ...node.notes.slice(0, MAX_NOTES).map(({ verdict: tone, text }) => note(tone, text, room)),
    ...more(node.notes.length - MAX_NOTES, 'remark', room),
    ...node.pods.slice(0, MAX_PODS).map((pod) => drawPod(pod, room)),
    ...more(node.pods.length - MAX_PODS, 'TMM pod', room),
    ...(node.pods.length === 0 ? [paragraph('no TMM pod', 0, 0, room, { fill: FAINT })] : []),
  ];
  return framed(stacked(parts, 6), verdict, width);
}

/** A node in two lines, where there are many: its problem, or its number of Established sessions. */
export function drawTile(node: MapNode, name: string, width: number): Drawing {
  const verdict = nodeVerdict(node);
  const room = width - 2 * PADDING - BADGE - 8;
  const [worst] = problemsOf(node);
  const sessions = node.pods.flatMap((pod) => pod.sessions);
  const up = sessions.filter((session) => sessionVerdict(session) === 'good').length;
  const pods = node.pods.length < 2 ? '' : `${node.pods.length} TMMs, `;
  const counts = node.pods.length === 0 ? 'no TMM pod' : `${pods}${up} of ${sessions.length} up`;
  const words = worst?.text ?? counts;
  const inside: Drawing = {
    width: width - 2 * PADDING,
    height: 34,
    items: [
      ...badge(verdict, 0, 7),
      label(name, BADGE + 8, 0, room, { bold: true }),
      label(words, BADGE + 8, 17, room, { size: 12, fill: verdict === 'good' ? FAINT : INK }),
    ],
  };
  return framed(inside, verdict, width, 5);
}

/** Whether a tile of this width shows the whole name. */
export function fitsTile(name: string, width: number): boolean {
  return textWidth(name, 13) <= width - 2 * PADDING - BADGE - 8;
}

/** A symbol on a background in its colour. */
export function badge(verdict: Verdict, x: number, y: number): readonly [Box, Label] {
  const size = 14;
  const text = SYMBOL[verdict];
  const box: Box = { kind: 'box', x, y, width: BADGE, height: BADGE, fill: COLOUR[verdict], radius: 5 };
  const left = x + (BADGE - textWidth(text, size)) / 2;
  return [box, label(text, left, y + 1, BADGE, { size, bold: true, fill: '#ffffff' })];
}

/** The line to a peer: solid, dashed or dotted. */
export function sessionLine(
  verdict: Verdict,
  from: readonly [number, number],
  to: readonly [number, number],
): Line {
  const dash = DASH[verdict];
  return {
    kind: 'line',
    from,
    to,
    stroke: COLOUR[verdict],
    width: 2.5,
    ...(dash === undefined ? {} : { dash }),
  };
}

/** A symbol with text beside it. */
export function note(verdict: Verdict, text: string, room: number): Drawing {
  const words = paragraph(text, BADGE + 8, 1, room - BADGE - 8, { size: 13 });
  return {
    width: room,
    height: Math.max(BADGE, words.height + 1),
    items: [...badge(verdict, 0, 0), ...words.items],
  };
}

function drawPod(pod: MapPod, room: number): Drawing {
  const box: Box = {
    kind: 'box',
    x: 8,
    y: 0,
    width: room - 8,
    height: 26,
    fill: '#eaf1fb',
    stroke: '#8fa9c9',
    radius: 5,
  };
  const { state } = pod;
  const symbol = pod.ready ? '' : `${SYMBOL.warning} `;
  const fits = textWidth(`TMM ${pod.name} ${symbol}${state}`, 13) <= room - 28;
  const name = fits ? `TMM ${pod.name} ${symbol}${state}` : `TMM ${pod.name}`;
  const head: Drawing = { width: room, height: 26, items: [box, label(name, 18, 4, room - 28)] };
  const shown = pod.sessions.slice(0, MAX_SESSIONS);
  const sessions = shown.map((session) => drawSession(session, room));
  const rest = [
    ...(fits ? [] : [moveRight(note('warning', state, room - PEER_X + BADGE), PEER_X - BADGE - 8)]),
    ...(pod.sessions.length === 0
      ? [moveRight(note('unknown', 'no session is known', room - PEER_X), 40)]
      : []),
  ];
  const left = more(pod.sessions.length - MAX_SESSIONS, 'session', room);
  const body = stacked([...rest, ...sessions], 4);
  const below = stacked([body, ...left], 4);
  const trunk = trunkTo(sessions, rest);
  return {
    width: room,
    height: head.height + 4 + below.height,
    items: [...trunk, ...head.items, ...moved(below, 0, head.height + 4)],
  };
}

/** The line from the pod down to the last of its sessions. */
function trunkTo(sessions: readonly Drawing[], before: readonly Drawing[]): readonly Line[] {
  if (sessions.length === 0) return [];
  const above = [...before, ...sessions.slice(0, -1)].reduce((sum, { height }) => sum + height + 4, 0);
  const end = 30 + above + 12;
  return [{ kind: 'line', from: [TRUNK_X, 26], to: [TRUNK_X, end], stroke: '#8fa9c9', width: 2.5 }];
}

function drawSession(session: LiveSession, room: number): Drawing {
  const verdict = sessionVerdict(session);
  const line = sessionLine(verdict, [TRUNK_X, 12], [PEER_X - 4, 12]);
  const textRoom = room - PEER_X;
  const sameLine = textWidth(`${session.peer}  ${session.words}`, 13) <= textRoom;
  const peer = label(session.peer, PEER_X, 3, textRoom, { bold: true });
  const fill = verdict === 'good' ? FAINT : COLOUR[verdict];
  const words = sameLine
    ? [label(session.words, PEER_X + textWidth(`${session.peer}  `, 13), 3, textRoom, { fill })]
    : paragraph(session.words, PEER_X, 20, textRoom, { fill, most: 2 }).items;
  const height = sameLine ? 24 : 22 + 17 * words.length;
  return { width: room, height, items: [line, ...badge(verdict, 36, 2), peer, ...words] };
}

function more(count: number, what: string, room: number): readonly Drawing[] {
  return count > 0
    ? [paragraph(`and ${counted(count, `more ${what}`)}`, 40, 0, room - 40, { fill: FAINT })]
    : [];
}

function moveRight(drawing: Drawing, x: number): Drawing {
  return { ...drawing, items: moved(drawing, x, 0) };
}

function framed(inside: Drawing, verdict: Verdict, width: number, padding = PADDING): Drawing {
  const height = inside.height + 2 * padding;
  const frame: Item = {
    kind: 'box',
    x: 1,
    y: 1,
    width: width - 2,
    height: height - 2,
    fill: GROUND[verdict],
    stroke: COLOUR[verdict],
    radius: 8,
  };
  return { width, height, items: [frame, ...moved(inside, PADDING, padding)] };
}
