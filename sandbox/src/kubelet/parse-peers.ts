import { canonicalAddress } from '../zebos/canonical-address.ts';

/** The addresses in one mapping, however they are separated; what is no address is left out. */
export function parsePeers(mapping: string): string[] {
  const words = mapping.split(/[\s,;"'[\]]+/);
  return words.flatMap((word) => canonicalAddress(word) ?? []);
}
