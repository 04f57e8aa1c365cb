import { peerName, peerText, type Session } from './printed-values.ts';
import { type ScreenLine, screenLines, whyUnreadable } from './screen-lines.ts';
import { readRow, type SummaryHeader, USUAL_HEADER } from './summary-row.ts';
import { type SummaryRow, type SummaryTable, summaryTables } from './summary-tables.ts';

export type SummaryReading =
  | {
      readonly readable: true;
      /** By canonical address (by interface for an unnumbered peer). */
      readonly sessions: ReadonlyMap<string, Session>;
      /** Peers that are listed, but whose state could not be read in any family. */
      readonly unreadable: ReadonlySet<string>;
      /** Whether the router's own count confirms that no row is missing. */
      readonly complete: boolean;
    }
  | { readonly readable: false; readonly why: string };

/**
 * Reads `show bgp summary` of ZebOS, OcNOS, Quagga and FRR. Several families in one output are merged: Established in any of them
 * wins, and prefixes are summed. Other VRFs count only when the output has nothing of the default one. An output whose own counts
 * contradict its rows is unreadable, and so is a peer for which one table, or two VRFs, show different states.
 */
export function readSummary(text: string): SummaryReading {
  const lines = screenLines(text).filter(({ words, prompted }) => words.length > 0 || prompted);
  const counted = ofDefaultVrf(summaryTables(lines));
  const tables = counted.map(readTable);
  const contradiction = tables.find((table) => table.contradiction !== undefined)?.contradiction;
  if (contradiction !== undefined) return { readable: false, why: contradiction };
  const sessions = new Map<string, Session>();
  for (const session of tables.flatMap((table) => table.sessions))
    sessions.set(session.peer, merged(sessions.get(session.peer), session));
  for (const peer of contestedPeers(counted, tables)) sessions.delete(peer);
  const listed = tables.flatMap((table) => table.listed);
  const unreadable = new Set(listed.filter((peer) => !sessions.has(peer)));
  const zero = listed.length === 0 && isHealthyZero(tables, lines);
  const headed = tables.some(({ headed, total }) => headed || total !== undefined);
  if (headed || sessions.size > 0 || zero)
    return { readable: true, sessions, unreadable, complete: zero || tables.every(({ whole }) => whole) };
  if (lines.some(saysNoNeighbors)) return { readable: true, sessions, unreadable, complete: true };
  return { readable: false, why: whyUnreadable(lines, 'the output holds no summary of BGP sessions') };
}

function ofDefaultVrf(tables: readonly SummaryTable[]): readonly SummaryTable[] {
  const ofDefault = tables.filter(({ vrf }) => vrf === undefined);
  return ofDefault.length > 0 ? ofDefault : tables;
}

/**
 * Peers that are Established in one row and not in another one of the same table, or of another VRF: two peers with one address,
 * such as link-local ones on two links, or the remains of two rows.
 */
function contestedPeers(
  tables: readonly SummaryTable[],
  readings: readonly TableReading[],
): ReadonlySet<string> {
  const contested = new Set<string>();
  const seen = new Map<
    string,
    { readonly up: boolean; readonly vrf: string | undefined; readonly at: number }
  >();
  for (const [at, { sessions }] of readings.entries()) {
    const vrf = tables[at]?.vrf;
    for (const { peer, state } of sessions) {
      const up = state === 'Established';
      const before = seen.get(peer);
      // Two families of one VRF may differ.
      const isSame = before !== undefined && (before.at === at || before.vrf !== vrf);
      if (isSame && before.up !== up) contested.add(peer);
      seen.set(peer, { up, vrf, at });
    }
  }
  return contested;
}

interface TableReading {
  readonly sessions: readonly Session[];
  readonly listed: readonly string[];
  readonly headed: boolean;
  /** Whether no row is missing. */
  readonly whole: boolean;
  /** How the router's own counts differ from its rows. */
  readonly contradiction?: string;
  readonly total?: number;
  readonly established?: number;
}

function readTable({ header, rows, total, established }: SummaryTable): TableReading {
  const sessions = rows.flatMap((row) => readSession(row, header) ?? []);
  const up = sessions.filter(({ state }) => state === 'Established').length;
  const mayBeUp = up + rows.length - sessions.length;
  // Where a row is missing, the remains of two rows may look like one.
  const contradiction =
    total !== undefined && total !== rows.length
      ? `the summary counts ${total} neighbors, but lists ${rows.length}`
      : established !== undefined && (established < up || established > mayBeUp)
        ? `the summary counts ${established} Established sessions, but lists ${up}`
        : undefined;
  return {
    sessions,
    listed: rows.map(({ name }) => keyOf(name)),
    headed: header !== undefined,
    whole: header !== undefined && total === rows.length,
    ...(contradiction !== undefined && { contradiction }),
    ...(total !== undefined && { total }),
    ...(established !== undefined && { established }),
  };
}

/**
 * A TMM without neighbors prints its router id and *Total number of Established sessions 0*, and no row. Anything that may be the
 * rest of a row, such as an address at the beginning of a line, rules that out.
 */
function isHealthyZero(tables: readonly TableReading[], lines: readonly ScreenLine[]): boolean {
  const saysZero = tables.some(({ established }) => established === 0);
  const hasRouterId = lines.some(({ text }) => /^BGP router identifier \S+, local AS number \d/i.test(text));
  return saysZero && hasRouterId && !lines.some(mayBeOfTable);
}

function mayBeOfTable({ text, words: [first = '', second = ''] }: ScreenLine): boolean {
  if (/^\W*%/.test(text) || /up\/down|pfxrcd|msgrcv/i.test(text)) return true;
  if (first.toLowerCase() === 'peers' && Number.parseInt(second, 10) > 0) return true;
  return /^\W*[0-9a-f]{0,4}(?:[.:][0-9a-f]{0,4}){2}/i.test(first) || /(?:^|\s)4\s+\d+\s+\d+\s+\d/.test(text);
}

function readSession(row: SummaryRow, header: SummaryHeader = USUAL_HEADER): Session | undefined {
  const reading = readRow(row.words, header);
  if (reading.kind !== 'read' || (row.last && !reading.certain)) return undefined;
  const { prefixesSent, ...session } = reading.session;
  // The last number of an output may be cut off.
  const mayBeCut = row.last && row.words.at(-1) === String(prefixesSent);
  const sent = mayBeCut || prefixesSent === undefined ? {} : { prefixesSent };
  return { peer: keyOf(row.name), ...session, ...sent };
}

function keyOf(name: string): string {
  return peerName(name) ?? peerText(name);
}

function merged(held: Session | undefined, found: Session): Session {
  if (held === undefined) return found;
  if (found.state !== 'Established') return held;
  if (held.state !== 'Established') return found;
  const { detail: _, ...both } = held;
  const detail = held.detail !== undefined && found.detail !== undefined ? held.detail : undefined;
  const sent =
    held.prefixesSent === undefined || found.prefixesSent === undefined
      ? undefined
      : held.prefixesSent + found.prefixesSent;
  const { prefixesSent: __, ...rest } = both;
  return {
    ...rest,
    prefixesReceived: (held.prefixesReceived ?? 0) + (found.prefixesReceived ?? 0),
    ...(sent !== undefined && { prefixesSent: sent }),
    ...(detail !== undefined && { detail }),
  };
}

/** `% No BGP neighbors found in VRF default`, `No IPv4 neighbor is configured`: an answer, not an error. */
function saysNoNeighbors({ words }: ScreenLine): boolean {
  return /^%? ?no (?:\S+ ){0,4}neighbors? (?:.* )?(?:found|configured)\b/i.test(words.join(' '));
}
