import { visible } from './escape.ts';

// What a phone shows without breaking is about 40 characters; a laptop about 100.
const WIDEST_CELL = 60;
const GAP = '  ';

/** Columns under their headings, aligned with blanks. */
export function tableLines(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const cells = [columns, ...rows].map((row) => row.map((cell) => clean(cell)));
  const widths = columns.map((_, index) =>
    Math.max(...cells.map((row) => Math.min(WIDEST_CELL, (row[index] ?? '').length))),
  );
  return cells.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
      .join(GAP)
      .trimEnd(),
  );
}

/** Labels and what belongs to them. */
export function factLines(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...rows.map(([label]) => label.length));
  return rows.flatMap(([label, value]) => {
    const [first = '', ...rest] = value.split('\n').map((line) => visible(line));
    return [
      `${label.padEnd(width)}${GAP}${first}`,
      ...rest.map((line) => `${' '.repeat(width)}${GAP}${line}`),
    ];
  });
}

/** Pieces of at most `limit` characters, cut between lines where that is possible. */
export function cutLines(lines: readonly string[], limit: number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const line of lines.flatMap((long) => chunks(visible(long), limit))) {
    if (piece !== '' && piece.length + 1 + line.length > limit) {
      pieces.push(piece);
      piece = line;
    } else piece = piece === '' ? line : `${piece}\n${line}`;
  }
  return piece === '' ? pieces : [...pieces, piece];
}

function chunks(line: string, limit: number): readonly string[] {
  if (line.length <= limit) return [line];
  return Array.from({ length: Math.ceil(line.length / limit) }, (_, index) =>
    line.slice(index * limit, (index + 1) * limit),
  );
}

function clean(cell: string): string {
  return visible(cell).replace(/\n/g, ' ');
}
