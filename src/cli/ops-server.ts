import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface OpsServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves `/healthz` (the process answers) and `/readyz` (Slack, Redis and the watches answer) on all addresses,
 * for the probes of Kubernetes. Port 0 takes a free one.
 */
export async function startOpsServer(port: number, health: () => Promise<Health>): Promise<OpsServer> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
    };
    if (request.url === '/healthz') return answer(200, { alive: true });
    if (request.url !== '/readyz') return answer(404, { error: 'not found' });
    health().then(
      (found) => answer(found.ready ? 200 : 503, found),
      (error: unknown) =>
        answer(503, { ready: false, details: { error: error instanceof Error ? error.message : 'unknown' } }),
    );
  });
  const address = await listen(server, port);
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => {
      const address = server.address();
      if (address === null || typeof address === 'string')
        reject(new Error('listening for probes: no port was given'));
      else resolve(address);
    });
  });
}

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
