import type { ScreenLine } from './screen-lines.ts';
import type { SummaryHeader } from './summary-header.ts';
import { type SummaryRow, summaryItems } from './summary-items.ts';

/** One table of a summary: the rows of one address family. */
export interface SummaryTable {
  /** Undefined for the default VRF. */
  readonly vrf?: string;
  /** Undefined when its beginning is missing. */
  readonly header?: SummaryHeader;
  readonly rows: readonly SummaryRow[];
  /** The router's own count of its rows. */
  readonly total?: number;
}

export function summaryTables(lines: readonly ScreenLine[]): readonly SummaryTable[] {
  const tables: OpenTable[] = [];
  let vrf: string | undefined;
  const open = (header?: SummaryHeader): OpenTable => {
    const table: OpenTable = { ...(vrf !== undefined && { vrf }), ...(header && { header }), rows: [] };
    tables.push(table);
    return table;
  };
  for (const item of summaryItems(lines)) {
    if (item.kind === 'header') open(item.header);
    else if (item.kind === 'row') (tables.at(-1) ?? open()).rows.push(item.row);
    else {
      const caption = captionIn(item.line.text);
      if (caption !== undefined) vrf = caption.vrf;
      const total = totalIn(item.line.words);
      if (total !== undefined) (tables.at(-1) ?? open()).total ??= total;
    }
  }
  return tables;
}

interface OpenTable extends SummaryTable {
  readonly rows: SummaryRow[];
  total?: number;
}

/** FRR's `IPv4 Unicast Summary (VRF default):`. */
function captionIn(text: string): { vrf: string | undefined } | undefined {
  const caption = text.toLowerCase();
  if (!caption.endsWith(':') || !caption.includes(' summary')) return undefined;
  const at = caption.indexOf('(vrf ');
  const name = at === -1 ? '' : (caption.slice(at + 5).split(')', 1)[0] ?? '');
  return { vrf: name === '' || name === 'default' ? undefined : name };
}

/** `Total number of neighbors 3` */
function totalIn(words: readonly string[]): number | undefined {
  const says = words.slice(0, 4).join(' ').toLowerCase() === 'total number of neighbors';
  const count = words[4] ?? '';
  return says && /^\d{1,9}$/.test(count) ? Number(count) : undefined;
}
