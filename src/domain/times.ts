/** `2026-11-03 14:05`, in UTC. */
export function utcMinute(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 16).replace('T', ' ');
}

/** `2026-11-03 14:05:09`, in UTC. */
export function utcSecond(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** `52 s`, `3 min 5 s`, `1 h 12 min`. */
export function duration(forMs: number): string {
  const seconds = Math.max(0, Math.round(forMs / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
