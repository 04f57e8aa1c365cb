/** A duration in milliseconds as routers print it: 00:09:11, 1d02h54m, 03w6d21h. */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const days = Math.floor(seconds / 86_400);
  const hours = two(Math.floor(seconds / 3600) % 24);
  const minutes = two(Math.floor(seconds / 60) % 60);
  if (days >= 7) return `${two(Math.floor(days / 7))}w${days % 7}d${hours}h`;
  if (days >= 1) return `${days}d${hours}h${minutes}m`;
  return `${hours}:${minutes}:${two(seconds % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
