import {
  isElapsed,
  isNever,
  parseAsn,
  peerName,
  type Session,
  type SessionState,
  sessionState,
} from './printed-values.ts';

export type RowReading =
  | { readonly kind: 'read'; readonly session: Omit<Session, 'peer'>; readonly certain: boolean }
  /** Nothing wrong so far, but the state is missing: the row wraps, or was cut off. */
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'unreadable' };

const UNREADABLE: RowReading = { kind: 'unreadable' };
const INCOMPLETE: RowReading = { kind: 'incomplete' };

/**
 * Reads the columns after the peer in a row. Columns are recognized by their kind, since Up/Down may be blank. A number in place
 * of a blank Up/Down is not `certain`: it may be part of a time that was cut off.
 */
export function readRow(words: readonly string[], header: SummaryHeader): RowReading {
  const [version, as] = words;
  if (version === undefined) return INCOMPLETE;
  if (version !== '4') return UNREADABLE;
  if (as === undefined) return INCOMPLETE;
  const asn = parseAsn(as);
  // FRR prints 0 for a peer of any external AS that has not come up yet.
  if (asn === undefined && as !== '0') return UNREADABLE;
  const remoteAs = asn === undefined ? {} : { remoteAs: asn };
  const rest = words.slice(2);
  const afterNumbers = rest.findIndex((word) => !isCount(word));
  const numbers = afterNumbers === -1 ? rest.length : afterNumbers;
  const expected = header.columns - 2;
  const word = rest[numbers];
  if (word !== undefined && isElapsed(word) && numbers !== expected) return UNREADABLE;
  if (word !== undefined && isElapsed(word))
    return afterTime(word, rest.slice(numbers + 1), remoteAs, header);
  const state = stateAt(rest, numbers);
  if (state !== undefined) return numbers === expected ? down(remoteAs, state) : UNREADABLE;
  if (numbers <= expected) return word === undefined ? INCOMPLETE : UNREADABLE;
  // A number and then a state: the number is part of a time, such as `1 day Active`.
  if (rest.slice(expected).some((_, at) => stateAt(rest, expected + at) !== undefined)) return UNREADABLE;
  // One number too many may be a time in seconds or a count: ambiguous.
  if (numbers > expected + (header.countsSent ? 2 : 1) && !header.describes) return UNREADABLE;
  return established(remoteAs, rest.slice(expected), header);
}

function afterTime(
  upDown: string,
  rest: readonly string[],
  remoteAs: Pick<Session, 'remoteAs'>,
  header: SummaryHeader,
): RowReading {
  const [word] = rest;
  if (word === undefined) return INCOMPLETE;
  const state = stateAt(rest, 0);
  if (state !== undefined) return down(remoteAs, { ...state, upDown });
  // A session that never came up has no prefixes to count: something in between is missing.
  if (!(isCount(word) || EXCHANGES_NOTHING.test(word)) || isNever(upDown)) return UNREADABLE;
  return established(remoteAs, rest, header, upDown);
}

/** FRR prints this in place of a count, only when Established: no policy allows routes, or the family was not negotiated. */
const EXCHANGES_NOTHING = /^(?:NoNeg|\(Policy\))$/i;

function established(
  remoteAs: Pick<Session, 'remoteAs'>,
  [received = '', sent]: readonly string[],
  { countsSent }: SummaryHeader,
  upDown?: string,
): RowReading {
  const nothing = EXCHANGES_NOTHING.test(received);
  // Without the second count, the first one may be it, with a state between time and counts lost.
  if (countsSent && sent === undefined) return INCOMPLETE;
  const counted = countsSent && sent !== undefined;
  if (counted && !isCount(sent) && !EXCHANGES_NOTHING.test(sent)) return UNREADABLE;
  const prefixesSent = counted && isCount(sent) ? Number(sent) : 0;
  const session = {
    ...remoteAs,
    state: 'Established' as const,
    prefixesReceived: nothing ? 0 : Number(received),
    ...(counted && { prefixesSent }),
    // An announced prefix draws traffic, whether or not a route is received.
    ...(nothing && prefixesSent === 0 && { detail: received }),
    ...(upDown !== undefined && { upDown }),
  };
  // Without a time, the numbers may be something else.
  return { kind: 'read', session, certain: upDown !== undefined };
}

function down(remoteAs: Pick<Session, 'remoteAs'>, found: Omit<Session, 'peer'>): RowReading {
  return { kind: 'read', session: { ...remoteAs, ...found }, certain: true };
}

/** `Idle`, `Idle (Admin)`, `Idle(Admin)`. Established never occurs as a word here. */
function stateAt(words: readonly string[], at: number): { state: SessionState; detail?: string } | undefined {
  const [name = '', glued] = splitAtBracket(words[at] ?? '');
  const state = sessionState(name);
  if (state === undefined || state === 'Established') return undefined;
  const detail = bracketed(
    glued === undefined ? words.slice(at + 1, at + 5) : [glued, ...words.slice(at + 1, at + 4)],
  );
  return detail === undefined ? { state } : { state, detail };
}

function splitAtBracket(word: string): [string, string?] {
  const open = word.indexOf('(');
  return open === -1 ? [word] : [word.slice(0, open), word.slice(open)];
}

function bracketed(words: readonly string[]): string | undefined {
  if (words[0]?.startsWith('(') !== true) return undefined;
  const last = words.findIndex((word) => word.endsWith(')'));
  const detail = words.slice(0, last + 1).join(' ');
  return last === -1 || detail.length > 40 ? undefined : detail;
}

function isCount(word: string): boolean {
  return /^\d{1,12}$/.test(word);
}

/** How the rows under one header are laid out. */
export interface SummaryHeader {
  /** Columns between the peer and Up/Down: version, AS, messages and so on. */
  readonly columns: number;
  /** Whether FRR's column PfxSnt follows State/PfxRcd. */
  readonly countsSent: boolean;
  /** Whether a description follows, which may be numeric. */
  readonly describes?: boolean;
  /** Where the version column starts: an address that reaches this column may touch it. */
  readonly versionAt: number;
}

/** The columns of ZebOS, Quagga and FRR: V, AS, MsgRcvd, MsgSent, TblVer, InQ, OutQ. */
export const USUAL_HEADER: SummaryHeader = { columns: 7, countsSent: false, versionAt: 16 };

/** Whether a line begins the header; it may wrap before `State/PfxRcd`. */
export function beginsHeader(words: readonly string[]): boolean {
  return /^(?:neighbor|peer) v as$/i.test(words.slice(0, 3).join(' '));
}

/** The header in these words, whose first line is `line`; undefined while its state column is missing. */
export function readHeader(words: readonly string[], line: string): SummaryHeader | undefined {
  const names = words.map((word) => word.toLowerCase());
  const state = names.findIndex((name) => name.startsWith('state'));
  if (state === -1) return undefined;
  const upDown = names.indexOf('up/down');
  return {
    columns: (upDown === -1 ? state : upDown) - 1,
    countsSent: names[state + 1] === 'pfxsnt',
    describes: names.at(-1)?.startsWith('desc') === true,
    versionAt: Math.max(line.search(/\sv\s/i) + 1, USUAL_HEADER.versionAt),
  };
}

/** The words of a row whose long IPv6 address touches the version: `2001:db8:…:aaaa4 3535` is `2001:db8:…:aaaa`, `4`, `3535`. */
export function withoutAbutting(words: readonly string[], { versionAt }: SummaryHeader): readonly string[] {
  const [first = '', second = '', ...rest] = words;
  const [address, zone] = first.split('%');
  if (address === undefined || zone !== undefined || !first.endsWith('4') || !first.includes(':'))
    return words;
  const reaches = first.length - 1 >= versionAt - 1;
  const isNext = parseAsn(second) !== undefined && second !== '4';
  const bare = first.slice(0, -1);
  return reaches && isNext && peerName(bare) !== undefined ? [bare, '4', second, ...rest] : words;
}
