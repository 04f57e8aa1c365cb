import { clipWellFormed } from '../well-formed.ts';

/** `142`, `bgp-142`, `BGP142` and `#142` all mean `BGP-142`; anything else is given back as it was, cut short. */
export function readChangeId(parsed: string): string {
  const number = /^#?(?:bgp-?)?(\d{1,12})$/i.exec(parsed.trim())?.[1];
  return number === undefined ? clipWellFormed(parsed.toUpperCase(), 40) : `BGP-${Number(number)}`;
}
