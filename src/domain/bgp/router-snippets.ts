import { type AddressFamily, familyOf } from './address.ts';
import type { ConfiguredNeighbor } from './helm-values.ts';

/** What the router has to be configured with, as far as the mapping and the Helm values show it. */
export interface RouterSide {
  /** AS of the TMM pods. */
  readonly tmmAsn: number;
  /** The Helm values' neighbor: AS of the router, multihop, BFD, password and families. */
  readonly neighbor: ConfiguredNeighbor;
  /** Address family of the transport session: that of the router's address. */
  readonly over: AddressFamily;
  /** Used in the description of the neighbor. */
  readonly node: string;
}

/** Configuration for one network operating system. */
export interface Snippet {
  readonly system: string;
  readonly text: string;
}

/**
 * Configuration of the same neighbor for each common router system. Unknown values are placeholders in angle brackets. AS numbers
 * are in plain notation, which all of them accept. Syntax:
 * NX-OS: https://www.cisco.com/c/en/us/td/docs/dcn/nx-os/nexus9000/104x/unicast-routing-configuration/cisco-nexus-9000-series-nx-os-unicast-routing-configuration-guide.html
 * EOS: https://www.arista.com/en/um-eos/eos-border-gateway-protocol-bgp
 * Junos:
 * https://www.juniper.net/documentation/us/en/software/junos/cli-reference/topics/ref/statement/neighbor-edit-protocols-bgp.html
 * SR Linux: https://github.com/nokia/srlinux-yang-models (srl_nokia-bgp.yang), https://learn.srlinux.dev
 */
export function routerSnippets(side: RouterSide): readonly Snippet[] {
  const facts = factsOf(side);
  return [
    { system: 'FRR', text: frr(facts) },
    { system: 'Cisco NX-OS', text: nxos(facts) },
    { system: 'Arista EOS', text: eos(facts) },
    { system: 'Juniper Junos', text: junos(facts) },
    { system: 'Nokia SR Linux', text: srLinux(facts) },
  ];
}

/** Placeholders and what to replace them with, in the order of the text. */
export function placeholdersIn(text: string): readonly string[] {
  return PLACEHOLDERS.filter(([name]) => text.includes(name)).map(([name, meaning]) => `${name}: ${meaning}`);
}

const PLACEHOLDERS: readonly (readonly [name: string, meaning: string])[] = [
  ['<TMM_SELF_IPV4>', 'the IPv4 self IP of the TMM pod on that node, which the router peers with'],
  ['<TMM_SELF_IPV6>', 'the IPv6 self IP of the TMM pod on that node, which the router peers with'],
  ['<PASSWORD>', 'the password of the Helm values (TCP-MD5)'],
  ['<IMPORT_POLICY>', 'which routes are accepted from the TMM: the addresses of its virtual servers'],
  ['<EXPORT_POLICY>', 'which routes are advertised to the TMM, such as a default route'],
  ['<ROUTER_ADDRESS>', 'the address of this router that the mapping names'],
  ['<ROUTER_INTERFACE>', 'the interface of this router that has the address which the mapping names'],
  [
    '<SUBINTERFACE>',
    'the subinterface that has the address by which this router peers, such as ethernet-1/1.0 or system0.0',
  ],
];

interface Facts {
  readonly peer: string;
  readonly tmmAsn: number;
  readonly routerAsn: number;
  readonly internal: boolean;
  /** 2..255. Absent where the TMM is adjacent (NX-OS rejects 1), and inside one AS. */
  readonly hops: number | undefined;
  readonly password: boolean;
  readonly bfd: boolean;
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  readonly description: string;
}

function factsOf({ tmmAsn, neighbor, over, node }: RouterSide): Facts {
  const internal = neighbor.asn === tmmAsn;
  const none = !neighbor.acceptsIPv4 && !neighbor.acceptsIPv6;
  const isAdjacent = internal || neighbor.ebgpMultihop === 1;
  return {
    peer: over === 'IPv6' ? '<TMM_SELF_IPV6>' : '<TMM_SELF_IPV4>',
    tmmAsn,
    routerAsn: neighbor.asn,
    internal,
    hops: isAdjacent ? undefined : neighbor.ebgpMultihop,
    password: neighbor.passwordSet,
    bfd: neighbor.fallover,
    // A session without any family carries nothing: that of its address must be meant.
    ipv4: neighbor.acceptsIPv4 || (none && over === 'IPv4'),
    ipv6: neighbor.acceptsIPv6 || (none && over === 'IPv6'),
    description: `TMM-on-${node.replace(/[^A-Za-z0-9._-]/g, '_')}`.slice(0, MAX_DESCRIPTION),
  };
}

/** Longest description that NX-OS accepts. */
const MAX_DESCRIPTION = 80;

function frr(facts: Facts): string {
  const { peer } = facts;
  const family = (name: string): string[] => [
    ` address-family ${name} unicast`,
    `  neighbor ${peer} activate`,
    `  neighbor ${peer} route-map <IMPORT_POLICY> in`,
    `  neighbor ${peer} route-map <EXPORT_POLICY> out`,
    ' exit-address-family',
  ];
  return lines([
    `router bgp ${facts.routerAsn}`,
    ` neighbor ${peer} remote-as ${facts.tmmAsn}`,
    ` neighbor ${peer} description ${facts.description}`,
    ...(facts.hops === undefined
      ? []
      : [
          ` neighbor ${peer} ebgp-multihop ${facts.hops}`,
          ` neighbor ${peer} update-source <ROUTER_ADDRESS>`,
        ]),
    ...when(facts.password, ` neighbor ${peer} password <PASSWORD>`),
    ...when(facts.bfd, ` neighbor ${peer} bfd`),
    ...(facts.ipv4
      ? family('ipv4')
      : [' address-family ipv4 unicast', `  no neighbor ${peer} activate`, ' exit-address-family']),
    ...(facts.ipv6 ? family('ipv6') : []),
    'exit',
  ]);
}

function nxos(facts: Facts): string {
  const family = (name: string): string[] => [
    `    address-family ${name} unicast`,
    '      route-map <IMPORT_POLICY> in',
    '      route-map <EXPORT_POLICY> out',
  ];
  return lines([
    'feature bgp',
    ...when(facts.bfd, 'feature bfd'),
    `router bgp ${facts.routerAsn}`,
    `  neighbor ${facts.peer}`,
    `    remote-as ${facts.tmmAsn}`,
    `    description ${facts.description}`,
    ...(facts.hops === undefined
      ? []
      : [`    ebgp-multihop ${facts.hops}`, '    update-source <ROUTER_INTERFACE>']),
    ...when(facts.password, '    password 0 <PASSWORD>'),
    ...when(facts.bfd, facts.hops === undefined ? '    bfd' : '    bfd multihop'),
    ...(facts.ipv4 ? family('ipv4') : []),
    ...(facts.ipv6 ? family('ipv6') : []),
  ]);
}

function eos(facts: Facts): string {
  const { peer } = facts;
  const family = (name: string): string[] => [
    `   address-family ${name}`,
    `      neighbor ${peer} activate`,
    `      neighbor ${peer} route-map <IMPORT_POLICY> in`,
    `      neighbor ${peer} route-map <EXPORT_POLICY> out`,
  ];
  return lines([
    `router bgp ${facts.routerAsn}`,
    `   neighbor ${peer} remote-as ${facts.tmmAsn}`,
    `   neighbor ${peer} description ${facts.description}`,
    ...(facts.hops === undefined
      ? []
      : [
          `   neighbor ${peer} ebgp-multihop ${facts.hops}`,
          `   neighbor ${peer} update-source <ROUTER_INTERFACE>`,
        ]),
    ...when(facts.password, `   neighbor ${peer} password 0 <PASSWORD>`),
    ...when(facts.bfd, `   neighbor ${peer} bfd`),
    ...(facts.ipv4 ? family('ipv4') : ['   address-family ipv4', `      no neighbor ${peer} activate`]),
    ...(facts.ipv6 ? family('ipv6') : []),
  ]);
}

function junos(facts: Facts): string {
  const neighbor = `set protocols bgp group spk neighbor ${facts.peer}`;
  return lines([
    `# On a router of AS ${facts.routerAsn}`,
    `set protocols bgp group spk type ${facts.internal ? 'internal' : 'external'}`,
    `${neighbor} description ${facts.description}`,
    `${neighbor} peer-as ${facts.tmmAsn}`,
    ...(facts.hops === undefined
      ? []
      : [`${neighbor} multihop ttl ${facts.hops}`, `${neighbor} local-address <ROUTER_ADDRESS>`]),
    ...when(facts.password, `${neighbor} authentication-key "<PASSWORD>"`),
    ...when(facts.bfd, `${neighbor} bfd-liveness-detection minimum-interval 300`),
    ...when(facts.ipv4, `${neighbor} family inet unicast`),
    ...when(facts.ipv6, `${neighbor} family inet6 unicast`),
    `${neighbor} import <IMPORT_POLICY>`,
    `${neighbor} export <EXPORT_POLICY>`,
  ]);
}

function srLinux(facts: Facts): string {
  const bgp = 'set / network-instance default protocols bgp';
  const neighbor = `${bgp} neighbor ${facts.peer}`;
  return lines([
    `${bgp} group spk admin-state enable`,
    `${neighbor} peer-group spk`,
    `${neighbor} description ${facts.description}`,
    `${neighbor} peer-as ${facts.tmmAsn}`,
    `${neighbor} local-as as-number ${facts.routerAsn}`,
    ...(facts.hops === undefined
      ? []
      : [
          `${neighbor} multihop admin-state enable`,
          `${neighbor} multihop maximum-hops ${facts.hops}`,
          `${neighbor} transport local-address <ROUTER_ADDRESS>`,
        ]),
    ...when(facts.password, `${neighbor} authentication password <PASSWORD>`),
    ...(facts.bfd
      ? [
          'set / bfd subinterface <SUBINTERFACE> admin-state enable',
          `${neighbor} failure-detection enable-bfd true`,
        ]
      : []),
    `${neighbor} afi-safi ipv4-unicast admin-state ${facts.ipv4 ? 'enable' : 'disable'}`,
    ...when(facts.ipv6, `${neighbor} afi-safi ipv6-unicast admin-state enable`),
    `${neighbor} import-policy [ <IMPORT_POLICY> ]`,
    `${neighbor} export-policy [ <EXPORT_POLICY> ]`,
  ]);
}

function when(holds: boolean, line: string): readonly string[] {
  return holds ? [line] : [];
}

function lines(all: readonly string[]): string {
  return all.join('\n');
}

/** Addresses of routers by the family of their sessions, IPv4 first. */
export function byFamily(
  routers: readonly string[],
): readonly (readonly [over: AddressFamily, routers: readonly string[]])[] {
  return (['IPv4', 'IPv6'] as const).flatMap((over) => {
    const own = routers.filter((router) => familyOf(router) === over);
    return own.length === 0 ? [] : [[over, own] as const];
  });
}
