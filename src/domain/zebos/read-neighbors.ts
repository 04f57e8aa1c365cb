import {
  isElapsed,
  isNever,
  parseAsn,
  peerName,
  peerText,
  type SessionState,
  sessionState,
} from './printed-values.ts';
import { redactSecrets } from './redact.ts';
import { type ScreenLine, screenLines, whyUnreadable } from './screen-lines.ts';

/** The output of `show bgp neighbors` for one peer. Fields that could not be read are left out. */
export interface Neighbor {
  readonly state?: SessionState;
  /** What the router adds to the state, such as `(Admin)`. */
  readonly detail?: string;
  readonly remoteAs?: number;
  readonly peerGroup?: string;
  /** Summed over the address families. */
  readonly acceptedPrefixes?: number;
  readonly announcedPrefixes?: number;
  /** Undefined when there was none. */
  readonly lastReset?: LastReset;
  /** Text of the last notification, such as `Cease/Administratively Reset.` */
  readonly notification?: string;
  /** As printed, such as `00:03:50`. */
  readonly printedUptime?: string;
  /** FRR's output includes the state of BFD, as printed: `Up`, `Down`. */
  readonly bfdStatus?: string;
}

export type NeighborsReading =
  | {
      readonly readable: true;
      /** By canonical address (by interface for an unnumbered peer). */
      readonly neighbors: ReadonlyMap<string, Neighbor>;
    }
  | { readonly readable: false; readonly why: string };

/**
 * Reads `show bgp neighbors [IP]` of ZebOS, OcNOS, Quagga and FRR. If a peer occurs twice, its first entry counts, and fields
 * that contradict each other are dropped. The same holds for an entry with two states, which is what remains of two. Entries of
 * other VRFs are ignored.
 */
export function readNeighbors(text: string): NeighborsReading {
  const lines = screenLines(text);
  const neighbors = new Map<string, Neighbor>();
  let page: { readonly key: string; neighbor: Neighbor; states: number } | undefined;
  const close = (): void => {
    if (page === undefined) return;
    const neighbor = page.states > 1 ? {} : page.neighbor;
    const held = neighbors.get(page.key);
    if (held === undefined) neighbors.set(page.key, neighbor);
    else if ((held.state === 'Established') !== (neighbor.state === 'Established'))
      neighbors.set(page.key, {});
    page = undefined;
  };
  for (const line of lines) {
    const key = pageKey(line.words);
    if (key !== undefined) {
      close();
      if (!OTHER_VRF.test(line.text)) page = { key, neighbor: remoteAsIn(line.text), states: 0 };
    } else if (page !== undefined) {
      if (/^BGP state\b/.test(line.text)) page.states += 1;
      page.neighbor = { ...page.neighbor, ...readLine(line, page.neighbor) };
    }
  }
  close();
  if (neighbors.size > 0 || lines.some(({ text: said }) => NO_SUCH.test(said)))
    return { readable: true, neighbors };
  return { readable: false, why: whyUnreadable(lines, 'the output holds no BGP neighbor') };
}

const OTHER_VRF = /[,\s]vrf (?!default\b)\w/i;

/** An answer, not an error: there is no such peer. */
const NO_SUCH = /^% ?No (?:such neighbor|BGP neighbors? found)/i;

/** `BGP neighbor is 10.0.0.1, remote AS …`, FRR's `BGP neighbor on swp51: fe80::1, remote AS …`. */
function pageKey(words: readonly string[]): string | undefined {
  const [bgp = '', neighbor, is, name = ''] = words;
  if (bgp.toUpperCase() !== 'BGP' || neighbor !== 'neighbor' || (is !== 'is' && is !== 'on'))
    return undefined;
  const bare = name.replace(/[,:]$/, '');
  if (bare === '') return undefined;
  return peerName(bare) ?? peerText(bare);
}

function remoteAsIn(text: string): Neighbor {
  const remoteAs = parseAsn(/\bremote\s+AS\s+([^\s,]+)/.exec(text)?.[1] ?? '');
  return remoteAs === undefined ? {} : { remoteAs };
}

function readLine({ text, words }: ScreenLine, held: Neighbor): Partial<Neighbor> {
  const [first = '', second, third] = words;
  if (first === 'Administratively' && second === 'shut') return { detail: SHUT_DOWN };
  if (
    first === 'Status:' &&
    /^(?:up|down|init|unknown|adminstratively|administratively)\b/i.test(second ?? '')
  )
    return { bfdStatus: (second ?? '').replace(/,$/, '') };
  if (first === 'Message:' && held.notification !== undefined)
    return {
      notification: `${held.notification.replace(/\.$/, '')}: ${spoken(text.slice('Message:'.length))}`,
    };
  if (first === 'BGP' && second === 'state') return stateIn(words.slice(2).filter((word) => word !== '='));
  if (first === 'Member' && second === 'of' && third === 'peer-group')
    return words[3] === undefined ? {} : { peerGroup: words[3] };
  if (second === 'peer-group' && third === 'member') return { peerGroup: held.peerGroup ?? first };
  if (/^\d{1,12}\s.*\bprefix/.test(text)) return prefixesIn(text, held);
  if (first === 'Last' && second?.toLowerCase().startsWith('reset') === true) return lastResetIn(words);
  return notificationIn(text);
}

/** `Established, up for 00:03:50`, `Idle (Admin)`, `Idle, Administratively shut down`. */
function stateIn([word = '', ...rest]: readonly string[]): Partial<Neighbor> {
  const state = sessionState(word.replace(/,$/, ''));
  if (state === undefined) return {};
  const [up, forWord, time] = rest;
  const bracketed = up?.startsWith('(') === true && up.length <= 40 ? up.replace(/,$/, '') : undefined;
  const says = word.endsWith(',') && up !== undefined && up !== 'up' && forWord !== 'for';
  const behind = says ? spoken(rest.join(' ')) : undefined;
  const detail = bracketed ?? behind?.replace(/^[A-Z]/, (letter) => letter.toLowerCase());
  return {
    state,
    ...(detail !== undefined && { detail }),
    ...(up === 'up' && forWord === 'for' && time !== undefined && { printedUptime: time }),
  };
}

const SHUT_DOWN = 'administratively shut down';

/** `5 accepted prefixes`, `463 announced prefixes`, FRR's `5 accepted, 8 sent prefixes`. */
function prefixesIn(text: string, held: Neighbor): Partial<Neighbor> {
  let { acceptedPrefixes, announcedPrefixes } = held;
  for (const [, count, kind] of text.matchAll(/\b(\d{1,12})\s+(accepted|announced|sent|advertised)\b/g)) {
    if (kind === 'accepted') acceptedPrefixes = (acceptedPrefixes ?? 0) + Number(count);
    else announcedPrefixes = (announcedPrefixes ?? 0) + Number(count);
  }
  return {
    ...(acceptedPrefixes !== undefined && { acceptedPrefixes }),
    ...(announcedPrefixes !== undefined && { announcedPrefixes }),
  };
}

export interface LastReset {
  /** As printed, such as `17:26:23`. */
  readonly ago: string;
  readonly reason?: string;
}

interface Found {
  readonly lastReset?: LastReset;
  readonly notification?: string;
}

/** ZebOS: `Last Reset: 17:26:23, due to BGP Notification sent`; FRR: `Last reset 00:01:36,  Notification sent (Cease)`. */
function lastResetIn(words: readonly string[]): Found {
  const ago = words[2]?.replace(/,$/, '');
  if (ago === undefined || !isElapsed(ago) || isNever(ago)) return {};
  const behind = words.slice(3, 3 + MAX_WORDS).join(' ');
  const reason = spoken(behind.replace(/^due to\S*\s*/, ''));
  const open = reason.toLowerCase().includes('notification') ? reason.indexOf('(') : -1;
  const notification = open === -1 ? '' : unbracketed(reason.slice(open));
  return {
    lastReset: reason === '' ? { ago } : { ago, reason },
    ...(notification !== '' && { notification }),
  };
}

/** `Notification Error Message: (Cease/Administratively Reset.)` */
function notificationIn(text: string): Found {
  if (!text.toLowerCase().startsWith(ANNOUNCED)) return {};
  const notification = unbracketed(spoken(text.slice(ANNOUNCED.length)));
  return notification === '' ? {} : { notification };
}

const ANNOUNCED = 'notification error message:';
const MAX_WORDS = 24;
const LONGEST = 160;

function spoken(text: string): string {
  return redactSecrets(text.slice(0, LONGEST).trim());
}

function unbracketed(text: string): string {
  const inner = text.startsWith('(') ? text.slice(1) : text;
  return inner.endsWith(')') ? inner.slice(0, -1) : inner;
}
