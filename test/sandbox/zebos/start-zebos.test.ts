import { afterEach, expect, test } from '@jest/globals';
import type { BgpValues } from '../../../sandbox/src/zebos/bgp-values.ts';
import { createRouters } from '../../../sandbox/src/zebos/routers.ts';
import { startZebos, type Zebos } from '../../../sandbox/src/zebos/start-zebos.ts';
import { eventually } from './eventually.ts';

const asInTheDoc: BgpValues = {
  asn: 64443,
  hostname: 'spk-bgp',
  maxPathsEbgp: 4,
  maxPathsIbgp: 'null',
  neighbors: [
    { nodeLookup: 'spk-tor-bgp', asn: 3535, ebgpMultihop: 100, acceptsIPv4: true, softReconf: true },
  ],
};

let stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops) stop();
  stops = [];
});

function start(peers: Record<string, string[]>, config = asInTheDoc) {
  const routers = createRouters();
  const time = { now: 1_000_000 };
  const zebos = startZebos({
    config,
    peers,
    routers,
    hostname: 'spk-bgp',
    routerId: '10.244.1.17',
    clock: () => time.now,
    pace: () => 2,
  });
  stops.push(
    () => zebos.stop(),
    () => routers.close(),
  );
  return { zebos, routers, time };
}

const show = (zebos: Zebos, line: string): string => zebos.imish(line).stdout;
const established = (zebos: Zebos, count: number) =>
  eventually(() => expect(show(zebos, 'show bgp summary')).toContain(`Established sessions ${count}\n`));

test('the running-config reads exactly as the documentation prints it', () => {
  const { zebos } = start({ 'spk-tor-bgp': ['10.20.1.1'] });
  expect(show(zebos, 'show running-config')).toContain(
    [
      'router bgp 64443',
      ' bgp router-id 10.244.1.17',
      ' no bgp default ipv4-unicast',
      ' bgp log-neighbor-changes',
      ' bgp graceful-restart restart-time 120',
      ' max-paths ebgp 4',
      ' redistribute kernel',
      ' neighbor spk-peers peer-group',
      ' neighbor spk-peers remote-as 3535',
      ' neighbor spk-peers ebgp-multihop 100',
      ' neighbor spk-peers activate',
      ' neighbor spk-peers soft-reconfiguration inbound',
      ' neighbor 10.20.1.1 peer-group spk-peers',
      ' neighbor 10.20.1.1 activate',
      '!',
    ].join('\n'),
  );
});

test('each lookup gets a peer-group of its own, with its AS, password and address families', () => {
  const { zebos } = start(
    { four: ['10.20.1.1'], six: ['2001:DB8:20:1:0::1'] },
    {
      asn: 64443,
      neighbors: [
        { nodeLookup: 'four', asn: 3535, acceptsIPv4: true },
        { nodeLookup: 'six', asn: 3636, acceptsIPv6: true, password: 'hush', fallover: true },
        { ip: '10.20.9.9', asn: 3737, acceptsIPv4: true },
      ],
    },
  );
  const config = show(zebos, 'sh run');
  expect(config).toContain(' neighbor spk-peers-2 remote-as 3636\n neighbor spk-peers-2 password hush\n');
  expect(config).toContain(' neighbor 10.20.9.9 remote-as 3737\n neighbor 10.20.9.9 activate\n');
  expect(config).toContain(
    [
      ' !',
      ' address-family ipv6',
      ' max-paths ebgp 2',
      ' max-paths ibgp 2',
      ' redistribute kernel',
      ' neighbor spk-peers-2 activate',
      ' neighbor 2001:db8:20:1::1 peer-group spk-peers-2',
      ' neighbor 2001:db8:20:1::1 activate',
      ' exit-address-family',
      '!',
    ].join('\n'),
  );
});

test('sessions with routers that answer come up, and the summary counts them', async () => {
  const { zebos, time } = start({ 'spk-tor-bgp': ['10.20.1.1', '10.20.1.2', '10.99.0.1'] });
  await established(zebos, 2);
  time.now += 3_671_000;
  const summary = show(zebos, 'show ip bgp summary');
  expect(summary).toContain('BGP router identifier 10.244.1.17, local AS number 64443\n');
  expect(summary).toMatch(/^10\.20\.1\.1 {16}4 {2}3535 +\d+ +\d+ +\d+ +0 +0 +01:01:11 +2$/m);
  expect(summary).toMatch(/^10\.99\.0\.1 {16}4 {2}3535 +0 +0 +0 +0 +0 +never +Connect$/m);
  expect(summary).toContain('\nTotal number of neighbors 3\n\nTotal number of Established sessions 2\n');
});

test('a router that goes down takes its session down, says why, and comes back', async () => {
  const { zebos, routers, time } = start({ 'spk-tor-bgp': ['10.20.1.1', '10.20.1.2'] });
  await established(zebos, 2);
  routers.set('10.20.1.2', false);
  time.now += 5000;
  expect(show(zebos, 'show bgp summary')).toMatch(/^10\.20\.1\.2 .* 00:00:05 +Active$/m);
  const down = show(zebos, 'show bgp neighbors 10.20.1.2');
  expect(down).toContain('BGP state = Active\n');
  expect(down).toContain('Last Reset: 00:00:05, due to BGP Notification sent\n');
  expect(down).toContain('  0 announced prefixes\n');

  routers.set('10.20.1.2', true);
  await established(zebos, 2);
  expect(show(zebos, 'show bgp neighbors 10.20.1.2')).toContain(' Connections established 2; dropped 1\n');
});

test('a neighbour shows its state, its group and what is exchanged with it', async () => {
  const { zebos, time } = start({ 'spk-tor-bgp': ['10.20.1.1'] });
  await established(zebos, 1);
  time.now += 10_000;
  const text = show(zebos, 'show ip bgp neighbors 10.20.1.1');
  expect(text).toContain('BGP neighbor is 10.20.1.1, remote AS 3535, local AS 64443, external link\n');
  expect(text).toContain(' Member of peer-group spk-peers for session parameters\n');
  expect(text).toContain('  BGP state = Established, up for 00:00:10\n');
  expect(text).toContain('  2 accepted prefixes\n  3 announced prefixes\n');
  expect(show(zebos, 'show bgp neighbors 10.20.1.7')).toBe('% No such neighbor\n');
});

test('a session whose families were left at false is Established, and announces nothing', async () => {
  const neighbors = [{ nodeLookup: 'spk-tor-bgp', asn: 3535 }];
  const { zebos } = start({ 'spk-tor-bgp': ['10.20.1.1'] }, { asn: 64443, neighbors });
  await established(zebos, 1);
  expect(show(zebos, 'show bgp neighbors')).toContain('  0 announced prefixes\n');
  expect(show(zebos, 'show bgp summary')).toMatch(/^10\.20\.1\.1 .* 0$/m);
});

test('IPv6 peers stand in the IPv4 view with no prefixes, and in the IPv6 view with theirs', async () => {
  const neighbors = [{ nodeLookup: 'six', asn: 3535, acceptsIPv4: true, acceptsIPv6: true }];
  const { zebos } = start({ six: ['2001:db8:20:1::1'] }, { asn: 64443, neighbors });
  await established(zebos, 1);
  expect(show(zebos, 'show bgp summary')).toMatch(/^2001:db8:20:1::1 .* 0$/m);
  expect(show(zebos, 'show bgp ipv6 summary')).toMatch(/^2001:db8:20:1::1 .* 2$/m);
});

test('a node without a mapping has a peer-group with no members', () => {
  const { zebos } = start({});
  expect(show(zebos, 'show running-config')).toContain(' neighbor spk-peers peer-group\n');
  const summary = show(zebos, 'show bgp summary');
  expect(summary).toContain('BGP router identifier 10.244.1.17');
  expect(summary).toContain('Total number of Established sessions 0\n');
  expect(summary).not.toContain('Neighbor');
});

test('BFD is up with a router that runs it, and down with one that does not, whose session stays Established', async () => {
  const neighbors = [
    { nodeLookup: 'spk-tor-bgp', asn: 3535, ebgpMultihop: 9, acceptsIPv4: true, fallover: true },
  ];
  const { zebos, routers } = start({ 'spk-tor-bgp': ['10.20.1.1', '10.20.1.2'] }, { asn: 64443, neighbors });
  routers.setBfd('10.20.1.2', false);
  await established(zebos, 2);
  const text = show(zebos, 'show bfd session');
  expect(text).toMatch(/^1 +1 +IPv4 +Multi-Hop +Up +\d\d:\d\d:\d\d 10\.20\.1\.1\/32$/m);
  expect(text).toMatch(/^2 +0 +IPv4 +Multi-Hop +Down +00:00:00 10\.20\.1\.2\/32$/m);
  expect(text).toContain('Number of Sessions:    2\n');
  expect(show(zebos, 'show running-config')).toContain(' neighbor spk-peers fall-over bfd\n');
});

test('a neighbor that is shut down says so everywhere, and comes back', async () => {
  const { zebos, routers } = start({ 'spk-tor-bgp': ['10.20.1.1', '10.20.1.2'] });
  await established(zebos, 2);
  routers.setShutDown('10.20.1.2', true);
  expect(show(zebos, 'show bgp summary')).toMatch(/^10\.20\.1\.2 .* Idle \(Admin\)$/m);
  const page = show(zebos, 'show bgp neighbors 10.20.1.2');
  expect(page).toContain('BGP state = Idle, Administratively shut down\n');
  expect(page).toContain('(Cease/Administratively Shutdown.)');
  expect(show(zebos, 'show running-config')).toContain(' neighbor 10.20.1.2 shutdown\n');
  routers.setShutDown('10.20.1.2', false);
  await established(zebos, 2);
});

test('what goes to a peer stands behind its route map, and what comes from it needs soft reconfiguration to be kept', async () => {
  const common = { asn: 3535, acceptsIPv4: true, softReconf: true };
  const { zebos } = start(
    { open: ['10.20.1.1'], closed: ['10.20.1.2'] },
    {
      asn: 64443,
      neighbors: [
        { ...common, nodeLookup: 'open', routeMap: 'all' },
        { ...common, nodeLookup: 'closed', routeMap: 'none', softReconf: false },
      ],
      routeMaps: [{ name: 'all', action: 'permit' }],
    },
  );
  await established(zebos, 2);
  const told = show(zebos, 'show ip bgp neighbors 10.20.1.1 advertised-routes');
  expect(told).toContain('10.10.10.102/32');
  expect(told).toContain('Total number of prefixes 3\n');
  expect(show(zebos, 'show ip bgp neighbors 10.20.1.2 advertised-routes')).toBe('');
  expect(show(zebos, 'show bgp neighbors 10.20.1.2')).toContain('  0 announced prefixes\n');
  expect(show(zebos, 'show ip bgp neighbors 10.20.1.1 received-routes')).toContain('10.30.0.0/16');
  expect(show(zebos, 'show ip bgp neighbors 10.20.1.2 received-routes')).toBe(
    '% Inbound soft reconfiguration not enabled\n',
  );
  expect(show(zebos, 'show ip bgp neighbors 10.20.1.2 routes')).toContain('10.30.0.0/16');
  expect(show(zebos, 'show ip bgp neighbors 10.20.1.7 routes')).toBe('% No such neighbor\n');
});

test('an address that does not fit its column abuts the next one', async () => {
  const neighbors = [{ nodeLookup: 'six', asn: 3535, acceptsIPv6: true }];
  const { zebos } = start({ six: ['2001:db8:20:1:aaaa:bbbb:cccc:1'] }, { asn: 64443, neighbors });
  expect(show(zebos, 'show bgp summary')).toMatch(/^2001:db8:20:1:aaaa:bbbb:cccc:14 {2}3535 /m);
});

test('a line that ZebOS does not know is pointed at', () => {
  const { zebos } = start({});
  expect(show(zebos, 'show nonsense')).toBe("     ^\n% Invalid input detected at '^' marker.\n");
  expect(show(zebos, 'configure terminal')).toBe("^\n% Invalid input detected at '^' marker.\n");
  expect(show(zebos, 'show ip')).toBe('% Incomplete command.\n');
  expect(show(zebos, 'show version')).toContain('ZebOS version');
  expect(show(zebos, 'show ip bgp')).toContain('10.10.10.100/32');
});
