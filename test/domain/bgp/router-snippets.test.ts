import { expect, test } from '@jest/globals';
import type { ConfiguredNeighbor } from '../../../src/domain/bgp/helm-values.ts';
import {
  byFamily,
  placeholdersIn,
  type RouterSide,
  routerSnippets,
} from '../../../src/domain/bgp/router-snippets.ts';

/** A line of one context: how it is written, and whether it has to be there. Lines of a context stand in this order. */
interface Line {
  readonly in: string;
  /** PEER, TMM_AS, ROUTER_AS and HOPS stand for what the side has. */
  readonly written: string;
  readonly when: (side: Side) => boolean;
}

interface Side {
  readonly side: RouterSide;
  readonly hops: boolean;
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  readonly internal: boolean;
}

const always = (): boolean => true;
const never = (): boolean => false;
const hops = (of: Side): boolean => of.hops;
const v4 = (of: Side): boolean => of.ipv4;
const v6 = (of: Side): boolean => of.ipv6;
const noV4 = (of: Side): boolean => !of.ipv4;
const bfd = ({ side }: Side): boolean => side.neighbor.fallover;
const password = ({ side }: Side): boolean => side.neighbor.passwordSet;

function line(context: string, written: string, when: (side: Side) => boolean = always): Line {
  return { in: context, written, when };
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
    line('', 'router bgp ROUTER_AS'),
    line('router bgp', 'neighbor PEER'),
    line('neighbor', 'remote-as TMM_AS'),
    line('neighbor', 'description TMM-on-worker1.rack.example.com'),
    line('neighbor', 'ebgp-multihop HOPS', hops),
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
    line('', 'router bgp ROUTER_AS'),
    line('router bgp', 'neighbor PEER remote-as TMM_AS'),
    line('router bgp', 'neighbor PEER description TMM-on-worker1.rack.example.com'),
    line('router bgp', 'neighbor PEER ebgp-multihop HOPS', hops),
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
    line('', 'router bgp ROUTER_AS'),
    line('router bgp', 'neighbor PEER remote-as TMM_AS'),
    line('router bgp', 'neighbor PEER description TMM-on-worker1.rack.example.com'),
    line('router bgp', 'neighbor PEER ebgp-multihop HOPS', hops),
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
    line('', '# On a router of AS ROUTER_AS'),
    line('', 'set protocols bgp group spk type internal', ({ internal }) => internal),
    line('', 'set protocols bgp group spk type external', ({ internal }) => !internal),
    line('', `${JUNOS} description TMM-on-worker1.rack.example.com`),
    line('', `${JUNOS} peer-as TMM_AS`),
    line('', `${JUNOS} multihop ttl HOPS`, hops),
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
    line('', `${SRL_PEER} description TMM-on-worker1.rack.example.com`),
    line('', `${SRL_PEER} peer-as TMM_AS`),
    line('', `${SRL_PEER} local-as as-number ROUTER_AS`),
    line('', `${SRL_PEER} multihop admin-state enable`, hops),
    line('', `${SRL_PEER} multihop maximum-hops HOPS`, hops),
    line('', `${SRL_PEER} transport local-address <ROUTER_ADDRESS>`, hops),
    line('', `${SRL_PEER} authentication password <PASSWORD>`, password),
    line('', 'set / bfd subinterface <SUBINTERFACE> admin-state enable', bfd),
    line('', `${SRL_PEER} failure-detection enable-bfd true`, bfd),
    line('', `${SRL_PEER} afi-safi ipv4-unicast admin-state enable`, v4),
    line('', `${SRL_PEER} afi-safi ipv4-unicast admin-state disable`, noV4),
    line('', `${SRL_PEER} afi-safi ipv6-unicast admin-state enable`, v6),
    line('', `${SRL_PEER} afi-safi ipv6-unicast admin-state disable`, never),
    line('', `${SRL_PEER} import-policy [ <IMPORT_POLICY> ]`),
    line('', `${SRL_PEER} export-policy [ <EXPORT_POLICY> ]`),
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

/** Every combination of what decides which lines there are, and what they say. */
const SIDES = Array.from({ length: 2 ** 8 }, (_, bits): Side => {
  const has = (bit: number): boolean => (bits & (1 << bit)) !== 0;
  const [internal, acceptsIPv4, acceptsIPv6] = [has(0), has(1), has(2)];
  const over = has(3) ? 'IPv6' : 'IPv4';
  const ebgpMultihop = [undefined, 1, 2, 255][bits >> 6];
  const neighbor: ConfiguredNeighbor = {
    nodeLookup: 'tor',
    asn: internal ? 64_443 : 4_294_967_295,
    acceptsIPv4,
    acceptsIPv6,
    softReconf: false,
    fallover: has(4),
    passwordSet: has(5),
    ...(ebgpMultihop !== undefined && { ebgpMultihop }),
  };
  const none = !acceptsIPv4 && !acceptsIPv6;
  return {
    side: { tmmAsn: 64_443, neighbor, over, node: 'worker1.rack.example.com' },
    internal,
    hops: !internal && (ebgpMultihop ?? 1) > 1,
    ipv4: acceptsIPv4 || (none && over === 'IPv4'),
    ipv6: acceptsIPv6 || (none && over === 'IPv6'),
  };
});
const TEXTS = SIDES.map((of) => ({ of, snippets: routerSnippets(of.side) }));

test.each(Object.entries(GRAMMAR))(
  'the snippet for %s has the lines that the vendor documents, each in its context and in this order, and no others',
  (system, grammar) => {
    const wrong = TEXTS.flatMap(({ of, snippets }) => {
      const lines = withContext(snippets.find((one) => one.system === system)?.text ?? '');
      const { neighbor, over, tmmAsn } = of.side;
      const wanted = grammar
        .filter(({ when }) => when(of))
        .map(({ in: context, written }) =>
          `${context}|${written}`
            .replaceAll('PEER', `<TMM_SELF_${over === 'IPv6' ? 'IPV6' : 'IPV4'}>`)
            .replace('TMM_AS', String(tmmAsn))
            .replace('ROUTER_AS', String(neighbor.asn))
            .replace('HOPS', String(neighbor.ebgpMultihop)),
        );
      return lines.join('\n') === wanted.join('\n') ? [] : [{ lines, wanted }];
    });
    // The first one shows it; all of them would be unreadable.
    expect(wrong[0]?.lines).toEqual(wrong[0]?.wanted);
  },
);

const [USUAL] = SIDES;

test.each([
  ['worker1.rack.example.com', 'TMM-on-worker1.rack.example.com'],
  ['a b;c', 'TMM-on-a_b_c'],
  [`Node_${'x'.repeat(240)}`, `TMM-on-Node_${'x'.repeat(68)}`],
])('the description of the node %j is one word of at most 80 characters', (node, description) => {
  if (USUAL === undefined) throw new Error('there are no sides');
  for (const { text } of routerSnippets({ ...USUAL.side, node }))
    expect(text.split(/\s/)).toContain(description);
});

test('placeholders are explained where they stand in the text, and nowhere else', () => {
  expect(placeholdersIn('neighbor <TMM_SELF_IPV6> password <PASSWORD>')).toEqual([
    '<TMM_SELF_IPV6>: the IPv6 self IP of the TMM pod on that node, which the router peers with',
    '<PASSWORD>: the password of the Helm values (TCP-MD5)',
  ]);
  expect(placeholdersIn('router bgp 3535')).toEqual([]);
  const used = new Set(
    TEXTS.flatMap(({ snippets }) => snippets.flatMap(({ text }) => text.match(/<\w+>/g) ?? [])),
  );
  expect(placeholdersIn([...used].join(' '))).toHaveLength(used.size);
});

test('routers stand under the family over which their sessions run, IPv4 first', () => {
  expect(byFamily(['2001:db8::1', '10.0.0.1', '10.0.0.2'])).toEqual([
    ['IPv4', ['10.0.0.1', '10.0.0.2']],
    ['IPv6', ['2001:db8::1']],
  ]);
  expect(byFamily(['2001:db8::1'])).toEqual([['IPv6', ['2001:db8::1']]]);
  expect(byFamily([])).toEqual([]);
});
