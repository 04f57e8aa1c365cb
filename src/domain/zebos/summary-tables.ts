import { isElapsed, parseAsn, peerName, sessionState } from './printed-values.ts';
import type { ScreenLine } from './screen-lines.ts';
import {
  beginsHeader,
  readHeader,
  readRow,
  type SummaryHeader,
  USUAL_HEADER,
  withoutAbutting,
} from './summary-row.ts';

/** One table of a summary: the rows of one address family. */
export interface SummaryTable {
  /** Undefined for the default VRF. */
  readonly vrf?: string;
  /** Undefined when its beginning is missing. */
  readonly header?: SummaryHeader;
  readonly rows: readonly SummaryRow[];
  /** The router's own count of its rows. */
  readonly total?: number;
  /** The router's own count of the sessions that are Established. */
  readonly established?: number;
}

export interface SummaryRow {
  /** As printed, with `*` or host name. */
  readonly name: string;
  /** All words after the name, joined over the lines on which the row wraps. */
  readonly words: readonly string[];
  /** Whether the output ends in this row, so that it may be cut off. */
  readonly last: boolean;
}

/** The tables of an output, each with its own counts. */
export function summaryTables(lines: readonly ScreenLine[]): readonly SummaryTable[] {
  const tables: OpenTable[] = [];
  let place: Place = {};
  const open = (header?: SummaryHeader): OpenTable => {
    const { vrf } = place;
    const table: OpenTable = { ...(vrf !== undefined && { vrf }), ...(header && { header }), rows: [] };
    tables.push(table);
    return table;
  };
  for (const item of summaryItems(lines)) {
    if (item.kind === 'header') open(item.header);
    else if (item.kind === 'row') (tables.at(-1) ?? open()).rows.push(item.row);
    else {
      place = placeAfter(item.line.text, place);
      const total = countIn(item.line.words, 'total number of neighbors');
      if (total !== undefined) (tables.at(-1) ?? open()).total ??= total;
      const established = countIn(item.line.words, 'total number of established sessions');
      if (established !== undefined) (tables.at(-1) ?? open()).established ??= established;
    }
  }
  return tables;
}

interface OpenTable extends SummaryTable {
  readonly rows: SummaryRow[];
  total?: number;
  established?: number;
}

/** `Total number of neighbors 3`, in lower case except for the count. */
function countIn(words: readonly string[], caption: string): number | undefined {
  const length = caption.split(' ').length;
  const says = words.slice(0, length).join(' ').toLowerCase() === caption;
  const count = words[length] ?? '';
  return says && /^\d{1,9}$/.test(count) ? Number(count) : undefined;
}

type SummaryItem =
  | { readonly kind: 'header'; readonly header: SummaryHeader }
  | { readonly kind: 'row'; readonly row: SummaryRow }
  | { readonly kind: 'text'; readonly line: ScreenLine };

/** Joins what wraps: a header, or a row, whose peer or state may be in a line of its own. */
function summaryItems(lines: readonly ScreenLine[]): readonly SummaryItem[] {
  const items: SummaryItem[] = [];
  let heading: readonly string[] | undefined;
  let headingLine = '';
  let header: SummaryHeader | undefined;
  let row: OpenRow | undefined;
  for (const [index, line] of lines.entries()) {
    const { words } = line;
    const last = index === lines.length - 1;
    if (row !== undefined && continues(row, words, header)) {
      row.words.push(...words.slice(0, MAX_WORDS));
      row.lines += 1;
      row.last = last;
      continue;
    }
    row = undefined;
    heading = headingWith(heading, words);
    if (heading !== undefined) {
      if (heading === words) headingLine = line.text;
      const read = readHeader(heading, headingLine);
      if (read === undefined) continue;
      header = read;
      heading = undefined;
      items.push({ kind: 'header', header });
      continue;
    }
    const parted = withoutAbutting(words, header ?? USUAL_HEADER);
    const started = startsRow(parted, header, lines[index - 1]?.words ?? []);
    if (started === undefined) {
      items.push({ kind: 'text', line });
      continue;
    }
    const [name = '', ...rest] = started;
    row = { name, words: rest.slice(0, MAX_WORDS), last, lines: 1 };
    items.push({ kind: 'row', row });
  }
  return items;
}

/** The longest rows have a dozen columns and a description. */
const MAX_WORDS = 64;
const MAX_LINES = 4;

interface OpenRow extends SummaryRow {
  readonly words: string[];
  last: boolean;
  lines: number;
}

/** The header so far, with this line; undefined when the line does not belong to one. */
function headingWith(
  heading: readonly string[] | undefined,
  words: readonly string[],
): readonly string[] | undefined {
  if (beginsHeader(words)) return words;
  return heading !== undefined && words[0]?.toLowerCase().startsWith('state') === true
    ? [...heading, ...words]
    : undefined;
}

/** Whether a line continues a wrapped row: the row lacks something, and this is of the right kind. */
function continues(row: OpenRow, words: readonly string[], header: SummaryHeader = USUAL_HEADER): boolean {
  const [first = ''] = words;
  if (row.lines >= MAX_LINES) return false;
  const reading = readRow(row.words, header);
  // What looks like a count may be the part of a time in front of a break: then the rest and the state follow.
  const isTimeOrState = (word: string): boolean => isElapsed(word) || isState(word);
  if (reading.kind === 'read' && !reading.certain && peerName(first) === undefined)
    return words.slice(0, 3).some(isTimeOrState);
  if (reading.kind === 'read') return first.startsWith('(') && reading.session.state !== 'Established';
  const fits = isAs(first) || isTimeOrState(first);
  return reading.kind === 'incomplete' && fits;
}

function isState(word: string): boolean {
  return sessionState(word.split('(', 1)[0] ?? '') !== undefined;
}

/** The words of a row from its peer on, if one starts here. An interface may be alone on the previous line. */
function startsRow(
  words: readonly string[],
  header: SummaryHeader | undefined,
  before: readonly string[],
): readonly string[] | undefined {
  const [first = '', second = '', third = ''] = words;
  const typical = second === '4' && isAs(third);
  if (peerName(first) !== undefined) return typical || header !== undefined ? words : undefined;
  if (header === undefined) return undefined;
  if (typical) return INTERFACE.test(first) ? words : undefined;
  const [name = '', ...more] = before;
  const isRest = first === '4' && isAs(second);
  return isRest && more.length === 0 && INTERFACE.test(name) ? [name, ...words] : undefined;
}

/** FRR prints 0 for an unnumbered peer that has not come up yet. */
function isAs(word: string): boolean {
  return word === '0' || parseAsn(word) !== undefined;
}

/** An interface, or a host name with an interface in brackets. */
const INTERFACE = /^[\w*(][\w.:@/()-]{0,319}$/;

/** The VRF of the next table; undefined for the default one. */
interface Place {
  readonly vrf?: string;
  /** Whether it is from FRR's `Instance red:`, after which the captions of families name no VRF. */
  readonly ofInstance?: boolean;
  /** Whether it is from the line of a router id: the next such line begins another summary. */
  readonly ofRouterId?: boolean;
  /** Whether the line of a router id followed the heading: another such line begins a summary without a heading. */
  readonly identified?: boolean;
}

/** FRR's `IPv4 Unicast Summary (VRF red):`, `Instance red:`, and the VRF at the end of the router id's line. */
function placeAfter(text: string, place: Place): Place {
  const caption = text.slice(0, MAX_CAPTION).toLowerCase();
  const [, instance] = /^instance (\S+):$/.exec(caption) ?? [];
  if (instance !== undefined) return { ...inVrf(instance), ofInstance: true };
  const [, router, name, id] = ROUTER_ID.exec(caption) ?? [];
  if (router !== undefined) {
    if (name !== undefined) return { ...inVrf(name), ofRouterId: true };
    const isNext = place.ofRouterId === true || (place.identified === true && place.ofInstance !== true);
    const before = isNext ? {} : { ...place, ...(place.vrf !== undefined && { identified: true }) };
    return before.vrf === undefined && Number(id ?? 0) > 0
      ? { vrf: `vrf-id ${id}`, ofRouterId: true }
      : before;
  }
  const [, heading] = caption.startsWith('%') ? [] : (VRF_HEADING.exec(caption) ?? []);
  if (heading !== undefined) return inVrf(heading);
  if (!caption.endsWith(':') || !caption.includes(' summary')) return place;
  const at = caption.indexOf('(vrf ');
  if (at === -1) return place.ofInstance === true ? place : {};
  return inVrf(caption.slice(at + 5).split(')', 1)[0] ?? '');
}

function inVrf(name: string): Place {
  return name === '' || name === 'default' ? {} : { vrf: name };
}

const ROUTER_ID =
  /^(bgp router identifier) \S+, local as number \S+(?: \(?vrf (\S+?)\)?)?(?: vrf-id (-?\d{1,9}))?$/;

/** `VRF: red`, `VRF red`, `BGP summary information for VRF red, address family IPv4 Unicast`, or any other heading with a VRF. */
const VRF_HEADING = /(?<![\w-])vrf(?: name)?[ :=]{1,3}\(?([\w.-]+)/;

const MAX_CAPTION = 300;
