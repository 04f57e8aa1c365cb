import { peerName, peerText } from './peer-name.ts';
import { refusalIn } from './refusal-in.ts';
import { saysNoNeighbors } from './says-no-neighbors.ts';
import { screenLines } from './screen-lines.ts';
import type { Session } from './session.ts';
import { type SummaryHeader, USUAL_HEADER } from './summary-header.ts';
import type { SummaryRow } from './summary-items.ts';
import { readRow } from './summary-row.ts';
import { type SummaryTable, summaryTables } from './summary-tables.ts';

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
  if (lines.some((line) => saysNoNeighbors(line.text)))
    return { readable: true, sessions, unreadable, complete: true };
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
