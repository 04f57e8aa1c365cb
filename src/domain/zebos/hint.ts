import type { SessionVerdict } from './judge-session.ts';

/** Further facts about the session; `undefined` where the output that shows them was not read. */
export interface HintFacts {
  readonly announcedPrefixes: number | undefined;
  /** Text of the last notification; `null` when the peer's output shows none. */
  readonly notification: string | null | undefined;
  readonly passwordSet: boolean | undefined;
}

/** One plain sentence: the usual meaning of the verdict, and what to check. */
export function hintFor(verdict: SessionVerdict, facts: HintFacts): string {
  switch (verdict.kind) {
    case 'established':
      if (verdict.detail !== undefined)
        return NOTHING_PASSES[verdict.detail.toLowerCase()] ?? 'The session is up.';
      return facts.announcedPrefixes === 0
        ? 'The session is up but announces nothing: see whether acceptsIPv4 or acceptsIPv6 was left at false in the Helm values, or whether there is no virtual server.'
        : 'The session is up.';
    case 'absent':
      return 'The pod does not have this peer in its configuration: it reads the mapping only when it starts, so restart it and see that the ConfigMap is in the namespace of the BIG-IP Controller.';
    case 'unknown':
      return `The state of the session is unknown (${verdict.why.replace(/\.$/, '')}): look with imish in the routing container.`;
    case 'down':
      return downHint(verdict.state, verdict.detail, facts);
  }
}

/** FRR's words for an Established session over which no routes are exchanged. */
const NOTHING_PASSES: Readonly<Record<string, string>> = {
  '(policy)':
    'The session is up but exchanges no routes: the router asks for a policy, and this neighbor has no route map.',
  noneg:
    'The session is up but exchanges no routes of this address family: activate the family on both sides.',
};

type Down = Extract<SessionVerdict, { kind: 'down' }>['state'];

const MEANING: Readonly<Record<Down, string>> = {
  Idle: 'Idle usually means that the session is shut down or that there is no route to the peer: look for a shutdown on either side, and for a route',
  Connect:
    'Connect usually means that TCP is silently dropped: see whether port 179 is filtered between the TMM and the peer',
  Active:
    'Active usually means that the peer refuses: see whether it has a neighbor statement for this TMM, with the right source address and with multihop',
  OpenSent:
    'OpenSent usually means that the AS numbers do not match: compare remote-as and local AS on both sides',
  OpenConfirm:
    'OpenConfirm should last a moment only: if it stays, compare hold time, AS numbers and password on both sides',
  Clearing: 'Clearing lasts a moment: the session ended, and the router removes what it learned over it',
  Deleted: 'Deleted lasts a moment: the neighbor was taken out of the configuration',
};

const DETAIL: Readonly<Record<string, string>> = {
  '(admin)': 'The session is shut down by configuration: look for a shutdown of this neighbor',
  '(administratively shut down)':
    'The session is administratively shut down: look for a shutdown of this neighbor',
  '(pfxct)':
    'The peer sent more prefixes than maximum-prefix allows: raise the limit or filter, then clear the session',
  '(policy)': 'A policy keeps the session from exchanging routes: look at the route maps of this neighbor',
  '(g-shut)': 'The session was shut down gracefully: see whether somebody has maintenance on this neighbor',
};

/** The usual meaning of a state, in a few words that follow it. */
export const STATE_MEANING: Readonly<Record<Down, string>> = {
  Idle: 'shut down, or no route to the peer',
  Connect: 'no answer on TCP 179',
  Active: 'the peer refuses the connection',
  OpenSent: 'TCP is up, no answer to the OPEN',
  OpenConfirm: 'the last step of the handshake is missing',
  Clearing: 'it ended, and its routes are being removed',
  Deleted: 'it was taken out of the configuration',
};

function downHint(state: Down, detail: string | undefined, { notification, passwordSet }: HintFacts): string {
  const meaning = DETAIL[detail?.toLowerCase() ?? ''] ?? MEANING[state];
  if (typeof notification === 'string')
    return `${meaning}; the last notification was “${notification.replace(/\.$/, '')}”.`;
  if (state !== 'Connect' && state !== 'Active') return `${meaning}.`;
  const silence = notification === null ? 'no notification was seen; ' : '';
  return `${meaning}; ${silence}${passwordAdvice(passwordSet)}.`;
}

function passwordAdvice(passwordSet: boolean | undefined): string {
  if (passwordSet === undefined) return 'if a password is set, compare the MD5 passwords as well';
  return passwordSet
    ? 'a password is set here, so compare the MD5 passwords as well'
    : 'no password is set here: see whether the peer expects one';
}
