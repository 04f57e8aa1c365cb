import ipaddr from 'ipaddr.js';
import { type Refusal, refuse } from '../refusal.ts';
import { ipv6Text } from '../zebos/printed-values.ts';

export type AddressFamily = 'IPv4' | 'IPv6';

/** An address that can be a BGP peer, in its canonical form (RFC 5952 for IPv6). */
export interface Address {
  readonly text: string;
  readonly family: AddressFamily;
}

/** Reads what a person typed; refuses anything that cannot be a peer, with what to type instead. Never throws. */
export function readAddress(typed: string): Address | Refusal {
  const text = typed.trim();
  const shown = text.slice(0, 60);
  const bare = withoutDecoration(text);
  if (bare !== undefined) return refuseDecoration(shown, bare);
  const family = familyIn(text);
  if (family === undefined) return notAnAddress(shown);
  const address: Address = {
    text: family === 'IPv4' ? text : ipaddr.IPv6.parse(text).toRFC5952String(),
    family,
  };
  return refuseRange(shown, address) ?? address;
}

/** The canonical form of an address from a cluster or a router; undefined for any other text. */
export function canonicalAddress(text: string): string | undefined {
  const family = familyIn(text.trim());
  if (family === undefined) return undefined;
  return family === 'IPv4' ? text.trim() : ipv6Text(ipaddr.IPv6.parse(text.trim()));
}

/** Four decimal octets without leading zeros (`010` means 8 to some programs), or any form of IPv6 without a zone. */
function familyIn(text: string): AddressFamily | undefined {
  if (FOUR_OCTETS.test(text)) return 'IPv4';
  return /^[0-9a-f:.]{2,45}$/i.test(text) && ipaddr.IPv6.isValid(text) ? 'IPv6' : undefined;
}

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const FOUR_OCTETS = new RegExp(`^(?:${OCTET}\\.){3}${OCTET}$`);

/** The address within a text that adds a mask, a port or a zone; undefined when there is none. */
export function decoratedAddress(text: string): string | undefined {
  return withoutDecoration(text)?.address;
}

interface Decoration {
  readonly kind: 'mask' | 'port' | 'zone';
  readonly address: string;
  readonly extra: string;
}

function withoutDecoration(text: string): Decoration | undefined {
  const [, masked = '', mask = ''] = /^\[?([^[\]/]+)\]?(\/(?:255\.[\d.]*|[^.]*))$/s.exec(text) ?? [];
  if (familyIn(masked)) return { kind: 'mask', address: masked, extra: mask };
  const [, bracketed, plain = '', port = ''] = /^(?:\[([^\]]+)\]|([^:]+)):(\d*)$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (familyIn(host)) return { kind: 'port', address: host, extra: `:${port}` };
  const [, zoned = '', zone = ''] = /^([^%]+)%(.*)$/s.exec(text) ?? [];
  if (familyIn(zoned)) return { kind: 'zone', address: zoned, extra: `%${zone}` };
  return undefined;
}

function refuseDecoration(shown: string, { kind, address, extra }: Decoration): Refusal {
  const meant = { typed: shown, name: address };
  const without = `Type ${address} without ${extra.slice(0, 20)}.`;
  switch (kind) {
    case 'mask':
      return {
        ...refuse('address_with_mask', `${shown} has a mask; a peer is one address.`, without),
        meant,
      };
    case 'port':
      return {
        ...refuse('address_with_port', `${shown} has a port; BGP always uses 179.`, without),
        meant,
      };
    case 'zone':
      return refuse(
        'address_link_local',
        `${shown} has a zone; it means something on one host only.`,
        'Type a global or unique local address.',
      );
  }
}

function notAnAddress(shown: string): Refusal {
  if (/^\d{1,4}(\.\d{1,4}){3}$/.test(shown)) {
    const [zero] = /(?<=^|\.)0\d+/.exec(shown) ?? [];
    const why =
      zero === undefined
        ? 'an octet is larger than 255'
        : `${zero} has a leading zero, which some programs read as octal`;
    return refuse(
      'not_an_address',
      `${shown} is not an IPv4 address: ${why}.`,
      'Type four numbers from 0 to 255, such as 10.20.1.9.',
    );
  }
  const plain = shown.replace(FOREIGN, '');
  if (plain !== shown && familyIn(plain)) {
    const coded = shown.replace(FOREIGN, (letter) => `\\u{${letter.codePointAt(0)?.toString(16) ?? ''}}`);
    return refuse(
      'not_an_address',
      `"${coded}" is not an IP address: it contains a character that no address has.`,
      `Type ${plain}.`,
    );
  }
  const sentence = shown === '' ? 'The text contains no address.' : `"${shown}" is not an IP address.`;
  return refuse(
    'not_an_address',
    sentence,
    'Type the address of the peer, such as 10.20.1.9 or 2001:db8:20:1::9; names are not looked up.',
  );
}

/** Characters that may be invisible, or look like those of an address. */
const FOREIGN = /[^\x21-\x7e]/gu;

function refuseRange(shown: string, { text }: Address): Refusal | undefined {
  const address = ipaddr.parse(text);
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress()) {
    return refuse(
      'not_an_address',
      `${shown} is an IPv4 address written as IPv6.`,
      `Type ${address.toIPv4Address().toString()}.`,
    );
  }
  const instead = 'Type the address of the rack router.';
  if (isMask(text)) return refuse('address_with_mask', `${text} is a mask; a peer is one address.`, instead);
  switch (address.range()) {
    case 'multicast':
      return refuse(
        'address_multicast',
        `${text} is a multicast address; no router has it as its own.`,
        instead,
      );
    case 'broadcast':
      return refuse(
        'not_an_address',
        `${text} is the broadcast address; no router has it as its own.`,
        instead,
      );
    case 'reserved':
      return /^2(?:4\d|5[0-5])\./.test(text)
        ? refuse('not_an_address', `${text} is in 240.0.0.0/4, which no router has as its own.`, instead)
        : undefined;
    case 'unspecified':
      return refuse('address_unspecified', `${text} stands for no address at all.`, instead);
    case 'loopback':
      return refuse(
        'address_loopback',
        `${text} is a loopback address: the TMM pod would peer with itself.`,
        instead,
      );
    case 'linkLocal':
      return refuse(
        'address_link_local',
        `${text} is link-local; it means something on one link only.`,
        'Type a global or unique local address.',
      );
    default:
      return undefined;
  }
}

/** Whether it is the mask of a prefix of 4 to 31 bits, as a router's command line takes it after an address. */
function isMask(text: string): boolean {
  const octets = text.split('.').map(Number);
  const bits = octets.map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return octets.length === 4 && /^1{4,31}0+$/.test(bits);
}

/** The family of an address in canonical form. */
export function familyOf(address: string): AddressFamily {
  return address.includes(':') ? 'IPv6' : 'IPv4';
}

/** Whether two texts are the same address. */
export function sameAddress(one: string, other: string): boolean {
  const [first, second] = [canonicalAddress(one), canonicalAddress(other)];
  return first !== undefined && first === second;
}
