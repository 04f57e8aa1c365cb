import type { Inspection, PodPages } from '../../../src/domain/bgp/inspection.ts';
import type { TmmPod } from '../../../src/domain/bgp/snapshot.ts';
import type { Target } from '../../../src/domain/bgp/target.ts';
import type { Judgement } from '../../../src/domain/checks/check.ts';
import type { SessionState } from '../../../src/domain/zebos/printed-values.ts';
import type { Neighbor } from '../../../src/domain/zebos/read-neighbors.ts';
import type { Member, RunningConfig } from '../../../src/domain/zebos/read-running-config.ts';
import type { SummaryReading } from '../../../src/domain/zebos/read-summary.ts';

const NEIGHBOR = {
  asn: 3535,
  acceptsIPv4: true,
  acceptsIPv6: false,
  softReconf: false,
  fallover: false,
  passwordSet: false,
};

export const TARGET: Target = {
  name: 'rack',
  namespace: 'spk-ingress',
  tmm: { namespace: 'spk-ingress', selector: 'app=f5-tmm', container: 'f5-tmm-tmrouted' },
  separator: ',',
  timeouts: {
    evictionTimeoutMs: 20_000,
    replacementTimeoutMs: 60_000,
    sessionTimeoutMs: 30_000,
    holdTimeMs: 10_000,
  },
  driftCheckEveryMs: 60_000,
  bgp: {
    asn: 64443,
    neighbors: [
      { ...NEIGHBOR, nodeLookup: 'tor' },
      { ...NEIGHBOR, nodeLookup: 'tor-v6', acceptsIPv4: false, acceptsIPv6: true },
    ],
  },
};

/** A Ready TMM pod whose uid is its name. */
export function aPod(name: string, node: string, more: Partial<TmmPod> = {}): TmmPod {
  return {
    name,
    uid: name,
    namespace: 'spk-ingress',
    node,
    phase: 'Running',
    ready: true,
    terminating: false,
    routing: true,
    createdAtMs: 0,
    ...more,
  };
}

/** An inspection of these pods; `mapping` is node → peers, `pages` pod → what it answered. */
export function anInspection(
  pods: readonly TmmPod[],
  {
    mapping = { worker1: '10.20.1.1', worker2: '10.20.2.1' },
    mapping6 = {},
    pages = {},
  }: {
    readonly mapping?: Readonly<Record<string, string>>;
    readonly mapping6?: Readonly<Record<string, string>>;
    readonly pages?: Readonly<Record<string, PodPages>>;
  } = {},
): Inspection {
  const lookups = [aLookup('tor', mapping), aLookup('tor-v6', mapping6)];
  return {
    target: TARGET,
    lookups: new Map(lookups.map((lookup) => [lookup.name, lookup])),
    pods,
    pages: new Map(Object.entries(pages)),
  };
}

function aLookup(name: string, data: Readonly<Record<string, string>>) {
  return { name, uid: name, immutable: false, data, bytes: 0, writers: {} };
}

/** A summary that lists these peers in these states, for so long. */
export function summary(
  states: Readonly<Record<string, SessionState>>,
  upDown = '01:00:00',
): Extract<SummaryReading, { readable: true }> {
  const sessions = Object.entries(states).map(([peer, state]) => [peer, { peer, state, upDown }] as const);
  return { readable: true, sessions: new Map(sessions), unreadable: new Set(), complete: true };
}

/** A whole running-config with these peers, each as the Helm values ask for it. */
export function config(
  peers: readonly string[],
  more: Partial<Member> = {},
): RunningConfig & { readonly readable: true } {
  const members = peers.map((address): [string, Member] => {
    const activated = { ipv4: !address.includes(':'), ipv6: address.includes(':') };
    const flags = { softReconfInbound: false, passwordSet: false, bfd: false, shutdown: false };
    return [address, { address, remoteAs: 3535, ...flags, activated, ...more }];
  });
  return {
    readable: true,
    asn: 64443,
    defaultIpv4Unicast: true,
    groups: new Map(),
    members: new Map(members),
    complete: true,
  };
}

export function neighbors(pages: Readonly<Record<string, Neighbor>>): PodPages['neighbors'] & object {
  return { readable: true, neighbors: new Map(Object.entries(pages)) };
}

export const UNREADABLE = { readable: false, why: 'the output is empty' } as const;

/** A judgement in one line: `pass`, `read summary of a`, or `wait session_down: the sentence`. */
export function told(judgement: Judgement): string {
  switch (judgement.kind) {
    case 'pass':
      return 'pass';
    case 'unread':
      return `read ${judgement.pages.join(', ')} of ${judgement.pod.name}`;
    default:
      return `${judgement.kind} ${judgement.reasonCode}: ${judgement.sentence}`;
  }
}
