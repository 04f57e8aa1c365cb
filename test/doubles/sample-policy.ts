import type { Target } from '../../src/domain/bgp/target.ts';
import type { Policy, Rule } from '../../src/domain/policy/policy.ts';

export const HOME_TEAM = 'T01RACK';
export const CHANNEL = 'C01CHANGES';

const NEIGHBOR = { asn: 3535, ebgpMultihop: 100, softReconf: true, fallover: false, passwordSet: false };

/** One SPK instance with a lookup for each family, as the sandbox has it. */
export const RACK: Target = {
  name: 'rack',
  namespace: 'spk-ingress',
  tmm: { namespace: 'spk-ingress', selector: 'app=f5-tmm', container: 'f5-tmm-routing' },
  separator: ',',
  timeouts: {
    evictionTimeoutMs: 60_000,
    replacementTimeoutMs: 120_000,
    sessionTimeoutMs: 90_000,
    holdTimeMs: 10_000,
  },
  driftCheckEveryMs: 30_000,
  bgp: {
    asn: 64443,
    hostname: 'spk-bgp',
    maxPathsEbgp: 4,
    neighbors: [
      { nodeLookup: 'spk-tor-bgp', ...NEIGHBOR, acceptsIPv4: true, acceptsIPv6: false },
      { nodeLookup: 'spk-tor-bgp-v6', ...NEIGHBOR, acceptsIPv4: false, acceptsIPv6: true },
    ],
  },
};

export const NODES = ['worker1', 'worker2', 'worker3'].map((short) => `${short}.rack.example.com`);

export const LOOKUPS = {
  'spk-tor-bgp': {
    'worker1.rack.example.com': '10.20.1.1',
    'worker2.rack.example.com': '10.20.2.1',
    'worker3.rack.example.com': '10.20.3.1,10.20.3.2',
  },
  'spk-tor-bgp-v6': {
    'worker1.rack.example.com': '2001:db8:20:1::1',
    'worker2.rack.example.com': '2001:db8:20:2::1',
  },
};

const MINUTE_MS = 60_000;

const CHANGES: Rule = {
  name: 'changes',
  commands: ['add', 'remove', 'rotate', 'restart'],
  targets: ['*'],
  ask: ['engineers', 'leads'],
  requiredApprovals: [{ groups: ['leads'], count: 1 }],
  breakGlass: ['leads'],
  approveByMs: 60 * MINUTE_MS,
  executeByMs: 30 * MINUTE_MS,
  waiveRollback: false,
};
const QUESTION: Omit<Rule, 'name' | 'commands' | 'ask'> = {
  targets: ['*'],
  requiredApprovals: [],
  breakGlass: [],
  approveByMs: 60 * MINUTE_MS,
  executeByMs: 30 * MINUTE_MS,
  waiveRollback: false,
};

/** What a test has otherwise than the sample; `changes` stands for the rule of change commands. */
export interface PolicyChanges extends Partial<Omit<Policy, 'rules'>> {
  readonly changes?: Partial<Rule>;
  readonly rules?: readonly Rule[];
}

/** The engineer and the leads ask, the leads approve; configurations are shown with a lead's approval only. */
export function samplePolicy({ changes = {}, ...others }: PolicyChanges = {}): Policy {
  return {
    command: '/bgp',
    channels: [CHANNEL],
    auditChannel: 'C02AUDIT',
    targets: [RACK],
    groups: new Map([
      ['engineers', { name: 'engineers', users: ['U01ALICE'], userGroups: [] }],
      ['leads', { name: 'leads', users: [], userGroups: ['S02LEADS'] }],
    ]),
    rules: [
      { ...CHANGES, ...changes },
      { ...QUESTION, name: 'freezes', commands: ['freeze', 'unfreeze'], ask: ['leads'] },
      {
        ...QUESTION,
        name: 'configurations',
        commands: ['config'],
        ask: ['engineers', 'leads'],
        requiredApprovals: [{ groups: ['leads'], count: 1 }],
      },
      { ...QUESTION, name: 'questions', commands: ['*'], ask: ['engineers', 'leads'] },
    ],
    freezes: [],
    ...others,
  };
}
