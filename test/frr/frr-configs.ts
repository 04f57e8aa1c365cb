import { carriesIPv4, carriesIPv6, type Peer, peerGroups } from '../../sandbox/src/zebos/peer-groups.ts';
import type { ZebosOptions } from '../../sandbox/src/zebos/start-zebos.ts';

/** What each TMM announces: the address of a virtual server, in both families. */
const VIRTUAL_SERVER = ['198.51.100.10/32', '2001:db8:100::10/128'] as const;

/** What a TMM makes of its Helm values and mappings, in FRR's words. */
export function tmmConfig({ config, peers: found, hostname, routerId }: ZebosOptions): readonly string[] {
  const { groups, peers } = peerGroups(config, found);
  const [ipv4, ipv6] = VIRTUAL_SERVER;
  return [
    `hostname ${hostname}`,
    `router bgp ${config.asn}`,
    ` bgp router-id ${routerId}`,
    ' no bgp ebgp-requires-policy',
    ' no bgp network import-check',
    ' no bgp default ipv4-unicast',
    ...groups.flatMap(({ name, settings }) => [
      ` neighbor ${name} peer-group`,
      ` neighbor ${name} remote-as ${settings.asn}`,
      ` neighbor ${name} ebgp-multihop ${settings.ebgpMultihop ?? 1}`,
      ` neighbor ${name} timers connect 1`,
      ...(settings.fallover === true ? [` neighbor ${name} bfd`] : []),
    ]),
    ...peers.map(({ address, group, settings }) =>
      group === undefined
        ? ` neighbor ${address} remote-as ${settings.asn}`
        : ` neighbor ${address} peer-group ${group}`,
    ),
    ' address-family ipv4 unicast',
    `  network ${ipv4}`,
    `  maximum-paths ${config.maxPathsEbgp ?? 1}`,
    ...peers.filter(carriesIPv4).flatMap(exchanges),
    ' exit-address-family',
    ' address-family ipv6 unicast',
    `  network ${ipv6}`,
    `  maximum-paths ${config.maxPathsEbgp ?? 1}`,
    ...peers.filter(carriesIPv6).flatMap(exchanges),
    ' exit-address-family',
  ];
}

function exchanges({ address, settings }: Peer): readonly string[] {
  const kept = settings.softReconf === true ? [`  neighbor ${address} soft-reconfiguration inbound`] : [];
  return [`  neighbor ${address} activate`, ...kept];
}

/** The router of a rack: takes sessions from every TMM, and announces a default route and one network per family. */
export function routerConfig(
  routerId: string,
  asn: number,
  tmmAsn: number,
  bfd: 'with BFD' | 'without BFD',
): readonly string[] {
  const groups = ['tmms', 'tmms-v6'];
  return [
    'hostname rack-router',
    `router bgp ${asn}`,
    ` bgp router-id ${routerId}`,
    ' no bgp ebgp-requires-policy',
    ' no bgp network import-check',
    ' no bgp default ipv4-unicast',
    ...groups.flatMap((group) => [
      ` neighbor ${group} peer-group`,
      ` neighbor ${group} remote-as ${tmmAsn}`,
      ` neighbor ${group} ebgp-multihop 100`,
      ...(bfd === 'with BFD' ? [` neighbor ${group} bfd`] : []),
    ]),
    ' bgp listen range 10.244.0.0/16 peer-group tmms',
    ' bgp listen range 2001:db8:244::/48 peer-group tmms-v6',
    ' address-family ipv4 unicast',
    '  network 0.0.0.0/0',
    '  network 203.0.113.0/24',
    '  neighbor tmms activate',
    ' exit-address-family',
    ' address-family ipv6 unicast',
    '  network 2001:db8:113::/48',
    '  neighbor tmms-v6 activate',
    ' exit-address-family',
  ];
}
