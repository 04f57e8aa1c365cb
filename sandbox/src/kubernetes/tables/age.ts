/** The time since an RFC 3339 moment, as kubectl prints it: 5s, 3m12s, 4h, 2d. */
export function age(moment: string | undefined, now: number): string {
  const at = Date.parse(moment ?? '');
  if (Number.isNaN(at)) return '<unknown>';
  return duration(Math.max(0, Math.floor((now - at) / 1000)));
}

/** k8s.io/apimachinery pkg/util/duration: HumanDuration. */
function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
  if (hours < 3) return `${minutes}m`;
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  if (days < 8) return pair(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  return pair(Math.floor(days / 365), 'y', days % 365, 'd');
}

function pair(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big}${bigUnit}` : `${big}${bigUnit}${small}${smallUnit}`;
}
