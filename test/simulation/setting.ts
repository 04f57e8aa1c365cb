import type { Target } from '../../src/domain/bgp/target.ts';
import type { Policy } from '../../src/domain/policy/policy.ts';
import type { ClusterOptions } from '../doubles/memory-cluster.ts';
import { LOOKUPS, NODES, RACK, samplePolicy } from '../doubles/sample-policy.ts';
import type { FaultRates } from './faults.ts';
import type { Prng } from './prng.ts';

/** What a seed decides before anything happens: another world, other habits, and what may happen in it at all. */
export interface Setting {
  readonly replicas: number;
  readonly policy: Policy;
  readonly cluster: Pick<ClusterOptions, 'nodes' | 'lookups' | 'timings' | 'workload'>;
  readonly rates: FaultRates;
  /** How many things happen by themselves or by people, and how long after each other on average. */
  readonly happenings: number;
  readonly pauseMs: number;
  /** Probability that one of them happens just at a call. */
  readonly atCall: number;
  /** Whether a kind of event may happen in this run: a world in which everything happens never gets far. */
  readonly allows: (event: string) => boolean;
}

const MINUTE_MS = 60_000;
const FOURTH = 'worker4.rack.example.com';

export function drawSetting(prng: Prng): Setting {
  const four = prng.chance(0.5);
  const nodes = four ? [...NODES, FOURTH] : NODES;
  const spare = four && prng.chance(0.8) ? 1 : 0;
  const holdTimeMs = prng.pick([0, 2_000, 5_000]);
  const target: Target = {
    ...RACK,
    timeouts: {
      evictionTimeoutMs: prng.pick([5_000, 20_000]),
      replacementTimeoutMs: prng.pick([10_000, 40_000]),
      sessionTimeoutMs: prng.pick([10_000, 40_000]),
      holdTimeMs,
    },
  };
  const overlapping = prng.chance(0.2);
  const second = prng.chance(0.3) ? 2 : 1;
  const quiet = prng.chance(0.3);
  const rate = (most: number): number => (quiet || prng.chance(0.4) ? 0 : prng.next() * most);
  const seldom = prng.next() * 0.7;
  const allowed = new Map<string, boolean>();
  return {
    replicas: prng.between(1, 3),
    policy: samplePolicy({
      targets: overlapping ? [target, { ...target, name: 'rack-again' }] : [target],
      changes: {
        commands: ['add', 'remove', 'rotate', 'restart'],
        requiredApprovals: [{ groups: ['leads'], count: second }],
        approveByMs: 4 * MINUTE_MS,
        executeByMs: prng.pick([1, 3]) * MINUTE_MS,
        waiveRollback: prng.chance(0.5),
      },
    }),
    cluster: {
      nodes,
      lookups: {
        ...LOOKUPS,
        'spk-tor-bgp': { ...LOOKUPS['spk-tor-bgp'], ...(four ? { [FOURTH]: '10.20.4.1' } : {}) },
        'spk-tor-bgp-v6': {
          ...LOOKUPS['spk-tor-bgp-v6'],
          ...(prng.chance(0.7) ? { 'worker2.rack.example.com': '2001:db8:20:2::1' } : {}),
        },
      },
      workload: prng.chance(0.5)
        ? { kind: 'DaemonSet', replicas: 0 }
        : { kind: prng.pick(['ReplicaSet', 'Deployment']), replicas: nodes.length - spare },
      timings: {
        createdAfterMs: prng.pick([50, 500]),
        runsAfterMs: prng.pick([300, 2_000]),
        readyAfterMs: prng.pick([300, 2_000]),
        endsAfterMs: prng.pick([200, 3_000]),
        establishedAfterMs: prng.pick([500, 3_000]),
      },
    },
    rates: { delay: rate(0.3), slow: rate(0.02), fail: rate(0.03), die: rate(0.01) },
    happenings: prng.between(4, 24),
    pauseMs: prng.pick([500, 2_000, 6_000]),
    atCall: prng.chance(0.5) ? prng.next() * 0.03 : 0,
    allows(event) {
      const known = allowed.get(event) ?? prng.next() > seldom;
      allowed.set(event, known);
      return known;
    },
  };
}
