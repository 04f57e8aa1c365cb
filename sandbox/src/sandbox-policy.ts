import { stringify } from 'yaml';
import type { BgpValues } from './zebos/bgp-values.ts';

/** The Helm values under which the sandbox's TMMs run. */
export const SANDBOX_BGP: BgpValues = {
  asn: 64443,
  hostname: 'spk-bgp',
  maxPathsEbgp: 4,
  maxPathsIbgp: 'null',
  neighbors: [
    { nodeLookup: 'spk-tor-bgp', asn: 3535, ebgpMultihop: 100, acceptsIPv4: true, softReconf: true },
    { nodeLookup: 'spk-tor-bgp-v6', asn: 3535, ebgpMultihop: 100, acceptsIPv6: true, softReconf: true },
  ],
};

/** Who may what in the sandbox: the engineer and the leads ask, the leads approve, a guest may nothing. */
export function sandboxPolicy(): string {
  return stringify({
    command: '/bgp',
    channels: ['C01CHANGES'],
    auditChannel: 'C02AUDIT',
    // Short, because these routers do not flap on their own, come up within two seconds, and somebody is watching.
    targets: [
      {
        name: 'rack',
        namespace: 'spk-ingress',
        timeouts: { session: '25s', hold: '2s' },
        bgp: SANDBOX_BGP,
      },
    ],
    groups: { engineers: { users: ['U01ALICE'] }, leads: { userGroups: ['S02LEADS'] } },
    rules: [
      {
        name: 'changes',
        commands: ['add', 'remove', 'rotate', 'restart'],
        ask: ['engineers', 'leads'],
        approve: ['leads'],
        breakGlass: ['leads'],
      },
      { name: 'freezes', commands: ['freeze', 'unfreeze'], ask: ['leads'] },
      { name: 'questions', commands: ['*'], ask: ['engineers', 'leads'] },
    ],
  });
}
