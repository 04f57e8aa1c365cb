import type { Tone } from '../../domain/answer.ts';
import { bfdOf, describeBfd } from '../../domain/bgp/bfd.ts';
import { comparedSettings } from '../../domain/bgp/compare-settings.ts';
import { type FindingCode, findingsOf, WRONG_PEERS } from '../../domain/bgp/findings.ts';
import {
  announcedTo,
  expectedPeersOf,
  hintFacts,
  type Inspection,
  lastResetOf,
  routingOf,
  sessionsOf,
} from '../../domain/bgp/inspection.ts';
import type { TmmPod } from '../../domain/bgp/snapshot.ts';
import { remedyFor, stalenessOf } from '../../domain/bgp/staleness.ts';
import { asClause, counted } from '../../domain/phrasing.ts';
import { hintFor } from '../../domain/zebos/hint.ts';
import { describeSession } from '../../domain/zebos/judge-session.ts';

/** The result of one check. */
export interface Check {
  readonly tone: Tone;
  readonly node: string;
  readonly sentence: string;
}

/** Checks one answering pod: its configuration, its age, each session, and what it announces. */
export function verifyPod(node: string, inspection: Inspection, pod: TmmPod): Check[] {
  const routing = routingOf(inspection, pod);
  const findings = findingsOf(inspection, pod);
  const sessions = sessionsOf(inspection, pod);
  const expected = expectedPeersOf(inspection, pod);
  const say = (tone: Tone, sentence: string): Check => ({ tone, node, sentence });
  const configured: Check[] =
    findings === undefined
      ? [
          say(
            'unknown',
            `the running-config of ${pod.name} cannot be read${routing.config.readable ? '' : `: ${routing.config.why}`}.`,
          ),
        ]
      : findings.map(({ code, sentence }) => say(toneOf(code), sentence));
  if (findings?.length === 0)
    configured.push(
      say(
        'good',
        `${pod.name} has the peers of its mapping; as in the Helm values: ${comparedSettings(expected)}`,
      ),
    );
  configured.push(...verifyStaleness(node, inspection, pod));
  const established = expected.peers.map(({ address }): Check => {
    const verdict = sessions.get(address) ?? { kind: 'unknown', why: 'it was not asked for' };
    const hint = hintFor(verdict, hintFacts(address, routing));
    if (verdict.kind === 'established') {
      const bfd = bfdOf(inspection, pod, address);
      const told = `${address} ${describeSession(verdict)}${bfd?.kind === 'up' ? `, ${describeBfd(bfd)}` : ''}`;
      return verdict.detail === undefined ? say('good', told) : say('warning', `${told}. ${hint}`);
    }
    const reset = verdict.kind === 'down' ? lastResetOf(address, routing) : undefined;
    const reason = reset === undefined ? '' : `, last reset: ${reset}`;
    return say(
      verdict.kind === 'unknown' ? 'unknown' : 'bad',
      `${address} is ${describeSession(verdict)}${reason}. ${hint}`,
    );
  });
  return [...configured, ...established, ...announcing(node, inspection, pod)];
}

/** Empty where it is not stale, or where that is unknown: what is unknown about the pod is reported elsewhere. */
export function verifyStaleness(node: string, inspection: Inspection, pod: TmmPod): Check[] {
  const staleness = stalenessOf(inspection, pod);
  switch (staleness.kind) {
    case 'stale': {
      const sentence = `${pod.name} is stale: ${staleness.why}. ${remedyFor(staleness, node)}`;
      return [{ tone: 'warning', node, sentence }];
    }
    case 'differs':
      return [{ tone: 'warning', node, sentence: `${pod.name} is not stale: ${staleness.why}.` }];
    case 'current':
    case 'unknown':
      return [];
  }
}

function announcing(node: string, inspection: Inspection, pod: TmmPod): Check[] {
  const sessions = sessionsOf(inspection, pod);
  const routing = routingOf(inspection, pod);
  return expectedPeersOf(inspection, pod).peers.flatMap(({ address, neighbor }): Check[] => {
    if (sessions.get(address)?.kind !== 'established') return [];
    const announced = announcedTo(address, routing);
    if (announced === undefined)
      return [
        {
          tone: 'unknown',
          node,
          sentence: `what ${pod.name} announces to ${address} cannot be read${
            routing.neighbors.readable ? '' : `: ${asClause(routing.neighbors.why)}`
          }.`,
        },
      ];
    if (announced > 0)
      return [
        {
          tone: 'good',
          node,
          sentence: `${counted(announced, 'prefix', 'prefixes')} announced to ${address}`,
        },
      ];
    const accepts = neighbor.acceptsIPv4 || neighbor.acceptsIPv6;
    const why = accepts
      ? `there is no virtual server, or a filter drops it (show ${node} --routes)`
      : 'acceptsIPv4 and acceptsIPv6 are false';
    return [{ tone: 'warning', node, sentence: `nothing is announced to ${address}: ${why}.` }];
  });
}

function toneOf(code: FindingCode): Check['tone'] {
  if (code === 'peer_unseen' || code === 'bfd_unknown') return 'unknown';
  return WRONG_PEERS.has(code) ? 'bad' : 'warning';
}
