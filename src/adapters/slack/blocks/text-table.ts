import { withoutLineBreaks } from '../../../domain/segments.ts';
import { escapeInvisible, prefixWithin, slackLength } from './escape.ts';

// A laptop shows about 100 characters per line; a phone breaks lines anywhere, so wider rows are shown as lists. Words in the
// last column may wrap.
const WIDEST_ROW = 100;
const WIDEST_LAST = 40;
const GAP = '  ';

/** Columns under their headings, aligned with blanks; the heading is separate, for every piece of the table. */
export function tableLines(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): { readonly heading: string | undefined; readonly lines: readonly string[] } {
  const headings = columns.map(clean);
  const cells = rows.map((row) => row.map(clean));
  const widths = columns.map((_, index) =>
    Math.max(...[headings, ...cells].map((row) => [...(row[index] ?? '')].length)),
  );
  if (rows.length === 0) return { heading: aligned(headings, widths), lines: ['(none)'] };
  const width = [...widths.slice(0, -1), Math.min(WIDEST_LAST, widths.at(-1) ?? 0)].reduce(
    (sum, one) => sum + one + GAP.length,
    -GAP.length,
  );
  return width > WIDEST_ROW
    ? { heading: undefined, lines: cells.flatMap((row) => listed(headings, row)) }
    : { heading: aligned(headings, widths), lines: cells.map((row) => aligned(row, widths)) };
}

/** Labels with their values. */
export function factLines(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...rows.map(([label]) => [...clean(label)].length));
  return rows.flatMap(([label, value]) => {
    const [first = '', ...rest] = value.split('\n').map((line) => escapeInvisible(line));
    return [
      `${padded(clean(label), width)}${GAP}${first}`,
      ...rest.map((line) => ' '.repeat(width) + GAP + line),
    ];
  });
}

/** Pieces of at most `limit` characters as Slack counts them, cut between lines where possible. */
export function cutLines(lines: readonly string[], limit: number): readonly string[] {
  const pieces: string[] = [];
  let piece: string[] = [];
  let length = 0;
  for (const line of lines.flatMap((long) => chunks(escapeInvisible(long), limit))) {
    const more = slackLength(line) + 1;
    if (piece.length > 0 && length + more > limit + 1) {
      pieces.push(piece.join('\n'));
      piece = [];
      length = 0;
    }
    piece.push(line);
    length += more;
  }
  return piece.length === 0 ? pieces : [...pieces, piece.join('\n')];
}

/** The first lines that fit, and the number of the others. A line that is too long by itself is cut. */
export function firstLines(
  lines: readonly string[],
  limit: number,
): { readonly shown: readonly string[]; readonly hidden: number } {
  const shown: string[] = [];
  let length = 0;
  for (const text of lines) {
    const line = escapeInvisible(text);
    const whole = slackLength(line) + 1;
    if (length + whole > limit) {
      if (shown.length === 0) shown.push(`${prefixWithin(line, limit - 1)}…`);
      break;
    }
    shown.push(line);
    length += whole;
  }
  return { shown, hidden: lines.length - shown.length };
}

function aligned(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, index) => padded(cell, widths[index] ?? 0))
    .join(GAP)
    .trimEnd();
}

function listed(headings: readonly string[], [first = '', ...rest]: readonly string[]): readonly string[] {
  return [first, ...rest.map((cell, index) => `${GAP}${headings[index + 1] ?? ''}: ${cell}`)];
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - [...text].length));
}

function chunks(line: string, limit: number): readonly string[] {
  const pieces: string[] = [];
  let rest = line;
  while (slackLength(rest) > limit) {
    const piece = prefixWithin(rest, limit);
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return [...pieces, rest];
}

function clean(cell: string): string {
  return escapeInvisible(withoutLineBreaks(cell, ' '));
}
