import type { Routers } from './routers.ts';

export type SessionState = 'Idle' | 'Connect' | 'Active' | 'OpenSent' | 'OpenConfirm' | 'Established';

/** What can be seen of a session at one moment; times are milliseconds since the epoch. */
export interface SessionView {
  state: SessionState;
  since: number;
  establishments: number;
  resets: number;
  lastResetAt: number | undefined;
  /** Whether somebody shut the neighbor down in this TMM. */
  shutDown: boolean;
  /** Whether the router at the other end takes part in BFD. */
  bfdUp: boolean;
  messagesReceived: number;
  messagesSent: number;
}

export interface Session {
  view(): SessionView;
  stop(): void;
}

export interface SessionOptions {
  address: string;
  routers: Routers;
  clock: () => number;
  /** Milliseconds until the next state. */
  pace: () => number;
}

const KEEPALIVE_MS = 30_000;

/** One BGP session: climbs to Established while its router answers, falls back when it stops answering. */
export function startSession({ address, routers, clock, pace }: SessionOptions): Session {
  const startedAt = clock();
  const seen = { establishments: 0, resets: 0, received: 0, sent: 0 };
  let state: SessionState = 'Idle';
  let since = startedAt;
  let lastResetAt: number | undefined;
  let timer: NodeJS.Timeout | undefined;

  const moveTo = (next: SessionState): void => {
    state = next;
    since = clock();
    if (next === 'Established') seen.establishments += 1;
    else climbLater();
  };
  const climb = (): void => {
    if (routers.isShutDown(address)) return;
    if (state === 'Idle') moveTo('Connect');
    else if (!routers.isUp(address)) return;
    else if (state === 'OpenSent') moveTo('OpenConfirm');
    else if (state === 'OpenConfirm') moveTo('Established');
    else moveTo('OpenSent');
  };
  const climbLater = (): void => {
    clearTimeout(timer);
    timer = setTimeout(climb, pace());
  };
  const fall = (): void => {
    clearTimeout(timer);
    if (state === 'Established') {
      seen.received += messagesSince(since, clock());
      seen.sent += messagesSince(since, clock()) + 1;
      seen.resets += 1;
      lastResetAt = clock();
    }
    if (state !== 'Idle' && state !== 'Connect') {
      state = 'Active';
      since = clock();
    }
    if (state === 'Idle') climbLater();
  };
  const unsubscribe = routers.onChange((changed, up) => {
    if (changed !== address) return;
    if (routers.isShutDown(address)) {
      fall();
      clearTimeout(timer);
      state = 'Idle';
    } else if (up && state !== 'Established') climbLater();
    else if (up) return;
    else fall();
  });
  climbLater();

  return {
    view() {
      const now = state === 'Established' ? messagesSince(since, clock()) : 0;
      return {
        state,
        since,
        establishments: seen.establishments,
        resets: seen.resets,
        lastResetAt,
        shutDown: routers.isShutDown(address),
        bfdUp: routers.isUp(address) && routers.runsBfd(address) && !routers.isShutDown(address),
        messagesReceived: seen.received + now,
        messagesSent: seen.sent + now + (now > 0 ? 1 : 0),
      };
    },
    stop() {
      clearTimeout(timer);
      unsubscribe();
    },
  };
}

/** OPEN, first KEEPALIVE and UPDATE, then a KEEPALIVE every 30 s. */
function messagesSince(establishedAt: number, now: number): number {
  return 3 + Math.floor((now - establishedAt) / KEEPALIVE_MS);
}
