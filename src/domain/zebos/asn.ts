const LARGEST = 4_294_967_295;

/** An AS number written plain (`65546`) or asdot (`1.10`), 1..4294967295; undefined for anything else. */
export function parseAsn(text: string): number | undefined {
  const [high = '', low, ...more] = text.length > 11 ? [] : text.split('.');
  if (more.length > 0) return undefined;
  const asn = low === undefined ? digits(high, LARGEST) : asdot(digits(high, 0xffff), digits(low, 0xffff));
  return asn === 0 ? undefined : asn;
}

function asdot(high: number | undefined, low: number | undefined): number | undefined {
  return high === undefined || low === undefined ? undefined : high * 0x10000 + low;
}

function digits(text: string, largest: number): number | undefined {
  if (!/^\d{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= largest ? value : undefined;
}
