import { expect } from '@jest/globals';
import type { Box, Drawing, Label, Line } from '../../../src/domain/map/drawing.ts';

export function labelsOf({ items }: Drawing): readonly Label[] {
  return items.flatMap((item) => (item.kind === 'label' ? [item] : []));
}

export function textsOf(drawing: Drawing): readonly string[] {
  return labelsOf(drawing).map(({ text }) => text);
}

export function boxesOf({ items }: Drawing): readonly Box[] {
  return items.flatMap((item) => (item.kind === 'box' ? [item] : []));
}

export function linesOf({ items }: Drawing): readonly Line[] {
  return items.flatMap((item) => (item.kind === 'line' ? [item] : []));
}

/** The text as it is read, from the top and from the left: one row for what stands on one line. */
export function rowsOf(drawing: Drawing): readonly string[] {
  const rows: Label[][] = [];
  for (const one of labelsOf(drawing).toSorted((a, b) => baselineOf(a) - baselineOf(b))) {
    const row = rows.at(-1);
    if (row?.[0] !== undefined && baselineOf(one) - baselineOf(row[0]) <= 3) row.push(one);
    else rows.push([one]);
  }
  return rows.map((row) =>
    row
      .sort((a, b) => a.x - b.x)
      .map(({ text }) => text)
      .join(' '),
  );
}

function baselineOf({ y, size }: Label): number {
  return y + size;
}

/** The boxes that stand in no other one, without badges: racks, and nodes that are in none. */
export function panelsIn(drawing: Drawing): readonly Box[] {
  const frames = boxesOf(drawing).filter((box) => !isBadge(box));
  return frames.filter((one) => !frames.some((other) => other !== one && contains(other, one)));
}

/** What can be seen is in the picture, no text lies over another one or over an edge, and lines lead from pods to peers. */
export function expectReadable(drawing: Drawing): void {
  const [labels, boxes, lines] = [labelsOf(drawing), boxesOf(drawing), linesOf(drawing)];
  const all: Area = { x: 0, y: 0, width: drawing.width, height: drawing.height };
  expect([...labels, ...boxes, ...lines.map(areaOf)].filter((one) => !contains(all, one))).toEqual([]);
  expect(overlapOf(labels)).toBeUndefined();
  const solid = [...labels, ...boxes];
  expect(boxes.flatMap((box) => solid.filter((one) => isCut(one, box)))).toEqual([]);
  const badges = boxes.filter(isBadge);
  expect(badges.filter((badge) => !labels.some((one) => isCentred(one, badge)))).toEqual([]);
  const strokes = lines.map(strokeOf);
  const crossed = labels.filter((one) => strokes.some((stroke) => meetsArea(one, stroke)));
  expect(crossed.filter((one) => !badges.some((badge) => contains(badge, one)))).toEqual([]);
}

type Area = Pick<Box, 'x' | 'y' | 'width' | 'height'>;

function areaOf({ from, to }: Line): Area {
  const [x, y] = [Math.min(from[0], to[0]), Math.min(from[1], to[1])];
  return { x, y, width: Math.abs(to[0] - from[0]), height: Math.abs(to[1] - from[1]) };
}

function isBadge({ width, height }: Box): boolean {
  return width === 20 && height === 20;
}

/** Rounding may cost half a unit. */
function contains(outer: Area, inner: Area): boolean {
  return (
    inner.x >= outer.x - 0.5 &&
    inner.y >= outer.y - 0.5 &&
    inner.x + inner.width <= outer.x + outer.width + 0.5 &&
    inner.y + inner.height <= outer.y + outer.height + 0.5
  );
}

function meetsArea(one: Area, other: Area): boolean {
  const beside = one.x >= other.x + other.width || other.x >= one.x + one.width;
  return !beside && one.y < other.y + other.height && other.y < one.y + one.height;
}

function isCut(one: Area, box: Area): boolean {
  return one.width > 0 && meetsArea(one, box) && !contains(box, one) && !contains(one, box);
}

function isCentred(symbol: Area, badge: Area): boolean {
  const offset = symbol.x + symbol.width / 2 - (badge.x + badge.width / 2);
  return contains(badge, symbol) && Math.abs(offset) < 0.01;
}

/** A line has no width; its stroke has. */
function strokeOf(line: Line): Area {
  const { x, y, width, height } = areaOf(line);
  return { x, y, width: width + 0.1, height: height + 0.1 };
}

function overlapOf(labels: readonly Label[]): readonly Label[] | undefined {
  const sorted = labels.filter(({ width }) => width > 0).sort((one, other) => one.y - other.y);
  for (const [at, one] of sorted.entries())
    for (let next = at + 1; next < sorted.length; next += 1) {
      const other = sorted[next];
      // The last pixel of a line may touch the next line.
      if (other === undefined || other.y > one.y + one.height - 2) break;
      const beside = other.x >= one.x + one.width || one.x >= other.x + other.width;
      if (!beside) return [one, other];
    }
  return undefined;
}
