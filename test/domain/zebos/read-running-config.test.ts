import { expect, test } from '@jest/globals';
import { type RunningConfig, readRunningConfig } from '../../../src/domain/zebos/read-running-config.ts';
import { capture } from './capture.ts';

function read(text: string): RunningConfig {
  const reading = readRunningConfig(text);
  if (!reading.readable) throw new Error(reading.why);
  return reading;
}

const PLAIN = { softReconfInbound: false, passwordSet: false, bfd: false, shutdown: false };

test('a ZebOS configuration is read with all that members inherit from the groups that it names', () => {
  const config = read(capture('zebos-running-config.txt'));
  const inherited = {
    group: 'spk-peers',
    remoteAs: 3535,
    ebgpMultihop: 100,
    softReconfInbound: true,
    passwordSet: true,
    bfd: true,
    shutdown: false,
    routeMapOut: 'tor-out',
  };
  expect(config).toMatchObject({
    asn: 64443,
    routerId: '10.244.1.17',
    maxPathsEbgp: 4,
    maxPathsIbgp: 2,
    defaultIpv4Unicast: false,
    complete: true,
  });
  expect([...config.groups.keys()]).toEqual(['spk-peers', 'v6-tors']);
  expect(config.groups.get('spk-peers')).toMatchObject({
    name: 'spk-peers',
    activated: { ipv4: true, ipv6: false },
  });
  expect(config.groups.get('v6-tors')?.activated).toEqual({ ipv4: false, ipv6: true });
  expect(Object.fromEntries(config.members)).toEqual({
    '10.20.1.1': { address: '10.20.1.1', ...inherited, activated: { ipv4: true, ipv6: true } },
    '10.20.1.2': { address: '10.20.1.2', ...inherited, activated: { ipv4: false, ipv6: false } },
    '10.20.9.9': { address: '10.20.9.9', remoteAs: 65009, ...PLAIN, activated: { ipv4: false, ipv6: false } },
    '2001:db8:20:1::1': {
      address: '2001:db8:20:1::1',
      group: 'v6-tors',
      remoteAs: 65546,
      ...PLAIN,
      softReconfInbound: true,
      activated: { ipv4: false, ipv6: true },
    },
  });
});

test('an FRR configuration is read without its VRFs', () => {
  const config = read(capture('frr-running-config.txt'));
  expect(config).toMatchObject({
    asn: 64443,
    routerId: '172.19.0.3',
    maxPathsEbgp: 8,
    defaultIpv4Unicast: true,
    complete: true,
  });
  expect(Object.fromEntries(config.members)).toEqual({
    '10.1.10.5': {
      address: '10.1.10.5',
      remoteAs: 65541,
      ebgpMultihop: 255,
      ...PLAIN,
      softReconfInbound: true,
      passwordSet: true,
      routeMapIn: 'IN',
      activated: { ipv4: true, ipv6: false },
    },
    '2001:db8::5': {
      address: '2001:db8::5',
      remoteAs: 64443,
      ...PLAIN,
      activated: { ipv4: false, ipv6: true },
    },
    swp1: {
      address: 'swp1',
      anyRemoteAs: 'external',
      group: 'fabric',
      ...PLAIN,
      bfd: true,
      activated: { ipv4: true, ipv6: false },
    },
  });
});

test('the configuration reads the same with CRLF, escapes, tabs, no indentation, and other separators', () => {
  const text = capture('zebos-running-config.txt');
  const expected = read(text);
  expect(read(text.replaceAll('\n', '\r\n'))).toEqual(expected);
  expect(read(text.replaceAll('\n', '\r'))).toEqual(expected);
  expect(read(text.replaceAll('neighbor', '\u001b[1mneighbor\u001b[0m'))).toEqual(expected);
  expect(read(text.replaceAll(' ', '\t'))).toEqual(expected);
  expect(read(text.replaceAll(/^ +/gm, ''))).toEqual(expected);
  expect(read(text.replaceAll(/^/gm, '    '))).toEqual(expected);
  expect(read(text.replaceAll(/^ !$/gm, '!'))).toEqual(expected);
});

test('`no neighbor X activate` wins, before or behind the other', () => {
  for (const lines of [
    ['neighbor 10.0.0.1 activate', 'no neighbor 10.0.0.1 activate'],
    ['no neighbor 10.0.0.1 activate', 'neighbor 10.0.0.1 activate'],
  ]) {
    const { members } = read(`router bgp 1\n neighbor 10.0.0.1 remote-as 2\n ${lines.join('\n ')}\nend\n`);
    expect(members.get('10.0.0.1')?.activated.ipv4).toBe(false);
  }
});

test('a group that nobody defined is still a group, and its member still a member', () => {
  const config = read('router bgp 1\n neighbor 10.0.0.1 peer-group tors\n neighbor tors remote-as 2\nend\n');
  expect([...config.groups.keys()]).toEqual(['tors']);
  expect(config.members.get('10.0.0.1')).toMatchObject({ group: 'tors', remoteAs: 2 });
});

test('the second of two BGP instances is not mixed into the first', () => {
  const config = read(
    'router bgp 1\n neighbor 10.0.0.1 remote-as 2\n!\nrouter bgp 9\n neighbor 10.0.0.9 remote-as 2\n!\nend\n',
  );
  expect(config.asn).toBe(1);
  expect([...config.members.keys()]).toEqual(['10.0.0.1']);
});

test('a configuration that ends inside its BGP part is read, and known to be possibly cut', () => {
  const text = capture('zebos-running-config.txt');
  const cut = read(text.slice(0, text.indexOf(' neighbor 10.20.1.2')));
  expect([...cut.members.keys()]).toEqual(['10.20.1.1']);
  expect(cut.complete).toBe(false);
});

test('no BGP at all is an answer', () => {
  const config = read('!\nhostname tmm-0\n!\nline con 0\n login\n!\nend\n');
  expect(config.asn).toBeUndefined();
  expect(config.members.size).toBe(0);
  expect(config.complete).toBe(true);
});

test.each([
  '!',
  'end',
  'Current configuration:',
  'hostname tmm-0',
  'interface lo',
  'router ospf',
  'line con 0',
])('“%s” alone shows that this is a configuration; it is whole once it ends', (line) => {
  expect(read(`${line}\n`)).toMatchObject({ members: new Map(), complete: line === 'end' });
  expect(read(`${line}\nend\n\n`)).toMatchObject({ members: new Map(), complete: true });
});

test.each([
  ['', 'the output is empty'],
  ['% Unknown command.\n', 'the router answers: % Unknown command'],
  ['imish: command not found\n', 'the router answers: imish: command not found'],
  ['\u0001\u0002binary\n\n', 'the output is not a configuration; it begins “binary”'],
  ['line', 'the output is not a configuration; it begins “line”'],
])('%j is no configuration', (text, why) => {
  expect(readRunningConfig(text)).toEqual({ readable: false, why });
});

test('neighbors and groups of neighbors may have blocks of their own', () => {
  const config = read(`router bgp 64443
 bgp router-id 192.0.2.7
 neighbor-group RACK
  remote-as 3535
  fall-over bfd multihop
  password 7 ${'hunter2'}
  address-family ipv4 unicast
   route-map out-1 out
  exit-address-family
 exit
 neighbor 198.51.100.0
  use neighbor-group RACK
  update-source loopback2
 exit
 neighbor 198.51.100.2
  remote-as 3536
  no activate
  shutdown
 exit
 neighbor 198.51.100.4 remote-as 3537
 neighbor 198.51.100.4 prefix-list VIP out
!
end
`);
  expect(config.members.get('198.51.100.0')).toMatchObject({
    group: 'RACK',
    remoteAs: 3535,
    bfd: true,
    passwordSet: true,
    routeMapOut: 'out-1',
    updateSource: 'loopback2',
    activated: { ipv4: true },
  });
  expect(config.members.get('198.51.100.2')).toMatchObject({
    remoteAs: 3536,
    shutdown: true,
    activated: { ipv4: false },
  });
  expect(config.members.get('198.51.100.4')).toMatchObject({ remoteAs: 3537, prefixListOut: 'VIP' });
  expect(config.complete).toBe(true);
});

test('a password is noticed and not kept', () => {
  for (const name of ['zebos-running-config.txt', 'frr-running-config.txt']) {
    const { members, groups, ...rest } = read(capture(name));
    expect(JSON.stringify([[...members], [...groups], rest])).not.toContain('hunter2');
  }
});

test('only a text that says “frr” at the beginning of a line is one of FRR', () => {
  const bgp = 'router bgp 64443\n neighbor 10.0.0.1 remote-as 3535\n';
  expect(read(`frr version 8.4\n${bgp}end\n`).isFrr).toBe(true);
  expect(read(`hostname defaults\nservice version\n${bgp}end\n`).isFrr).toBeUndefined();
  expect(read(`frr-reload off\nfrr other\n${bgp}end\n`).isFrr).toBeUndefined();
});
