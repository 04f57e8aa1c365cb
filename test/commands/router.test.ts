import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { ConfiguredNeighbor } from '../../src/domain/bgp/helm-values.ts';
import { placeholdersIn, routerSnippets } from '../../src/domain/bgp/router-snippets.ts';
import { openWorld } from '../doubles/world.ts';
import { asked } from './asked.ts';

const NEIGHBOR: ConfiguredNeighbor = {
  nodeLookup: 'spk-tor-bgp',
  asn: 3535,
  acceptsIPv4: true,
  acceptsIPv6: false,
  softReconf: true,
  fallover: false,
  passwordSet: false,
};

const SIDES: readonly (readonly [string, Partial<ConfiguredNeighbor>, 'IPv4' | 'IPv6'])[] = [
  ['adjacent', {}, 'IPv4'],
  ['multihop', { ebgpMultihop: 100 }, 'IPv4'],
  ['with password and BFD', { passwordSet: true, fallover: true, ebgpMultihop: 2 }, 'IPv4'],
  ['IPv6', { acceptsIPv4: false, acceptsIPv6: true }, 'IPv6'],
  ['both families over IPv6', { acceptsIPv6: true, fallover: true }, 'IPv6'],
  ['neither family', { acceptsIPv4: false }, 'IPv4'],
  ['of the same AS', { asn: 64443, ebgpMultihop: 100 }, 'IPv4'],
  ['a four-byte AS', { asn: 4_200_000_001 }, 'IPv4'],
];

function snippets(changes: Partial<ConfiguredNeighbor>, over: 'IPv4' | 'IPv6'): ReadonlyMap<string, string> {
  const all = routerSnippets({
    tmmAsn: 64443,
    neighbor: { ...NEIGHBOR, ...changes },
    over,
    node: 'worker1.rack.example.com',
  });
  return new Map(all.map(({ system, text }) => [system, text]));
}

describe('router NODE', () => {
  test('prints the side of the routers for five systems, with placeholders for what nobody told the bot', async () => {
    const told = await asked(await openWorld(), 'router worker3');
    expect(told).toContain('On 10.20.3.1, 10.20.3.2 (AS 3535, spk-tor-bgp):');
    for (const system of ['FRR', 'Cisco NX-OS', 'Arista EOS', 'Juniper Junos', 'Nokia SR Linux'])
      expect(told).toContain(`\n${system}\n`);
    expect(told).toContain(
      'The TMM pods are AS 64443. Replace the placeholders: <TMM_SELF_IPV4>: the IPv4 self IP',
    );
    expect(told).toContain(' neighbor <TMM_SELF_IPV4> remote-as 64443');
    expect(told).not.toContain('<TMM_SELF_IPV6>');
  });

  test('prints both families of a node that is mapped in both', async () => {
    const told = await asked(await openWorld(), 'router worker1.rack.example.com');
    expect(told).toContain('On 10.20.1.1 (AS 3535, spk-tor-bgp):');
    expect(told).toContain('On 2001:db8:20:1::1 (AS 3535, spk-tor-bgp-v6):');
  });

  test('prints what the routers of a node need that is not mapped yet', async () => {
    const world = await openWorld();
    world.cluster.tmms.setNode('worker4.rack.example.com');
    const told = await asked(world, 'router worker4');
    expect(told).toContain('On the routers that spk-tor-bgp will name for it (AS 3535); it names none yet:');
    expect(told).toContain('<TMM_SELF_IPV6>');
  });

  test('names a mapping that cannot be read', async () => {
    const world = await openWorld();
    world.cluster.edit('spk-tor-bgp', 'worker1.rack.example.com', '10.20.1.1/32');
    expect(await asked(world, 'router worker1')).toContain('cannot be read, "10.20.1.1/32"');
  });
});

describe.each(SIDES)('a session that is %s', (_, changes, over) => {
  test('has what the Helm values ask for, on every system', () => {
    for (const [system, text] of snippets(changes, over)) {
      const about = (has: boolean, pattern: RegExp): void =>
        expect([system, pattern, pattern.test(text)]).toEqual([system, pattern, has]);
      about(true, /64443/);
      about(true, new RegExp(String(changes.asn ?? 3535)));
      about(changes.passwordSet === true, /<PASSWORD>/);
      about(changes.fallover === true, /bfd/);
      about(changes.ebgpMultihop !== undefined && changes.asn !== 64443, /multihop/);
      about(changes.acceptsIPv6 === true, /ipv6|inet6/);
      // Whatever stands in angle brackets is explained.
      const named = new Set([...text.matchAll(/<[^>]*>/g)].map(([name]) => name));
      expect(placeholdersIn(text)).toHaveLength(named.size);
    }
  });

  const vtysh = process.env.VTYSH ?? 'vtysh';
  const installed = spawnSync(vtysh, ['--help']).status === 0;
  (installed ? test : test.skip)('is one that vtysh -C takes (needs vtysh, of the package frr)', () => {
    const values: Readonly<Record<string, string>> = {
      '<TMM_SELF_IPV4>': '10.244.1.17',
      '<TMM_SELF_IPV6>': '2001:db8::17',
      '<PASSWORD>': 'secret',
      '<ROUTER_ADDRESS>': over === 'IPv6' ? '2001:db8::1' : '10.20.1.1',
      '<IMPORT_POLICY>': 'FROM-TMM',
      '<EXPORT_POLICY>': 'TO-TMM',
    };
    const text = snippets(changes, over).get('FRR') ?? '';
    const folder = mkdtempSync(join(tmpdir(), 'router-snippet-'));
    try {
      const file = join(folder, 'frr.conf');
      writeFileSync(join(folder, 'vtysh.conf'), '');
      writeFileSync(
        file,
        text.replace(/<[^>]*>/g, (name) => values[name] ?? name),
      );
      const { status, stderr } = spawnSync(vtysh, ['--config_dir', folder, '-C', '-f', file], {
        encoding: 'utf8',
      });
      expect([status, stderr]).toEqual([0, '']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
