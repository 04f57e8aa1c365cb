import { elapsedMs, peerName, type SessionState } from './printed-values.ts';
import type { RunningConfigReading } from './read-running-config.ts';
import type { SummaryReading } from './read-summary.ts';

/** What is known of one session in one pod. */
export type SessionVerdict =
  /** `forMs`: uptime by the router's own account; absent where it does not show it. */
  /** `detail`: `(Policy)` or `NoNeg` where nothing is exchanged. */
  | {
      readonly kind: 'established';
      readonly prefixes: number;
      readonly forMs?: number;
      readonly detail?: string;
    }
  | { readonly kind: 'down'; readonly state: Exclude<SessionState, 'Established'>; readonly detail?: string }
  /** The peer is not in that pod's configuration: the pod did not read the mapping. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * Judges only by what was read. A listed session is down or established; a peer is absent only if a configuration that is
 * certainly complete does not name it; anything else is unknown.
 */
export function judgeSession(
  peer: string,
  summary: SummaryReading,
  config: RunningConfigReading,
): SessionVerdict {
  const key = peerName(peer) ?? peer;
  const session = summary.readable ? summary.sessions.get(key) : undefined;
  if (session !== undefined) {
    const { state, detail, prefixesReceived, upDown = '' } = session;
    if (state === 'Established') return established(prefixesReceived ?? 0, upDown, detail);
    return detail === undefined ? { kind: 'down', state } : { kind: 'down', state, detail };
  }
  if (summary.readable && summary.unreadable.has(key))
    return unknown(`the summary lists ${key}, but its state could not be read`);
  if (!config.readable) {
    const both = summary.readable || summary.why === config.why ? '' : `, nor the summary: ${summary.why}`;
    return unknown(`the running-config could not be read: ${config.why.replace(/\.$/, '')}${both}`);
  }
  if (config.members.has(key)) {
    return unknown(
      summary.readable
        ? `${key} is configured, but the summary does not list it`
        : `the summary could not be read: ${summary.why}`,
    );
  }
  // A complete summary without the peer also shows that the configuration without it lost nothing.
  if (config.complete || (summary.readable && summary.complete)) return { kind: 'absent' };
  return unknown(`the running-config breaks off, so that ${key} may be missing from it`);
}

/** @param printedUptime as printed, such as `00:09:11`; any other text is ignored */
export function established(prefixes: number, printedUptime: string, detail?: string): SessionVerdict {
  const forMs = elapsedMs(printedUptime);
  return {
    kind: 'established',
    prefixes,
    ...(forMs === undefined ? {} : { forMs }),
    ...(detail === undefined ? {} : { detail }),
  };
}

/** Whether a session is Established and no route passes over it, so that it carries no traffic. */
export function exchangesNothing(verdict: SessionVerdict): boolean {
  return verdict.kind === 'established' && verdict.detail !== undefined;
}

/** One session in a few words; down, absent and unknown are never mixed up. */
export function describeSession(verdict: SessionVerdict): string {
  switch (verdict.kind) {
    case 'established':
      return `Established, ${verdict.prefixes} ${verdict.prefixes === 1 ? 'prefix' : 'prefixes'}${
        verdict.detail === undefined ? '' : ` ${verdict.detail}`
      }`;
    case 'down':
      return verdict.detail === undefined ? verdict.state : `${verdict.state} ${verdict.detail}`;
    case 'absent':
      return 'absent: not configured in the pod';
    case 'unknown':
      return `unknown: ${verdict.why}`;
  }
}

function unknown(why: string): SessionVerdict {
  return { kind: 'unknown', why };
}
