import { findingsOf, WRONG_PEERS } from '../bgp/findings.ts';
import { type Inspection, routingOf } from '../bgp/inspection.ts';
import type { TmmPod } from '../bgp/snapshot.ts';
import { asClause } from '../phrasing.ts';
import { type Judgement, PASS, unread, wait, whereabouts } from './check.ts';
import { nodeMapped } from './mapping.ts';

/** The pod's running-config names exactly the peers of the node it runs on, as the lookups and the Helm values say. */
export function peersAsConfigured(inspection: Inspection, pod: TmmPod, mayBeUnmapped: boolean): Judgement {
  const mapped = nodeMapped(inspection, pod, mayBeUnmapped);
  if (mapped.kind !== 'pass') return mapped;
  const missing = unread(inspection, pod, ['config']);
  if (missing !== undefined) return missing;
  const findings = findingsOf(inspection, pod);
  if (findings === undefined) {
    const { config } = routingOf(inspection, pod);
    return wait(`config ${pod.uid}`, {
      reasonCode: 'session_unknown',
      sentence: `The running-config of ${whereabouts(pod)} cannot be read (${config.readable ? '' : config.why})`,
      traffic: 'Whether it carries traffic is unknown.',
      next: 'Look with imish in its routing container.',
    });
  }
  const wrong = findings.filter(({ code }) => WRONG_PEERS.has(code) || code === 'peer_unseen');
  if (wrong.length === 0) return PASS;
  const list = wrong.map(({ sentence }) => asClause(sentence)).join('; ');
  return wait(`peers ${pod.uid} ${wrong.map(({ code, peer = '' }) => code + peer).join()}`, {
    reasonCode: wrong.every(({ code }) => code === 'peer_unseen') ? 'session_unknown' : 'wrong_peers',
    sentence: `The running-config of ${whereabouts(pod)} is not what its node asks for (${list})`,
    next: `Compare them: config ${pod.node ?? 'NODE'}`,
  });
}
