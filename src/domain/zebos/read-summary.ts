import { peerName, peerText, type Session } from './printed-values.ts';
import { refusalIn, type ScreenLine, screenLines } from './screen-lines.ts';
import { type SummaryRow, summaryItems } from './summary-items.ts';
import { readRow, type SummaryHeader, USUAL_HEADER } from './summary-row.ts';

export type SummaryReading =
  | {
      readonly readable: true;
      /** By canonical address (by interface for an unnumbered peer). */
      readonly sessions: ReadonlyMap<string, Session>;
      /** Peers that are listed, but whose state could not be read in any family. */
      readonly unreadable: ReadonlySet<string>;
      /** Whether the router's own count shows that no row is missing. */
      readonly complete: boolean;
    }
  | { readonly readable: false; readonly why: string };

/**
 * Reads `show bgp summary` of ZebOS, OcNOS, Quagga and FRR. Several families in one output are merged: Established in
 * any of them wins, and prefixes are summed. Other VRFs count only when the output holds nothing of the default one.
 */
export function readSummary(text: string): SummaryReading {
  const lines = screenLines(text).filter(({ words, prompted }) => words.length > 0 || prompted);
  const tables = ofDefaultVrf(summaryTables(lines));
  const sessions = new Map<string, Session>();
  const listed = new Set<string>();
  for (const { header, rows } of tables) {
    for (const row of rows) {
      const session = readSession(row, header);
      listed.add(keyOf(row.name));
      if (session !== undefined) sessions.set(session.peer, merged(sessions.get(session.peer), session));
    }
  }
  const unreadable = new Set([...listed].filter((peer) => !sessions.has(peer)));
  const headed = tables.some(({ header, total }) => header !== undefined || total !== undefined);
  if (headed || sessions.size > 0)
    return { readable: true, sessions, unreadable, complete: tables.every(isWhole) };
  if (lines.some(saysNoNeighbors)) return { readable: true, sessions, unreadable, complete: true };
  const silent = lines.length === 0 ? 'the output is empty' : 'the output holds no summary of BGP sessions';
  return { readable: false, why: refusalIn(lines) ?? silent };
}

function ofDefaultVrf(tables: readonly SummaryTable[]): readonly SummaryTable[] {
  const ofDefault = tables.filter(({ vrf }) => vrf === undefined);
  return ofDefault.length > 0 ? ofDefault : tables;
}

function isWhole({ header, rows, total }: SummaryTable): boolean {
  return header !== undefined && total === rows.length;
}

function readSession(row: SummaryRow, header: SummaryHeader = USUAL_HEADER): Session | undefined {
  const reading = readRow(row.words, header);
  if (reading.kind !== 'read' || (row.last && !reading.certain)) return undefined;
  return { peer: keyOf(row.name), ...reading.session };
}

function keyOf(name: string): string {
  return peerName(name) ?? peerText(name);
}

function merged(held: Session | undefined, found: Session): Session {
  if (held === undefined) return found;
  if (found.state !== 'Established') return held;
  if (held.state !== 'Established') return found;
  return { ...held, prefixesReceived: (held.prefixesReceived ?? 0) + (found.prefixesReceived ?? 0) };
}

/** `% No BGP neighbors found in VRF default`, `No IPv4 neighbor is configured`: an answer, and not an error. */
function saysNoNeighbors({ words }: ScreenLine): boolean {
  return /^%? ?no (?:\S+ ){0,4}neighbors? (?:.* )?(?:found|configured)\b/i.test(words.join(' '));
}

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

function summaryTables(lines: readonly ScreenLine[]): readonly SummaryTable[] {
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
