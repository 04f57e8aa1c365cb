import type { TmmPod } from '../../domain/bgp/snapshot.ts';
import { hintFor } from '../../domain/zebos/hint.ts';
import type { SessionVerdict } from '../../domain/zebos/judge-session.ts';
import { describeSession } from '../../inspection/describe-session.ts';
import type { PodInspection } from '../../inspection/inspect-pod.ts';
import { type CheckResult, pollPod } from './poll-pod.ts';
import { type Halt, halt, type Run } from './run.ts';

/** Every peer of the pod's node is Established. Unknown is not down, and does not pass either. */
export function checkSessions(run: Run, pod: TmmPod): Promise<Halt | undefined> {
  return pollPod(run, pod, run.target.timeouts.sessionTimeoutMs, (inspection) => judge(inspection, pod));
}

function judge({ expected, sessions, routing }: PodInspection, pod: TmmPod): CheckResult {
  const open = expected.peers.flatMap(({ address }) => {
    const verdict = sessions.get(address) ?? ({ kind: 'unknown', why: 'it was not asked for' } as const);
    return verdict.kind === 'established' ? [] : [{ address, verdict }];
  });
  const [first] = open;
  if (first === undefined) return { kind: 'holds' };
  const words = open.map(({ address, verdict }) => `${address}, ${describeSession(verdict)}`).join('; ');
  const unknown = open.every(({ verdict }) => verdict.kind === 'unknown');
  const reset = lastReset(first.address, routing);
  const sentence = `On ${pod.node ?? pod.name}, ${pod.name} is not Established with ${words}.${reset}`;
  return {
    kind: 'waiting',
    about: `sessions ${open.map(({ address, verdict }) => address + stateOf(verdict)).join()}`,
    words: `waiting for ${words}`,
    halt_: halt(unknown ? 'session_unknown' : 'session_down', sentence, { hint: hintFor(first.verdict) }),
  };
}

function stateOf(verdict: SessionVerdict): string {
  return verdict.kind === 'down' ? verdict.state : verdict.kind;
}

function lastReset(address: string, { neighbors }: PodInspection['routing']): string {
  const neighbor = neighbors.readable ? neighbors.neighbors.get(address) : undefined;
  const reason = neighbor?.notification ?? neighbor?.lastReset?.reason;
  return reason === undefined ? '' : ` Last reset: ${reason}.`;
}
