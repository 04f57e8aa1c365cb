import ipaddr from 'ipaddr.js';

/** Longer than any IPv6 address with zone and host name around it. */
const LONGEST = 320;

/**
 * The canonical address (RFC 5952) in a peer's name as routers print it: `10.0.0.1`, a dynamic `*10.0.0.1`,
 * FRR's `r1(10.0.0.1)`, `fe80::1%eth0` (the zone is dropped). Undefined when it names no address.
 */
export function peerName(text: string): string | undefined {
  if (text.length > LONGEST) return undefined;
  const name = peerText(text);
  if (IPV4_LIKE.test(name)) return ipaddr.IPv4.isValidFourPartDecimal(name) ? name : undefined;
  const [address = ''] = name.split('%');
  if (!IPV6_LIKE.test(address) || !ipaddr.IPv6.isValid(address)) return undefined;
  const parsed = ipaddr.IPv6.parse(address);
  return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address().toString() : parsed.toRFC5952String();
}

/** Asked first, since the library is slow to refuse what is no address at all. */
const IPV4_LIKE = /^\d[\d.]{5,13}\d$/;
const IPV6_LIKE = /^[0-9a-f.]{0,4}:[0-9a-f:.]{1,44}$/i;

/** What stands inside `*host(…)`: an address, or an interface such as `eth0`. */
export function peerText(text: string): string {
  const name = text.startsWith('*') ? text.slice(1) : text;
  const open = name.indexOf('(');
  return open > 0 && name.endsWith(')') ? name.slice(open + 1, -1) : name;
}
