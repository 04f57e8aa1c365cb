import { expect, test } from '@jest/globals';
import {
  type Member,
  type RunningConfig,
  readRunningConfig,
} from '../../../src/domain/zebos/read-running-config.ts';

/** What is read of these lines of `router bgp 64443`. */
function read(...lines: readonly string[]): RunningConfig {
  return readText(`router bgp 64443\n${lines.map((line) => ` ${line}\n`).join('')}!\nend\n`);
}

function readText(text: string): RunningConfig {
  const reading = readRunningConfig(text);
  if (!reading.readable) throw new Error(reading.why);
  return reading;
}

function peer(...lines: readonly string[]): Member | undefined {
  return read('neighbor 10.20.1.1 remote-as 3535', ...lines).members.get('10.20.1.1');
}

test.each(['exit-address-family', 'exit-af', 'exit'])(
  'what stands behind `%s` belongs to the router again, not to the address family',
  (exit) => {
    const { members } = read(
      'address-family ipv6',
      'neighbor 2001:db8::1 remote-as 3535',
      exit,
      'neighbor 10.20.1.1 remote-as 3535',
    );
    expect(members.get('10.20.1.1')?.activated).toEqual({ ipv4: true, ipv6: false });
  },
);

test.each(['vpnv4 unicast', 'ipv4 multicast', 'l2vpn evpn', 'ipv6 labeled-unicast'])(
  'what holds for %s alone is not taken for IPv4 or IPv6 unicast',
  (family) => {
    const config = read(
      'neighbor 10.20.1.1 remote-as 3535',
      `address-family ${family}`,
      'maximum-paths 16',
      'no neighbor 10.20.1.1 activate',
      'exit-address-family',
    );
    expect(config).not.toHaveProperty('maxPathsEbgp');
    expect(config.members.get('10.20.1.1')?.activated).toEqual({ ipv4: true, ipv6: false });
  },
);

test.each([
  ['what another routing protocol says behind it', '  router ospf\n   neighbor 10.9.9.9 priority 1\n'],
  ['a command that is typed at the next prompt', 'tmm-0(config-router)#neighbor 10.9.9.9 remote-as 1\n'],
  ['another VRF of the same AS', 'router bgp 64443 vrf red\n neighbor 10.9.9.9 remote-as 1\n'],
  ['another view of the same AS', 'router bgp 64443 view red\n neighbor 10.9.9.9 remote-as 1\n'],
  ['the end of the configuration, however it is indented', '  end\n'],
  ['a line at the level of `router bgp`', 'line con 0\n'],
  ['a longer line at the level of `router bgp`', 'service integrated-vtysh-config\n'],
])('the BGP part ends before %s, and is whole', (_, behind) => {
  const { members, complete } = readText(`router bgp 64443\n  neighbor 10.20.1.1 remote-as 3535\n${behind}`);
  expect([...members.keys()]).toEqual(['10.20.1.1']);
  expect(complete).toBe(true);
});

test.each([
  ['a network', 'network 10.9.0.0 mask 255.255.0.0'],
  ['an aggregate', 'aggregate-address 10.9.0.0 255.255.0.0 summary-only'],
  ['an address behind which the line was cut', 'neighbor 10.9.9.9'],
  ['a peer that only a `no` names', 'no neighbor 10.9.9.9 activate'],
  ['a name that is neither a group nor an interface', 'neighbor tors remote-as 3535'],
])('%s is no peer', (_, line) => {
  expect([...read(line, 'neighbor 10.20.1.1 remote-as 3535').members.keys()]).toEqual(['10.20.1.1']);
});

test('a statement that no other router knows does not end the BGP part', () => {
  const lines = ['ip 1', 'neighbor 10.20.1.1 remote-as 3535'];
  expect([...read(...lines).members.keys()]).toEqual(['10.20.1.1']);
});

test('a description that a terminal wrapped does not end the BGP part: the peers behind it are not absent', () => {
  const { members, complete } = readText(
    `router bgp 64443
 neighbor 10.20.1.1 remote-as 3535
 neighbor 10.20.1.1 description the first leaf of the rack, behind the second sp
ine
 neighbor 10.20.1.2 remote-as 3535
!
service password-encryption
end
`,
  );
  expect([...members.keys()]).toEqual(['10.20.1.1', '10.20.1.2']);
  expect(complete).toBe(true);
});

test('an address is a peer even where the group that it joins is lost in the next line', () => {
  const { members, groups } = read('neighbor 2001:db8::1 peer-group', 'spk-peers');
  expect([...members.keys()]).toEqual(['2001:db8::1']);
  expect(groups.size).toBe(0);
});

test.each(['Router BGP 64443', 'router bgp 0', 'router bgp 64443x', 'rXuter bgp 64443', ''])(
  'below the line %j no peer is absent: the configuration cannot be read',
  (line) => {
    expect(readRunningConfig(`!\n${line}\n neighbor 10.20.1.1 remote-as 3535\n!\nend\n`)).toEqual({
      readable: false,
      why: expect.stringContaining('router bgp AS'),
    });
  },
);

test('a router with BGP in another VRF alone has no peers in the default one', () => {
  expect(
    readRunningConfig('!\nrouter bgp 64443 vrf red\n neighbor 10.20.1.1 remote-as 3535\n!\nend\n'),
  ).toMatchObject({ readable: true, members: new Map(), complete: true });
});

test('the default VRF may be named', () => {
  const { asn, members } = readText(
    `router bgp 64443 vrf default\n neighbor 10.20.1.1 remote-as 3535\n!\nrouter bgp 64443 vrf red\n neighbor 10.9.9.9 remote-as 1\n!\nend\n`,
  );
  expect(asn).toBe(64443);
  expect([...members.keys()]).toEqual(['10.20.1.1']);
});

test('a group is listed before it has members', () => {
  expect([
    ...read('neighbor spk-peers peer-group', 'neighbor spk-peers remote-as 3535').groups.keys(),
  ]).toEqual(['spk-peers']);
});

test.each<[string, Partial<Member>]>([
  ['shutdown', { shutdown: false }],
  ['password hunter2', { passwordSet: false }],
  ['bfd', { bfd: false }],
  ['fallover bfd', { bfd: false }],
  ['soft-reconfiguration inbound', { softReconfInbound: false }],
])('`no neighbor X %s` wins over the same without `no`', (statement, expected) => {
  const lines = [`neighbor 10.20.1.1 ${statement}`, `no neighbor 10.20.1.1 ${statement}`];
  expect(peer(...lines)).toMatchObject(expected);
  expect(peer(...lines.toReversed())).toMatchObject(expected);
});

test.each(['bfd', 'fall-over bfd', 'fallover bfd'])('`neighbor X %s` turns BFD on', (statement) => {
  expect(peer(`neighbor 10.20.1.1 ${statement}`)?.bfd).toBe(true);
});

test('a description configures nothing, whatever words are in it', () => {
  const described = peer('neighbor 10.20.1.1 description once remote-as 7 peer-group tors');
  expect(described).toEqual(peer());
});

test.each([
  ['interface remote-as 65201', { remoteAs: 65201 }],
  ['interface v6only remote-as internal', { remoteAs: 64443 }],
  ['interface peer-group fabric', { remoteAs: 65000, group: 'fabric' }],
  ['interface v6only peer-group fabric', { remoteAs: 65000, group: 'fabric' }],
])('FRR’s unnumbered peer `neighbor swp1 %s` is read with all that it says', (statement, expected) => {
  const { members } = read(
    'neighbor fabric peer-group',
    'neighbor fabric remote-as 65000',
    `neighbor swp1 ${statement}`,
  );
  expect(members.get('swp1')).toStrictEqual({
    address: 'swp1',
    softReconfInbound: false,
    passwordSet: false,
    bfd: false,
    shutdown: false,
    activated: { ipv4: true, ipv6: false },
    ...expected,
  });
});

test('a line that breaks off takes nothing back that an unnumbered peer has from its group', () => {
  const { members } = read(
    'neighbor fabric peer-group',
    'neighbor fabric remote-as 65000',
    'neighbor swp1 interface peer-group fabric',
    'neighbor swp1 interface remote-as',
  );
  expect(members.get('swp1')).toMatchObject({ group: 'fabric', remoteAs: 65000 });
});

test('the router id is the one that stands, among other lines of BGP', () => {
  const lines = ['bgp log-neighbor-changes', 'no bgp router-id 10.9.9.9', 'bgp router-id 10.244.1.17'];
  expect(read(...lines).routerId).toBe('10.244.1.17');
});

test.each([
  [['no bgp default local-preference 200'], true],
  [['no bgp default ipv4-unicast'], false],
  [['bgp default ipv4-unicast', 'no bgp default ipv4-unicast'], false],
])('with %j a peer takes part in IPv4 unasked: %s', (lines, expected) => {
  expect(read(...lines).defaultIpv4Unicast).toBe(expected);
  expect(peer(...lines)?.activated.ipv4).toBe(expected);
});

test.each([
  ['ZebOS', ['max-paths ebgp 4', 'max-paths ibgp 3'], { maxPathsEbgp: 4, maxPathsIbgp: 3 }],
  ['FRR', ['maximum-paths ibgp 3', 'maximum-paths 4'], { maxPathsEbgp: 4, maxPathsIbgp: 3 }],
  ['FRR without iBGP', ['maximum-paths 4'], { maxPathsEbgp: 4 }],
  ['a configuration that takes it back', ['no max-paths ebgp 4'], {}],
  ['a distance', ['distance 30 10.0.0.0/8'], {}],
  [
    'IPv6 before IPv4',
    [
      'address-family ipv6 unicast',
      'maximum-paths 8',
      'exit-address-family',
      'address-family ipv4 unicast',
      'maximum-paths 4',
    ],
    { maxPathsEbgp: 4 },
  ],
])('the number of paths is read of %s', (_, lines, expected) => {
  const { maxPathsEbgp, maxPathsIbgp } = read(...lines);
  expect({ maxPathsEbgp, maxPathsIbgp }).toEqual({
    maxPathsEbgp: undefined,
    maxPathsIbgp: undefined,
    ...expected,
  });
});

test('a neighbor with its statements below it takes part in the address families that stand there', () => {
  const { members, groups } = readText(`router bgp 64443
 neighbor-group RACK
  remote-as 3535
  address-family ipv6 unicast
   route-map from-rack in
  exit-address-family
 neighbor 2001:db8::1
  use neighbor-group RACK
  no fall-over bfd
 neighbor 2001:db8::2
  remote-as 3536
  address-family ipv6 unicast
   route-map from-2 in
  update-source loopback1
 neighbor 2001:db8::3
  exit
 neighbor 2001:db8::4
  remote-as 3535
  address-family ipv6 unicast
   no activate
 neighbor 2001:db8::5
  remote-as 3535
  address-family ipv6 unicast
   route-map from-5 in
  no activate
!
end
`);
  expect([...groups.keys()]).toEqual(['RACK']);
  expect([...members.keys()]).toEqual(['1', '2', '4', '5'].map((end) => `2001:db8::${end}`));
  expect(members.get('2001:db8::4')?.activated).toEqual({ ipv4: true, ipv6: false });
  expect(members.get('2001:db8::5')?.activated).toEqual({ ipv4: false, ipv6: true });
  expect(members.get('2001:db8::1')).toMatchObject({
    group: 'RACK',
    remoteAs: 3535,
    bfd: false,
    activated: { ipv6: true },
    routeMapIn: 'from-rack',
  });
  expect(members.get('2001:db8::2')).toMatchObject({
    remoteAs: 3536,
    activated: { ipv4: true, ipv6: true },
    routeMapIn: 'from-2',
    updateSource: 'loopback1',
  });
});

test('a neighbor, or a group without a statement of its own, is one in the default VRF alone', () => {
  const { groups, members } = readText(`router bgp 64443
 neighbor-group RACK
 neighbor 10.20.1.1
  remote-as 3535
  use neighbor-group RACK
router bgp 64443 vrf red
 neighbor-group RED
 neighbor 10.9.9.9
  remote-as 1
!
end
`);
  expect([...groups.keys()]).toEqual(['RACK']);
  expect([...members.keys()]).toEqual(['10.20.1.1']);
});

test('what is said below a neighbor for another VRF is not said of it in the default one', () => {
  const { members } = readText(`router bgp 64443
 neighbor 10.20.1.1
  remote-as 3535
  address-family ipv4 vrf red
   shutdown
!
end
`);
  expect(members.get('10.20.1.1')).toMatchObject({ remoteAs: 3535, shutdown: false });
});

test.each(['external', 'auto'])('a neighbor whose AS is %s takes any', (remoteAs) => {
  const { members } = read(`neighbor 10.20.1.1 remote-as ${remoteAs}`);
  expect(members.get('10.20.1.1')).toMatchObject({ anyRemoteAs: remoteAs });
});
