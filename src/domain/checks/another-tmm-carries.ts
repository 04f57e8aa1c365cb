import { type AddressFamily, familyOf } from '../bgp/address.ts';
import {
  announcedTo,
  carriesTraffic,
  expectsIpv6,
  type Inspection,
  routingOf,
  sessionsOf,
} from '../bgp/inspection.ts';
import { answersShow, type TmmPod } from '../bgp/snapshot.ts';
import { asClause } from '../phrasing.ts';
import { exchangesNothing, type SessionVerdict } from '../zebos/judge-session.ts';
import {
  type CheckResult,
  fail,
  type Judgement,
  PASS,
  type Unread,
  unread,
  wait,
  whereabouts,
} from './check.ts';

/**
 * Passes if, for each address family in which the pod has an Established session, another TMM has been Established for the hold
 * time, and announces something if this pod does. The others are queried one after the other, Ready ones first, until one
 * qualifies. Always passes for a pod that carries no traffic, or that is terminating or gone.
 */
export function anotherTmmCarries(inspection: Inspection, uid: string, holdTimeMs: number): Judgement {
  const own = inspection.pods.find((pod) => pod.uid === uid && mayCarry(pod));
  if (own === undefined) return PASS;
  const missing = unread(inspection, own, ['summary', 'neighbors']);
  if (missing !== undefined) return missing;
  for (const family of familiesOf(inspection, own)) {
    const carries = carriesIn(inspection, own, family, { forMs: 0, announces: false });
    if (carries === 'no') continue;
    if (typeof carries === 'object') return carries;
    const judged = anotherCarriesIn(inspection, own, family, holdTimeMs, carries);
    if (judged.kind !== 'pass') return judged;
  }
  return PASS;
}

/** A pod whose kubelet no longer reports may still run: unknown is not down. */
function mayCarry(pod: TmmPod): boolean {
  return answersShow(pod) || answersShow({ ...pod, phase: pod.phase === 'Unknown' ? 'Running' : pod.phase });
}

/** Address families in which the pod may have a session, whatever the lookups say now: it read them when it started. */
function familiesOf(inspection: Inspection, pod: TmmPod): readonly AddressFamily[] {
  const { neighbors } = routingOf(inspection, pod);
  const ipv6 =
    expectsIpv6(inspection, pod) ||
    !neighbors.readable ||
    [...neighbors.neighbors.keys()].some((peer) => familyOf(peer) === 'IPv6');
  return ipv6 ? ['IPv4', 'IPv6'] : ['IPv4'];
}

function anotherCarriesIn(
  inspection: Inspection,
  own: TmmPod,
  family: AddressFamily,
  holdTimeMs: number,
  ownCarries: Carries,
): CheckResult | Unread {
  const others = inspection.pods
    .filter((pod) => pod.uid !== own.uid && answersShow(pod))
    .toSorted((one, other) => Number(other.ready) - Number(one.ready));
  const needed = { forMs: holdTimeMs, announces: !announcesNothing(inspection, own, family) };
  const unsure: string[] = [];
  const silent: string[] = [];
  for (const pod of others) {
    const carries = carriesIn(inspection, pod, family, needed);
    if (carries === 'yes') return PASS;
    if (typeof carries === 'object') return carries;
    if (carries === 'not for long') unsure.push(`${pod.name} has had one for less than the hold time`);
    if (carries === 'unknown') unsure.push(unreadSessions(inspection, pod));
    if (carries === 'no' && announcesNothing(inspection, pod, family)) silent.push(pod.name);
  }
  if (ownCarries === 'unknown') unsure.push(unreadSessions(inspection, own));
  const complaint = {
    reasonCode: 'last_carrying_tmm',
    traffic: `Without ${own.name}, no TMM is known to carry ${family} traffic.`,
    next: 'Bring another TMM up first, or submit the command again with --allow-outage.',
  } as const;
  if (others.length === 0)
    return fail({ ...complaint, sentence: `${whereabouts(own)} is the only TMM pod that is Running.` });
  const announcing =
    silent.length === 0
      ? ''
      : ` over which it announces anything (${silent.map((name) => `${name} announces nothing`).join('; ')})`;
  const sentence = `No TMM pod other than ${whereabouts(own)} has an Established ${family} session${announcing}`;
  if (unsure.length === 0) return fail({ ...complaint, sentence: `${sentence}.` });
  return wait(`carrying ${own.uid} ${family} ${unsure.join()}`, {
    ...complaint,
    sentence: `${sentence}${silent.length === 0 ? ' that' : ', or one that'} is known to have lasted the hold time (${unsure.join('; ')})`,
  });
}

/** Includes the router's words where the summary could not be read. */
function unreadSessions(inspection: Inspection, pod: TmmPod): string {
  const { summary } = routingOf(inspection, pod);
  const why = summary.readable ? '' : `: ${asClause(summary.why)}`;
  return `the sessions of ${pod.name} cannot be read${why}`;
}

type Carries = 'yes' | 'no' | 'not for long' | 'unknown';

/** Whether it has Established sessions of this family, and announces nothing over any of them. */
function announcesNothing(inspection: Inspection, pod: TmmPod, family: AddressFamily): boolean {
  const routing = routingOf(inspection, pod);
  const up = [...sessionsOf(inspection, pod)].filter(
    ([peer, { kind }]) => familyOf(peer) === family && kind === 'established',
  );
  return up.length > 0 && !up.some(([peer, verdict]) => carriesTraffic(peer, verdict, routing));
}

/** A session that just came up has not exchanged its prefixes yet. */
function mayAnnounceYet(
  verdict: Extract<SessionVerdict, { kind: 'established' }>,
  holdTimeMs: number,
): boolean {
  return verdict.forMs !== undefined && verdict.forMs < holdTimeMs && !exchangesNothing(verdict);
}

interface Needed {
  /** How long the session has to be Established. */
  readonly forMs: number;
  /** Whether prefixes have to be announced over it. */
  readonly announces: boolean;
}

/** Whether a pod has such a session of a family for long enough, or what has to be read to decide. */
function carriesIn(
  inspection: Inspection,
  pod: TmmPod,
  family: AddressFamily,
  { forMs, announces }: Needed,
): Carries | Unread {
  const first = unread(inspection, pod, [family === 'IPv4' ? 'summary' : 'ipv6Summary']);
  if (first !== undefined) return first;
  const routing = routingOf(inspection, pod);
  const sessions = [...sessionsOf(inspection, pod)].filter(
    ([peer, verdict]) =>
      familyOf(peer) === family &&
      (announces
        ? verdict.kind !== 'established' ||
          carriesTraffic(peer, verdict, routing) ||
          mayAnnounceYet(verdict, forMs)
        : !exchangesNothing(verdict)),
  );
  const verdicts = sessions.map(([, verdict]) => verdict);
  const lasting = sessions.flatMap(([peer, verdict]) =>
    verdict.kind === 'established' && (verdict.forMs ?? 0) >= forMs ? [peer] : [],
  );
  if (lasting.length > 0 && !announces) return 'yes';
  if (lasting.some((peer) => announcedTo(peer, routing) !== undefined)) return 'yes';
  // Where the summary does not count announced prefixes, as in ZebOS, the neighbor's own output may.
  if (lasting.length > 0) return unread(inspection, pod, ['neighbors']) ?? 'yes';
  // "No" needs more than a summary, which may lack a peer that is configured or no longer mapped.
  const missing = unread(inspection, pod, ['summary', 'config', 'neighbors']);
  if (missing !== undefined) return missing;
  const up = verdicts.flatMap((verdict) => (verdict.kind === 'established' ? [verdict] : []));
  if (up.some((verdict) => verdict.forMs === undefined)) return 'unknown';
  if (up.length > 0) return 'not for long';
  const { summary } = routing;
  return summary.readable && verdicts.every(({ kind }) => kind !== 'unknown') ? 'no' : 'unknown';
}
