import { findingsOf, WRONG_PEERS } from '../bgp/findings.ts';
import { expectedPeersOf, type Inspection, routingOf } from '../bgp/inspection.ts';
import type { TmmPod } from '../bgp/snapshot.ts';
import { asClause } from '../clause.ts';
import { fail, type Judgement, PASS, unread, wait, whereabouts } from './check.ts';

/** The pod's running-config names exactly the peers of the node it runs on, as the lookups and the Helm values say. */
export function peersAsConfigured(inspection: Inspection, pod: TmmPod): Judgement {
  const expected = expectedPeersOf(inspection, pod);
  const node = pod.node ?? 'no node';
  if (expected.unreadable.length > 0) {
    return fail({
      reasonCode: 'mapping_unreadable',
      sentence: `The mapping of ${node} cannot be read: ${expected.unreadable.join('; ')}.`,
      next: `Correct the value of ${node} in the ConfigMap, then check again.`,
    });
  }
  if (expected.peers.length === 0) {
    return fail({
      reasonCode: 'replacement_unmapped',
      sentence: `${pod.name} runs on ${node}, which no lookup maps.`,
      traffic: 'It has no peer and carries no traffic.',
      next: `Map the node (add ${node} IP) and restart it, or keep TMM pods away from it.`,
    });
  }
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
    next: `Compare them: config ${node}`,
  });
}
