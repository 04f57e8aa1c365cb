/** One message per second and channel. https://docs.slack.dev/apis/web-api/rate-limits */
export const MESSAGE_INTERVAL_MS = 1000;

/** chat.update is tier 3; this many per minute and channel is kinder than the documented 50+. */
export const UPDATES_PER_MINUTE = 100;

/** Says how long a call must wait: 0 when it may go ahead, and then it counts. */
export type Pace = (key: string) => number;

/** At most count calls in each window, for every key by itself. */
export function pace(clock: () => number, count: number, windowMs: number): Pace {
  const calls = new Map<string, number[]>();
  return (key) => {
    const now = clock();
    const recent = (calls.get(key) ?? []).filter((at) => now - at < windowMs);
    const oldest = recent[0];
    const full = recent.length >= count && oldest !== undefined;
    calls.set(key, full ? recent : [...recent, now]);
    return full ? oldest + windowMs - now : 0;
  };
}
