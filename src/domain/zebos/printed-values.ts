import ipaddr from 'ipaddr.js';

const LARGEST = 4_294_967_295;

/** An AS number written plain (`65546`) or asdot (`1.10`), 1..4294967295; undefined for anything else. */
export function parseAsn(text: string): number | undefined {
  const [, plain, high = '', low = ''] = /^(?:(\d{1,10})|(\d{1,5})\.(\d{1,5}))$/.exec(text) ?? [];
  if (Number(low) > 0xffff) return undefined;
  const asn = plain === undefined ? Number(high) * 0x10000 + Number(low) : Number(plain);
  return asn > 0 && asn <= LARGEST ? asn : undefined;
}

/** Whether this is how routers write an elapsed time: `00:09:11`, `1d02h54m`, `03w6d21h`, `never`. */
export function isElapsed(text: string): boolean {
  return (
    isNever(text) ||
    /^\d{1,4}(:\d{2}){1,2}$/.test(text) ||
    /^(\d{1,6}[ywdhms]){1,6}$/.test(text) ||
    /^\d{1,5}d\d{2}:\d{2}(:\d{2})?$/.test(text)
  );
}

const UNIT_MS: Readonly<Record<string, number>> = {
  y: 365 * 86_400_000,
  w: 7 * 86_400_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
};

/** An elapsed time as routers write it, in milliseconds (a lower bound). Undefined for `never` and for any other text. */
export function elapsedMs(text: string): number | undefined {
  if (!isElapsed(text) || isNever(text)) return undefined;
  const [, days = '0', clock = text] = /^(\d+)d(\d+:.*)$/.exec(text) ?? [];
  if (clock.includes(':')) {
    const [first = 0, second = 0, third] = clock.split(':').map(Number);
    // After a count of days even two parts are hours and minutes.
    const inHours = third !== undefined || clock !== text;
    const seconds = inHours ? first * 3_600 + second * 60 + (third ?? 0) : first * 60 + second;
    return Number(days) * 86_400_000 + seconds * 1_000;
  }
  const parts = [...text.matchAll(/(\d+)([ywdhms])/g)];
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNIT_MS[unit] ?? 0), 0);
}

export function isNever(text: string): boolean {
  return text.toLowerCase() === 'never';
}

/**
 * The canonical address (RFC 5952) in a peer's name as routers print it: `10.0.0.1`, a dynamic `*10.0.0.1`, FRR's `r1(10.0.0.1)`,
 * `fe80::1%eth0` (the zone is dropped). Undefined when it contains no address.
 */
export function peerName(text: string): string | undefined {
  const name = peerText(text);
  if (IPV4_LIKE.test(name)) return ipaddr.IPv4.isValidFourPartDecimal(name) ? name : undefined;
  const [address = ''] = name.split('%');
  if (!IPV6_LIKE.test(address) || !ipaddr.IPv6.isValid(address)) return undefined;
  return ipv6Text(ipaddr.IPv6.parse(address));
}

/** The canonical text of an IPv6 address (RFC 5952); an IPv4-mapped one (RFC 4291, 2.5.5.2) is its IPv4 address. */
export function ipv6Text(address: ipaddr.IPv6): string {
  return isMapped(address) ? address.toIPv4Address().toString() : address.toRFC5952String();
}

/** Faster than the library's own test, which compares with every special range. */
function isMapped({ parts }: ipaddr.IPv6): boolean {
  return parts[5] === 0xff_ff && parts.slice(0, 5).every((part) => part === 0);
}

/** Checked first, since the library is slow to reject other text. */
const IPV4_LIKE = /^\d[\d.]{5,13}\d$/;
const IPV6_LIKE = /^[0-9a-f.]{0,4}:[0-9a-f:.]{1,44}$/i;

/** The text inside `*host(…)`: an address, or an interface such as `eth0`. */
export function peerText(text: string): string {
  const name = text.startsWith('*') ? text.slice(1) : text;
  const open = name.indexOf('(');
  return open > 0 && name.endsWith(')') ? name.slice(open + 1, -1) : name;
}

export type SessionState =
  | 'Established'
  | 'Idle'
  | 'Connect'
  | 'Active'
  | 'OpenSent'
  | 'OpenConfirm'
  /** FRR and Quagga: the session ended, and its routes are being removed. */
  | 'Clearing'
  | 'Deleted';

/** One BGP session as a summary shows it. */
export interface Session {
  /** Canonical address, or the interface of an unnumbered peer. */
  readonly peer: string;
  readonly remoteAs?: number;
  readonly state: SessionState;
  /** Summed over the address families of one output; only when Established. */
  readonly prefixesReceived?: number;
  /** From FRR's column PfxSnt, summed in the same way. */
  readonly prefixesSent?: number;
  /** As printed: `00:09:11`, `never`. */
  readonly upDown?: string;
  /** The router's addition to the state, such as `(Admin)`; `(Policy)` or `NoNeg` if an Established session exchanges nothing. */
  readonly detail?: string;
}

const STATES: readonly SessionState[] = [
  'Established',
  'Idle',
  'Connect',
  'Active',
  'OpenSent',
  'OpenConfirm',
  'Clearing',
  'Deleted',
];

/** The state that this word names in full, in any case; a part of a word names none. */
export function sessionState(word: string): SessionState | undefined {
  return STATES.find((state) => state.length === word.length && state.toLowerCase() === word.toLowerCase());
}
