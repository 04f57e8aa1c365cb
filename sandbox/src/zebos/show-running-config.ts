import type { NeighborValues } from './bgp-values.ts';
import { isIPv6 } from './canonical-address.ts';
import { carriesIPv4, carriesIPv6, type Peer } from './peer-groups.ts';
import type { ZebosView } from './zebos-view.ts';

/** The configuration that the routing container generated for itself at its start. */
export function showRunningConfig(view: ZebosView): string {
  const lines = [
    '!',
    'no service password-encryption',
    '!',
    `hostname ${view.hostname}`,
    '!',
    'interface lo',
    '!',
    ...routerBgp(view),
    '!',
    'line con 0',
    ' login',
    'line vty 0 39',
    ' login',
    '!',
    'end',
    '',
  ];
  return lines.join('\n');
}

function routerBgp(view: ZebosView): string[] {
  const { config, groups } = view;
  const peers = view.sessions.map(({ peer }) => peer);
  const shutDown = new Set(view.sessions.filter((one) => one.shutDown).map(({ peer }) => peer.address));
  const inFamilyBlock = (peer: Peer): boolean => isIPv6(peer.address) && carriesIPv6(peer);
  return [
    `router bgp ${config.asn}`,
    ` bgp router-id ${view.routerId}`,
    ' no bgp default ipv4-unicast',
    ' bgp log-neighbor-changes',
    ' bgp graceful-restart restart-time 120',
    ...maxPaths(view),
    ' redistribute kernel',
    ...groups.flatMap(({ name, settings }) => [
      ` neighbor ${name} peer-group`,
      ...session(name, settings),
      ...activation(name, settings, settings.acceptsIPv4 === true),
    ]),
    ...peers.flatMap((peer) => [
      ...(inFamilyBlock(peer) ? [] : membership(peer)),
      ...(carriesIPv4(peer) ? [` neighbor ${peer.address} activate`] : []),
      ...(shutDown.has(peer.address) ? [` neighbor ${peer.address} shutdown`] : []),
    ]),
    ...addressFamilyIPv6(view, peers.filter(carriesIPv6), inFamilyBlock),
  ];
}

function maxPaths({ config }: ZebosView): string[] {
  const line = (kind: string, paths: number | 'null' | undefined): string[] =>
    paths === 'null' ? [] : [` max-paths ${kind} ${paths ?? 2}`];
  return [...line('ebgp', config.maxPathsEbgp), ...line('ibgp', config.maxPathsIbgp)];
}

function session(name: string, settings: NeighborValues): string[] {
  return [
    ` neighbor ${name} remote-as ${settings.asn}`,
    ...(settings.ebgpMultihop === undefined
      ? []
      : [` neighbor ${name} ebgp-multihop ${settings.ebgpMultihop}`]),
    ...(settings.password === undefined ? [] : [` neighbor ${name} password ${settings.password}`]),
    ...(settings.fallover === true ? [` neighbor ${name} fall-over bfd`] : []),
  ];
}

function activation(name: string, settings: NeighborValues, active: boolean): string[] {
  return [
    ...(active ? [` neighbor ${name} activate`] : []),
    ...(settings.softReconf === true ? [` neighbor ${name} soft-reconfiguration inbound`] : []),
    ...(settings.routeMap === undefined ? [] : [` neighbor ${name} route-map ${settings.routeMap} out`]),
  ];
}

function membership(peer: Peer): string[] {
  if (peer.group !== undefined) return [` neighbor ${peer.address} peer-group ${peer.group}`];
  return [...session(peer.address, peer.settings), ...activation(peer.address, peer.settings, false)];
}

/** ZebOS does not indent the lines of an address family any deeper. */
function addressFamilyIPv6(view: ZebosView, peers: Peer[], inside: (peer: Peer) => boolean): string[] {
  const groups = view.groups.filter(({ settings }) => settings.acceptsIPv6 === true);
  if (groups.length === 0 && peers.length === 0) return [];
  return [
    ' !',
    ' address-family ipv6',
    ...maxPaths(view),
    ' redistribute kernel',
    ...groups.flatMap(({ name, settings }) => activation(name, settings, true)),
    ...peers.flatMap((peer) => [
      ...(inside(peer) ? membership(peer) : []),
      ` neighbor ${peer.address} activate`,
    ]),
    ' exit-address-family',
  ];
}
