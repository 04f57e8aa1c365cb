import ipaddr from 'ipaddr.js';

/** One spelling per address (RFC 5952 for IPv6); undefined when it is no IP address. */
export function canonicalAddress(address: string): string | undefined {
  const text = address.trim();
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text).toString();
  return ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text).toRFC5952String() : undefined;
}

export function isIPv6(address: string): boolean {
  return address.includes(':');
}
