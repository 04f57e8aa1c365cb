import { familyOf } from '../bgp/address.ts';
import {
  expectedPeersOf,
  expectsIpv6,
  hintFacts,
  type Inspection,
  lastResetOf,
  type Page,
  pagesOf,
  type Routing,
  routingOf,
  sessionWith,
} from '../bgp/inspection.ts';
import type { TmmPod } from '../bgp/snapshot.ts';
import { hintFor, STATE_MEANING } from '../zebos/hint.ts';
import type { SessionVerdict } from '../zebos/judge-session.ts';
import { type Judgement, PASS, unread, wait } from './check.ts';

/**
 * Every peer of the pod's node has been Established for the hold time, by the router's own account: a flapping session has not
 * come back. Unknown is not down, and does not pass either.
 */
export function sessionsEstablished(inspection: Inspection, pod: TmmPod, holdTimeMs: number): Judgement {
  const needed = unread(inspection, pod, ['summary']);
  if (needed !== undefined) return needed;
  const routing = routingOf(inspection, pod);
  const peers = expectedPeersOf(inspection, pod).peers.map(({ address }) => address);
  const sessions = peers.map((peer): Session => ({ peer, verdict: sessionWith(peer, routing) }));
  const open = sessions.filter(({ verdict }) => !lasts(verdict, holdTimeMs));
  if (open.length === 0) return PASS;
  const young = open.flatMap(({ verdict }) => (verdict.kind === 'established' ? [verdict] : []));
  if (young.length === open.length) return notForLong(pod, open, young, holdTimeMs, inspection);
  const summaries: readonly Page[] = expectsIpv6(inspection, pod) ? ['ipv6Summary'] : [];
  const askedIpv6 = pagesOf(inspection, pod).ipv6Summary !== undefined;
  const down = open.filter(
    ({ peer, verdict }) => verdict.kind === 'down' && (askedIpv6 || familyOf(peer) === 'IPv4'),
  );
  // One session that is down is enough to wait; the other outputs are read when nothing is known to be down.
  const more = unread(inspection, pod, summaries) ?? unread(inspection, pod, ['config', 'neighbors']);
  if (more !== undefined && down.length === 0) return more;
  const told = more === undefined ? open : down;
  const [first] = told;
  if (first === undefined) return PASS;
  const tellWith = unread(inspection, pod, [...summaries, 'config', 'neighbors']);
  return wait(
    `sessions ${pod.uid} ${told.map(({ peer, verdict }) => `${peer} ${stateOf(verdict)}`).join()}`,
    {
      reasonCode: told.every(({ verdict }) => verdict.kind === 'unknown')
        ? 'session_unknown'
        : 'session_down',
      sentence: told.map((session) => describe(session, pod, routing)).join('; '),
      ...(down.length === told.length
        ? { overdue: told.map((session) => overdue(session, pod, routing)) }
        : {}),
      hint: hintFor(first.verdict, hintFacts(first.peer, routing)),
      ...(tellWith === undefined ? { traffic: trafficOf(pod, sessions) } : { tellWith }),
    },
  );
}

function lasts(verdict: SessionVerdict, holdTimeMs: number): boolean {
  return verdict.kind === 'established' && (verdict.forMs ?? 0) >= holdTimeMs;
}

/** All are Established, but not yet for the hold time. */
function notForLong(
  pod: TmmPod,
  open: readonly Session[],
  young: readonly Extract<SessionVerdict, { kind: 'established' }>[],
  holdTimeMs: number,
  inspection: Inspection,
): Judgement {
  // Where the summary does not show for how long, the neighbor's own output may.
  const missing = young.some(({ forMs }) => forMs === undefined)
    ? unread(inspection, pod, ['neighbors'])
    : undefined;
  if (missing !== undefined) return missing;
  const peers = open.map(({ peer }) => peer).join(', ');
  const shortest = Math.min(...young.map(({ forMs = 0 }) => forMs));
  return wait(`sessions ${pod.uid} ${peers} for long`, {
    reasonCode: 'session_flapping',
    sentence: `${pod.node ?? pod.name} → ${peers} has not been Established for ${Math.ceil(holdTimeMs / 1_000)} s yet`,
    traffic: `${pod.name} carries traffic as long as it stays up.`,
    hint: 'The session flaps: look at the link, at BFD and hold timers on both sides, and at the log of the router.',
    againInMs: Math.max(0, holdTimeMs - shortest),
  });
}

interface Session {
  readonly peer: string;
  readonly verdict: SessionVerdict;
}

/** `worker1 → 10.20.1.9 is Connect (no answer on TCP 179)`. */
function describe({ peer, verdict }: Session, pod: TmmPod, routing: Routing): string {
  const session = `${pod.node ?? pod.name} → ${peer}`;
  switch (verdict.kind) {
    case 'established':
      return `${session} is Established`;
    case 'down': {
      const meaning =
        verdict.detail === undefined ? ` (${STATE_MEANING[verdict.state]})` : ` ${verdict.detail}`;
      const reason = lastResetOf(peer, routing);
      return `${session} is ${verdict.state}${meaning}${reason === undefined ? '' : `, last reset: ${reason}`}`;
    }
    case 'absent':
      return `${session} is not configured in ${pod.name}`;
    case 'unknown':
      return `${session} is unknown (${verdict.why})`;
  }
}

/** `worker1 → 10.20.1.9`, and `Connect: no answer on TCP 179`. */
function overdue({ peer, verdict }: Session, pod: TmmPod, routing: Routing) {
  const words = verdict.kind === 'down' ? (verdict.detail ?? STATE_MEANING[verdict.state]) : '';
  const reset = lastResetOf(peer, routing);
  return {
    what: `${pod.node ?? pod.name} → ${peer}`,
    why: `${stateOf(verdict)}: ${words}${reset === undefined ? '' : `, last reset: ${reset}`}`,
  };
}

function trafficOf({ name }: TmmPod, sessions: readonly Session[]): string {
  const up = sessions.filter(({ verdict }) => verdict.kind === 'established').map(({ peer }) => peer);
  const unknown = sessions.some(({ verdict }) => verdict.kind === 'unknown');
  if (up.length > 0) return `${name} carries traffic over ${up.join(', ')}.`;
  return unknown ? `Whether ${name} carries traffic is unknown.` : `${name} carries no traffic.`;
}

function stateOf(verdict: SessionVerdict): string {
  return verdict.kind === 'down' ? verdict.state : verdict.kind;
}
