import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Neighbor } from '../../../src/domain/bgp/helm-values.ts';
import { type RouterSide, routerSnippets } from '../../../src/domain/bgp/router-snippets.ts';

/** A line of one context: how it is written, and whether it has to be there. Lines of a context stand in this order. */
interface Line {
  readonly in: string;
  readonly written: RegExp;
  readonly when: (side: Side) => boolean;
}

interface Side {
  readonly side: RouterSide;
  readonly hops: boolean;
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  readonly internal: boolean;
}

const PEER = '<TMM_SELF_IPV[46]>';
const always = (): boolean => true;
const never = (): boolean => false;
const hops = (of: Side): boolean => of.hops;
const v4 = (of: Side): boolean => of.ipv4;
const v6 = (of: Side): boolean => of.ipv6;
const noV4 = (of: Side): boolean => !of.ipv4;
const bfd = ({ side }: Side): boolean => side.neighbor.fallover;
const password = ({ side }: Side): boolean => side.neighbor.passwordSet;

function line(context: string, written: string, when: (side: Side) => boolean = always): Line {
  return { in: context, written: new RegExp(`^${written.replaceAll('PEER', PEER)}$`), when };
}

const IN = 'route-map <IMPORT_POLICY> in';
const OUT = 'route-map <EXPORT_POLICY> out';
const JUNOS = 'set protocols bgp group spk neighbor PEER';
const SRL = 'set / network-instance default protocols bgp';
const SRL_PEER = `${SRL} neighbor PEER`;

/** By the documents that the source names. A context is the line above it that is indented less. */
const GRAMMAR: Readonly<Record<string, readonly Line[]>> = {
  'Cisco NX-OS': [
    line('', 'feature bgp'),
    line('', 'feature bfd', bfd),
    line('', 'router bgp \\d+'),
    line('router bgp', 'neighbor PEER'),
    line('neighbor', 'remote-as \\d+'),
    line('neighbor', 'description \\S{1,80}'),
    line('neighbor', 'ebgp-multihop ([2-9]|[1-9]\\d|1\\d\\d|2[0-4]\\d|25[0-5])', hops),
    line('neighbor', 'update-source <ROUTER_INTERFACE>', hops),
    line('neighbor', 'password 0 <PASSWORD>', password),
    line('neighbor', 'bfd', (of) => bfd(of) && !hops(of)),
    line('neighbor', 'bfd multihop', (of) => bfd(of) && hops(of)),
    line('neighbor', 'address-family ipv4 unicast', v4),
    line('address-family ipv4', IN, v4),
    line('address-family ipv4', OUT, v4),
    line('neighbor', 'address-family ipv6 unicast', v6),
    line('address-family ipv6', IN, v6),
    line('address-family ipv6', OUT, v6),
  ],
  'Arista EOS': [
    line('', 'router bgp \\d+'),
    line('router bgp', 'neighbor PEER remote-as \\d+'),
    line('router bgp', 'neighbor PEER description \\S{1,80}'),
    line('router bgp', 'neighbor PEER ebgp-multihop \\d+', hops),
    line('router bgp', 'neighbor PEER update-source <ROUTER_INTERFACE>', hops),
    line('router bgp', 'neighbor PEER password 0 <PASSWORD>', password),
    line('router bgp', 'neighbor PEER bfd', bfd),
    line('router bgp', 'address-family ipv4'),
    line('address-family ipv4', 'neighbor PEER activate', v4),
    line('address-family ipv4', `neighbor PEER ${IN}`, v4),
    line('address-family ipv4', `neighbor PEER ${OUT}`, v4),
    line('address-family ipv4', 'no neighbor PEER activate', noV4),
    line('router bgp', 'address-family ipv6', v6),
    line('address-family ipv6', 'neighbor PEER activate', v6),
    line('address-family ipv6', `neighbor PEER ${IN}`, v6),
    line('address-family ipv6', `neighbor PEER ${OUT}`, v6),
  ],
  FRR: [
    line('', 'router bgp \\d+'),
    line('router bgp', 'neighbor PEER remote-as \\d+'),
    line('router bgp', 'neighbor PEER description \\S{1,80}'),
    line('router bgp', 'neighbor PEER ebgp-multihop \\d+', hops),
    line('router bgp', 'neighbor PEER update-source <ROUTER_ADDRESS>', hops),
    line('router bgp', 'neighbor PEER password <PASSWORD>', password),
    line('router bgp', 'neighbor PEER bfd', bfd),
    line('router bgp', 'address-family ipv4 unicast'),
    line('address-family ipv4', 'neighbor PEER activate', v4),
    line('address-family ipv4', `neighbor PEER ${IN}`, v4),
    line('address-family ipv4', `neighbor PEER ${OUT}`, v4),
    line('address-family ipv4', 'no neighbor PEER activate', noV4),
    line('router bgp', 'exit-address-family'),
    line('router bgp', 'address-family ipv6 unicast', v6),
    line('address-family ipv6', 'neighbor PEER activate', v6),
    line('address-family ipv6', `neighbor PEER ${IN}`, v6),
    line('address-family ipv6', `neighbor PEER ${OUT}`, v6),
    line('router bgp', 'exit-address-family', v6),
    line('', 'exit'),
  ],
  'Juniper Junos': [
    line('', '# On a router of AS \\d+'),
    line('', 'set protocols bgp group spk type internal', ({ internal }) => internal),
    line('', 'set protocols bgp group spk type external', ({ internal }) => !internal),
    line('', `${JUNOS} description \\S{1,80}`),
    line('', `${JUNOS} peer-as \\d+`),
    line('', `${JUNOS} multihop ttl \\d+`, hops),
    line('', `${JUNOS} local-address <ROUTER_ADDRESS>`, hops),
    line('', `${JUNOS} authentication-key "<PASSWORD>"`, password),
    line('', `${JUNOS} bfd-liveness-detection minimum-interval 300`, bfd),
    line('', `${JUNOS} family inet unicast`, v4),
    line('', `${JUNOS} family inet6 unicast`, v6),
    line('', `${JUNOS} import <IMPORT_POLICY>`),
    line('', `${JUNOS} export <EXPORT_POLICY>`),
  ],
  'Nokia SR Linux': [
    line('', `${SRL} group spk admin-state enable`),
    line('', `${SRL_PEER} peer-group spk`),
    line('', `${SRL_PEER} description \\S{1,80}`),
    line('', `${SRL_PEER} peer-as \\d+`),
    line('', `${SRL_PEER} local-as as-number \\d+`),
    line('', `${SRL_PEER} multihop admin-state enable`, hops),
    line('', `${SRL_PEER} multihop maximum-hops \\d+`, hops),
    line('', `${SRL_PEER} transport local-address <ROUTER_ADDRESS>`, hops),
    line('', `${SRL_PEER} authentication password <PASSWORD>`, password),
    line('', 'set / bfd subinterface <SUBINTERFACE> admin-state enable', bfd),
    line('', `${SRL_PEER} failure-detection enable-bfd true`, bfd),
    line('', `${SRL_PEER} afi-safi ipv4-unicast admin-state enable`, v4),
    line('', `${SRL_PEER} afi-safi ipv4-unicast admin-state disable`, noV4),
    line('', `${SRL_PEER} afi-safi ipv6-unicast admin-state enable`, v6),
    line('', `${SRL_PEER} afi-safi ipv6-unicast admin-state disable`, never),
    line('', `${SRL_PEER} import-policy \\[ <IMPORT_POLICY> \\]`),
    line('', `${SRL_PEER} export-policy \\[ <EXPORT_POLICY> \\]`),
  ],
};

/** Each line with the beginning of the line that it stands under. */
function withContext(text: string): readonly string[] {
  const open: { readonly indent: number; readonly words: string }[] = [];
  return text.split('\n').map((raw) => {
    const words = raw.trim();
    const indent = raw.length - raw.trimStart().length;
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
    const context = open.at(-1)?.words ?? '';
    open.push({ indent, words });
    return `${context
      .split(' ')
      .slice(0, context.startsWith('neighbor') ? 1 : 2)
      .join(' ')}|${words}`;
  });
}

const sides: fc.Arbitrary<RouterSide> = fc.record({
  tmmAsn: fc.constantFrom(64_443, 4_200_000_001, 65_536),
  over: fc.constantFrom('IPv4' as const, 'IPv6' as const),
  node: fc.constantFrom('worker1.rack.example.com', `Node_${'x'.repeat(240)}`, 'a b;c'),
  neighbor: fc
    .record({
      asn: fc.constantFrom(3535, 64_443, 4_294_967_295),
      acceptsIPv4: fc.boolean(),
      acceptsIPv6: fc.boolean(),
      softReconf: fc.boolean(),
      fallover: fc.boolean(),
      passwordSet: fc.boolean(),
      hops: fc.constantFrom(undefined, 1, 2, 100, 255),
    })
    .map(
      ({ hops: ebgpMultihop, ...rest }): Neighbor => ({
        nodeLookup: 'tor',
        ...rest,
        ...(ebgpMultihop !== undefined && { ebgpMultihop }),
      }),
    ),
});

describe.each(Object.entries(GRAMMAR))('the snippet for %s', (system, grammar) => {
  test('has the lines that the vendor documents, each in its context and in this order, and no others', () => {
    fc.assert(
      fc.property(sides, (side) => {
        const { neighbor, over, tmmAsn } = side;
        const none = !neighbor.acceptsIPv4 && !neighbor.acceptsIPv6;
        const internal = neighbor.asn === tmmAsn;
        const of: Side = {
          side,
          internal,
          hops: !internal && (neighbor.ebgpMultihop ?? 1) > 1,
          ipv4: neighbor.acceptsIPv4 || (none && over === 'IPv4'),
          ipv6: neighbor.acceptsIPv6 || (none && over === 'IPv6'),
        };
        const text = routerSnippets(side).find((one) => one.system === system)?.text ?? '';
        const lines = withContext(text);
        const wanted = grammar.filter(({ when }) => when(of));
        expect(
          lines.map((one, at) => [one, wanted[at]?.written.test(one.split('|')[1] ?? ''), one.split('|')[0]]),
        ).toEqual(lines.map((one, at) => [one, true, wanted[at]?.in]));
        expect(lines).toHaveLength(wanted.length);
        expect(text).toContain(over === 'IPv6' ? '<TMM_SELF_IPV6>' : '<TMM_SELF_IPV4>');
        expect(text).not.toContain(over === 'IPv6' ? '<TMM_SELF_IPV4>' : '<TMM_SELF_IPV6>');
        expect(text).toMatch(new RegExp(`\\b${neighbor.asn}\\b`));
        expect(text).toMatch(new RegExp(`\\b${tmmAsn}\\b`));
      }),
      { numRuns: 300 },
    );
  });
});
