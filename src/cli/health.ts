/** The answer to a probe: `ready` decides `/readyz`, `details` say why. */
export interface Health {
  readonly ready: boolean;
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

interface Watched {
  /** Milliseconds since the last event or answer of each watch. */
  watchAges(): Readonly<Record<string, number>>;
  cachedSnapshot(): unknown;
}

const SLACK_TIMEOUT_MS = 30_000;
const WATCH_TIMEOUT_MS = 60_000;

/** Ready when Slack is connected, Redis answers and the watches of every cluster are in sync. */
export async function readHealth(
  slackSilenceMs: number,
  clusters: ReadonlyMap<string, Watched>,
  redis: { ping(): Promise<string> },
): Promise<Health> {
  const watches = [...clusters].map(([name, cluster]) => {
    const ageMs = Math.max(0, ...Object.values(cluster.watchAges()));
    return { name, ageMs, fresh: cluster.cachedSnapshot() !== undefined && ageMs < WATCH_TIMEOUT_MS };
  });
  const redisAnswers = await redis.ping().then(
    () => true,
    () => false,
  );
  const slackReaches = slackSilenceMs < SLACK_TIMEOUT_MS;
  return {
    ready: slackReaches && redisAnswers && watches.every(({ fresh }) => fresh),
    details: {
      pid: process.pid,
      slack: slackReaches,
      redis: redisAnswers,
      ...Object.fromEntries(
        watches.map(({ name, ageMs, fresh }) => [`watch ${name}`, fresh ? ageMs : 'not in sync']),
      ),
    },
  };
}
