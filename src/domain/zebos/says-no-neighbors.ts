/** `% No BGP neighbors found in VRF default`, `No IPv4 neighbor is configured`: an answer, and not an error. */
export function saysNoNeighbors(text: string): boolean {
  const words = text
    .toLowerCase()
    .split(/[\s%.]+/)
    .filter((word) => word !== '');
  const neighbor = words.findIndex((word) => word === 'neighbor' || word === 'neighbors');
  return (
    words[0] === 'no' &&
    neighbor > 0 &&
    neighbor < 6 &&
    words.slice(neighbor).some((word) => word === 'found' || word === 'configured')
  );
}
