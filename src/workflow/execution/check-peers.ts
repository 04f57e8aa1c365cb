import { WRONG_PEERS } from '../../domain/bgp/findings.ts';
import type { TmmPod } from '../../domain/bgp/snapshot.ts';
import type { PodInspection } from '../../inspection/inspect-pod.ts';
import { type CheckResult, pollPod } from './poll-pod.ts';
import { type Halt, halt, type Run } from './run.ts';

/** A pod configures its peers when it starts; what is not there after this long was not read. */
const CONFIGURED_WITHIN_MS = 60_000;

/** The pod's running-config names exactly the peers of the node it runs on, as the Helm values say. */
export function checkPeers(run: Run, pod: TmmPod): Promise<Halt | undefined> {
  return pollPod(
    run,
    pod,
    Math.min(CONFIGURED_WITHIN_MS, run.target.timeouts.sessionTimeoutMs),
    (inspection) => judge(inspection, pod),
  );
}

function judge({ expected, findings, routing }: PodInspection, pod: TmmPod): CheckResult {
  const node = pod.node ?? 'no node';
  if (expected.unreadable.length > 0) {
    return halt(
      'mapping_unreadable',
      `The mapping of ${node} cannot be read: ${expected.unreadable.join('; ')}.`,
    );
  }
  if (expected.peers.length === 0) {
    return halt(
      'replacement_unmapped',
      `${pod.name} runs on ${node}, which no lookup maps: it has no peer and carries nothing.`,
      {
        next: `Map the node (add ${node} IP) and restart it, or keep TMM pods away from it.`,
      },
    );
  }
  if (findings === undefined) {
    const why = routing.config.readable ? '' : routing.config.why;
    const sentence = `The running-config of ${pod.name} cannot be read: ${why}`;
    return {
      kind: 'waiting',
      about: `config ${pod.uid}`,
      words: sentence,
      halt_: halt('session_unknown', sentence),
    };
  }
  const wrong = findings.filter(({ code }) => WRONG_PEERS.has(code) || code === 'peer_unseen');
  if (wrong.length === 0) return { kind: 'holds' };
  const words = wrong.map(({ sentence }) => sentence).join(' ');
  return {
    kind: 'waiting',
    about: `peers ${pod.uid}`,
    words,
    halt_: halt(
      wrong.every(({ code }) => code === 'peer_unseen') ? 'session_unknown' : 'wrong_peers',
      `${pod.name} on ${node} does not peer as its node should: ${words}`,
    ),
  };
}
