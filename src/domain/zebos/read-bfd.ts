import { peerName } from './printed-values.ts';
import { redactSecrets } from './redact.ts';
import { type ScreenLine, screenLines, whyUnreadable } from './screen-lines.ts';

/** One BFD session as a router shows it. */
export interface BfdSession {
  readonly up: boolean;
  /** As printed: `Up`, `Down`, `init`, `AdminDown`. */
  readonly state: string;
  /** Why it is not up, in the router's words, if it shows a reason. */
  readonly reason?: string;
}

export type BfdReading =
  | {
      readonly readable: true;
      /** By canonical address of the peer, in the default VRF. */
      readonly sessions: ReadonlyMap<string, BfdSession>;
      /** Whether a peer that is not listed has no session: a table without its count at the end may be cut off. */
      readonly complete: boolean;
    }
  | { readonly readable: false; readonly why: string };

/**
 * Reads `show bfd session` of ZebOS and OcNOS (table, or a block for each session), and `show bfd peers [brief]` of FRR. A
 * session whose state or peer cannot be read makes the whole output unreadable, and so does a count that contradicts its rows: a
 * missing row would look like a session that is not running.
 * Details: https://docs.ipinfusion.com/sp-6.3.2-configuration-guide/OcNOS-SP/BFD-CR/BFDCmds.133.26.html and …133.27.html, FRR:
 * https://github.com/FRRouting/frr/blob/master/bfdd/bfdd_vty.c. No public page shows the table of ZebOS as a capture.
 */
export function readBfd(text: string): BfdReading {
  const lines = screenLines(text).filter(({ words }) => words.length > 0);
  const isTable = !isFrrPeers(lines) && !isBlocks(lines);
  const found = isFrrPeers(lines) ? frrPeers(lines) : isBlocks(lines) ? blocks(lines) : table(lines);
  const count = countIn(lines);
  const isAnswer = found.length > 0 || count !== undefined || isFrrPeers(lines);
  if (!isAnswer) return { readable: false, why: whyUnreadable(lines, 'the output holds no BFD session') };
  if (count !== undefined && count !== found.length)
    return { readable: false, why: `the router counts ${count} BFD sessions, but lists ${found.length}` };
  const sessions = new Map<string, BfdSession>();
  for (const one of found) {
    if (one.vrf !== undefined) continue;
    const { peer, state } = one;
    if (peer === undefined || state === undefined)
      return { readable: false, why: `the BFD session with ${peer ?? 'one peer'} cannot be read` };
    // If there are a single-hop and a multihop session with the same peer, one that is up is enough.
    if (sessions.get(peer)?.up !== true) sessions.set(peer, sessionOf(state, one.reason));
  }
  return { readable: true, sessions, complete: !isTable || count !== undefined };
}

/** The fields of one session, as far as they could be read. */
interface Found {
  readonly peer?: string | undefined;
  readonly state?: string | undefined;
  readonly reason?: string | undefined;
  /** Undefined for the default VRF. */
  readonly vrf?: string | undefined;
}

function sessionOf(state: string, reason: string | undefined): BfdSession {
  const up = state.toLowerCase() === 'up';
  const tells = reason !== undefined && !/^(?:ok|none|na|n\/a|no diagnostic)$/i.test(reason);
  return { up, state, ...(!up && tells && { reason: inPlainWords(reason) }) };
}

/** Without secrets. A reason such as *neighbor signaled session down* must not look like a line of a configuration. */
function inPlainWords(reason: string): string {
  const before = 'because: ';
  return redactSecrets(before + reason.slice(0, LONGEST)).slice(before.length);
}

const LONGEST = 120;
const STATES = /^(?:up|down|init|initializing|admin[-_]?down|shutdown|failing|fail)$/i;

/** The state at this word; `Admin Down` takes two words. */
function stateAt(words: readonly string[], at: number): string | undefined {
  const [first = '', second = ''] = words.slice(at, at + 2);
  if (/^admin$/i.test(first) && /^down$/i.test(second)) return `${first} ${second}`;
  return STATES.test(first) ? first : undefined;
}

function addressIn(word: string | undefined): string | undefined {
  return peerName(word?.replace(/\/\d{1,3}$/, '') ?? '');
}

/** `Number of Sessions: 1`, `Session count: 1`; summed over VRFs. */
function countIn(lines: readonly ScreenLine[]): number | undefined {
  const counts = lines.flatMap(
    ({ text }) => /^(?:number of sessions|session count)\s*:\s*(\d{1,9})$/i.exec(text)?.[1] ?? [],
  );
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + Number(count), 0);
}

/**
 * ZebOS: `1  1  IPv4  Multi-Hop  Up  00:29:11  10.1.1.2/32`; FRR's brief form: `517132321  10.0.0.1  10.0.0.2  up`. A word counts
 * only in its column: an interface or a reason of the same name is not a state, and the router's own address is not a peer.
 */
function table(lines: readonly ScreenLine[]): readonly Found[] {
  const rows: Found[] = [];
  let vrf: string | undefined;
  let columns: 'ZebOS' | 'FRR' | undefined;
  for (const [index, { words, text }] of lines.entries()) {
    const place = /^bfd process for vrf:?\s*\(?([^)]*)\)?/i.exec(text)?.[1];
    if (place !== undefined) vrf = /^default/i.test(place) ? undefined : place;
    if (/^sess-idx\b/i.test(text)) columns = 'ZebOS';
    if (/^sessionid\b/i.test(text)) columns = 'FRR';
    if (columns === undefined || words.length < 2 || !/^\d{1,10}$/.test(words[0] ?? '')) continue;
    if (columns === 'FRR') {
      rows.push({ peer: words.length === 4 ? addressIn(words[2]) : undefined, state: stateAt(words, 3) });
      continue;
    }
    rows.push({
      peer: peerIn(words, lines[index + 1]?.words ?? []),
      state: stateAt(words, stateColumn(words)),
      vrf,
    });
  }
  return rows;
}

/** After `IPv4 Multi-Hop`, or `IPv4 Multi Hop` as in the details. */
function stateColumn(words: readonly string[]): number {
  const layer = words.findIndex((word) => /^ipv[46]$/i.test(word));
  if (layer === -1) return -1;
  return /^hop$/i.test(words[layer + 2] ?? '') ? layer + 3 : layer + 2;
}

/** The last word; a long address may continue or stand alone in the next line. */
function peerIn(words: readonly string[], next: readonly string[]): string | undefined {
  const [more, ...others] = next;
  const last = words.at(-1) ?? '';
  const goesOn = more !== undefined && others.length === 0 && !/^\d+$/.test(more);
  const joined = goesOn && last.includes(':') ? addressIn(last + more) : undefined;
  return joined ?? addressIn(last) ?? (goesOn ? addressIn(more) : undefined);
}

/** A session that is being read, line by line. */
interface Open {
  peer?: string | undefined;
  state?: string | undefined;
  reason?: string;
  vrf?: string;
  said?: true;
}

/** A block with two states has lost the beginning of the second session: neither state can be attributed. */
function say(block: Open, state: string | undefined): void {
  block.state = block.said === true ? undefined : state;
  block.said = true;
}

function isBlocks(lines: readonly ScreenLine[]): boolean {
  return lines.some(({ text }) => BLOCK.test(text));
}

const BLOCK = /^session interface index\b/i;

/** ZebOS and OcNOS details: a block for each session, with `Session State : Up` and `Remote Address : 10.1.1.67/32`. */
function blocks(lines: readonly ScreenLine[]): readonly Found[] {
  const found: Open[] = [];
  for (const [index, { text, words }] of lines.entries()) {
    if (BLOCK.test(text)) found.push({});
    const block = found.at(-1);
    if (block === undefined) continue;
    const state = /\bsession state\s*:\s*(admin down|\S+)/i.exec(text)?.[1];
    if (state !== undefined) say(block, stateAt(state.split(' '), 0));
    const remote = /\bremote address\s*:\s*(\S+)$/i.exec(text)?.[1];
    const peer = remote === undefined ? undefined : peerIn([remote], lines[index + 1]?.words ?? []);
    if (peer !== undefined) block.peer = peer;
    if (/^sess down reason\s*:/i.test(text)) block.reason = words.slice(4).join(' ');
  }
  return found;
}

function isFrrPeers(lines: readonly ScreenLine[]): boolean {
  return lines.some(({ text }) => /^bfd peers:$/i.test(text));
}

/** FRR: `peer 10.0.0.2 multihop local-address 10.0.0.1 vrf default`, followed by `Status: down` and `Diagnostics: …`. */
function frrPeers(lines: readonly ScreenLine[]): readonly Found[] {
  const found: Open[] = [];
  for (const { words, text } of lines) {
    const [first = '', second = ''] = words;
    if (first === 'peer') {
      const vrf = words[words.indexOf('vrf') + 1];
      const isOther = words.includes('vrf') && vrf !== undefined && vrf !== 'default';
      found.push({ peer: addressIn(second), ...(isOther && { vrf }) });
    }
    const peer = found.at(-1);
    if (peer === undefined) continue;
    if (first === 'Status:') say(peer, stateAt(words, 1) === undefined ? undefined : second);
    if (first === 'Diagnostics:') peer.reason = text.slice(first.length).trim();
    if (text.startsWith('Remote diagnostics:') && sessionOf('down', peer.reason).reason === undefined)
      peer.reason = text.slice('Remote diagnostics:'.length).trim();
  }
  return found;
}
