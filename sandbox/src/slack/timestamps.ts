/**
 * Message timestamps like "1700000000.000100": unique in the workspace and increasing, whatever the clock does.
 */
export function timestamps(clock: () => number): () => string {
  let last = 0;
  return () => {
    last = Math.max(clock() * 1000, last + 100);
    return asTimestamp(last);
  };
}

function asTimestamp(micros: number): string {
  const seconds = Math.floor(micros / 1e6);
  return `${seconds}.${String(Math.floor(micros % 1e6)).padStart(6, '0')}`;
}
