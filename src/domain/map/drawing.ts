/** A part of a picture, in units of about a pixel, from its upper left corner. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly items: readonly Item[];
}

export type Item = Box | Line | Label;

export interface Box {
  readonly kind: 'box';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly fill: string;
  readonly stroke?: string;
  readonly radius: number;
}

export interface Line {
  readonly kind: 'line';
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
  readonly stroke: string;
  readonly width: number;
  /** Lengths of dash and gap. */
  readonly dash?: readonly [number, number];
}

/** One line of text and the box that it fills. */
export interface Label {
  readonly kind: 'label';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly text: string;
  readonly size: number;
  readonly bold: boolean;
  readonly fill: string;
}

export const INK = '#1f2328';
export const FAINT = '#57606a';

/** Width of each character of DejaVu Sans Mono, the font of all labels: 1233 of 2048 units, rounded up. */
const CHARACTER = 0.6025;
const LINE_HEIGHT = 1.3;

export interface LabelStyle {
  readonly size?: number;
  readonly bold?: boolean;
  readonly fill?: string;
}

/** A label with its upper left corner at x, y; text wider than `room` is cut in the middle, where names differ least. */
export function label(
  text: string,
  x: number,
  y: number,
  room: number,
  { size = 13, bold = false, fill = INK }: LabelStyle = {},
): Label {
  const cut = cutMiddle(text, Math.max(1, Math.floor(room / (size * CHARACTER))));
  const width = textWidth(cut, size);
  return { kind: 'label', x, y, width, height: size * LINE_HEIGHT, text: cut, size, bold, fill };
}

export function textWidth(text: string, size: number): number {
  return [...text].length * size * CHARACTER;
}

/** Labels one below the other, without breaking words where they fit; text that does not fit into `most` lines is cut. */
export function paragraph(
  text: string,
  x: number,
  y: number,
  room: number,
  style: LabelStyle & { readonly most?: number } = {},
): Drawing {
  const { size = 13, most = 3 } = style;
  const lines = wrap(text, Math.max(1, Math.floor(room / (size * CHARACTER))), most);
  const items = lines.map((line, at) => label(line, x, y + at * size * LINE_HEIGHT, room, style));
  return { width: room, height: lines.length * size * LINE_HEIGHT, items };
}

/** The drawing at another place. */
export function moved({ items }: Drawing, x: number, y: number): readonly Item[] {
  return items.map((item) =>
    item.kind === 'line'
      ? { ...item, from: [item.from[0] + x, item.from[1] + y], to: [item.to[0] + x, item.to[1] + y] }
      : { ...item, x: item.x + x, y: item.y + y },
  );
}

/** Drawings one below the other. */
export function stacked(drawings: readonly Drawing[], gap: number): Drawing {
  const items: Item[] = [];
  let y = 0;
  let width = 0;
  for (const drawing of drawings) {
    items.push(...moved(drawing, 0, y));
    y += drawing.height + gap;
    width = Math.max(width, drawing.width);
  }
  return { width, height: Math.max(0, y - gap), items };
}

function cutMiddle(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  const end = Math.floor((most - 1) / 3);
  const start = most - 1 - end;
  return `${characters.slice(0, start).join('')}…${end === 0 ? '' : characters.slice(-end).join('')}`;
}

function wrap(text: string, width: number, most: number): readonly string[] {
  const lines: string[] = [];
  let line: readonly string[] = [];
  const words = text.split(/\s+/).map((word) => [...word]);
  for (const [at, word] of words.entries()) {
    const longer = line.length === 0 ? word : [...line, ' ', ...word];
    if (longer.length <= width || line.length === 0) {
      line = longer;
    } else if (lines.length + 1 < most) {
      lines.push(line.join(''));
      line = word;
    } else {
      const rest = [line, ...words.slice(at)].map((one) => one.join('')).join(' ');
      return [...lines, cutEnd(rest, width)];
    }
  }
  return [...lines, line.join('')].map((one) => cutEnd(one, width));
}

function cutEnd(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}
