import { expectsIpv6, type Inspection, pagesOf, routingOf, sessionsOf } from '../bgp/inspection.ts';
import { answersShow, type TmmPod } from '../bgp/snapshot.ts';
import type { SummaryReading } from '../zebos/read-summary.ts';
import { fail, type Judgement, PASS, type Unread, unread, wait, whereabouts } from './check.ts';

/**
 * The last TMM with an Established session is not evicted. The others are asked one after the other, Ready ones first,
 * until one says yes. A pod that carries no traffic itself, or that is ending or gone, may always be evicted.
 */
export function anotherTmmCarriesTraffic(inspection: Inspection, uid: string): Judgement {
  const own = inspection.pods.find((pod) => pod.uid === uid && answersShow(pod));
  if (own === undefined) return PASS;
  const others = inspection.pods.filter((pod) => pod.uid !== uid && answersShow(pod)).toSorted(readyFirst);
  const unknown: string[] = [];
  for (const pod of others) {
    const carries = carriesTraffic(inspection, pod);
    if (carries === 'yes') return PASS;
    if (typeof carries === 'object') return carries;
    if (carries === 'unknown') unknown.push(pod.name);
  }
  const carries = carriesTraffic(inspection, own);
  if (typeof carries === 'object') return carries;
  if (carries === 'no') return PASS;
  const next = 'Bring another TMM up first, or ask again with --allow-outage.';
  const traffic = `Without ${own.name}, no TMM is known to carry traffic.`;
  const complaint = { reasonCode: 'last_carrying_tmm', traffic, next } as const;
  if (others.length === 0) {
    return fail({ ...complaint, sentence: `${whereabouts(own)} is the only TMM pod that is Running.` });
  }
  if (unknown.length === 0 && carries !== 'unknown') {
    return fail({
      ...complaint,
      sentence: `Besides ${whereabouts(own)}, no TMM pod has an Established session.`,
    });
  }
  const silent = [...unknown, ...(carries === 'unknown' ? [own.name] : [])].join(', ');
  return wait(`carrying ${uid} ${silent}`, {
    ...complaint,
    sentence: `Besides ${whereabouts(own)}, no TMM pod shows an Established session (the sessions of ${silent} cannot be read)`,
  });
}

/** In the order in which they are asked. */
const SUMMARIES = ['summary', 'ipv6Summary'] as const;

/** Whether a pod has an Established session, or what has to be read to know. */
function carriesTraffic(inspection: Inspection, pod: TmmPod): 'yes' | 'no' | 'unknown' | Unread {
  const summaries = expectsIpv6(inspection, pod) ? SUMMARIES : SUMMARIES.slice(0, 1);
  for (const page of summaries) {
    const missing = unread(inspection, pod, [page]);
    if (missing !== undefined) return missing;
    if (showsEstablished(pagesOf(inspection, pod)[page])) return 'yes';
  }
  // "No" takes more than a summary: it may lack a peer that is configured, or that no lookup maps any more.
  const missing = unread(inspection, pod, ['config', 'neighbors']);
  if (missing !== undefined) return missing;
  const verdicts = [...sessionsOf(inspection, pod).values()];
  if (verdicts.some(({ kind }) => kind === 'established')) return 'yes';
  const { summary } = routingOf(inspection, pod);
  return summary.readable && verdicts.every(({ kind }) => kind !== 'unknown') ? 'no' : 'unknown';
}

function showsEstablished(summary: SummaryReading | undefined): boolean {
  if (summary?.readable !== true) return false;
  return [...summary.sessions.values()].some(({ state }) => state === 'Established');
}

function readyFirst(one: TmmPod, other: TmmPod): number {
  return Number(other.ready) - Number(one.ready);
}
