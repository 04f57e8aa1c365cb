import { describe, expect, test } from '@jest/globals';
import type { Target } from '../../src/domain/bgp/target.ts';
import { RACK } from '../doubles/sample-policy.ts';
import { openWorld, type World } from '../doubles/world.ts';
import { asked } from './asked.ts';

const W1 = 'worker1.rack.example.com';
const W2 = 'worker2.rack.example.com';
const [NEIGHBOR] = RACK.bgp.neighbors;
const LOOKUPS = {
  'tor-3535': { [W1]: '10.20.1.1', [W2]: '10.20.2.1' },
  'tor-3537': { [W1]: '10.30.1.1' },
};

/** Two lookups of different AS, and a static peer in a third AS. */
async function twoAs(
  lookups: Readonly<Record<string, Readonly<Record<string, string>>>> = LOOKUPS,
): Promise<World> {
  const { nodeLookup: _, ...settings } = {
    ...NEIGHBOR,
    nodeLookup: '',
    asn: 0,
    acceptsIPv4: true,
    acceptsIPv6: false,
    softReconf: true,
    fallover: false,
    passwordSet: false,
  };
  const target: Target = {
    ...RACK,
    bgp: {
      ...RACK.bgp,
      neighbors: [
        { ...settings, ip: '10.20.9.1', asn: 3536 },
        { ...settings, nodeLookup: 'tor-3535', asn: 3535 },
        { ...settings, nodeLookup: 'tor-3537', asn: 3537 },
      ],
    },
  };
  return openWorld({ targets: [target], cluster: { lookups } });
}

describe('one address at one node has one AS', () => {
  test.each([
    ['added in another AS', 'add worker2.rack.example.com 10.20.2.1 --lookup tor-3537'],
    ['rotated into another AS', `rotate ${W1} 10.20.1.1 --lookup tor-3537`],
    ['rotated by router', 'rotate 10.30.1.1=10.20.1.1'],
    ['of a static peer of another AS', `rotate ${W1} 10.20.9.1 --lookup tor-3535`],
    ['of a static peer, by router', 'rotate 10.20.2.1=10.20.9.1'],
    ['beside others', `rotate ${W1} 10.30.1.2,10.20.1.1 --lookup tor-3537`],
  ])('lesson 64: an address %s is refused when it is asked for', async (_, text) => {
    const told = await asked(await twoAs(), text);
    expect(told).toContain('address_other_as');
    expect(told).toMatch(/AS 353\d [^ ]* ?[^ ]* ?.* and AS 353\d/);
  });

  test('lesson 64: two lookups may swap an address in one plan', async () => {
    const told = await asked(await twoAs(), 'rotate 10.20.1.1=10.30.1.1 10.30.1.1=10.20.1.1 --dry-run');
    expect(told).toContain(`+ ${W1}: 10.30.1.1`);
    expect(told).toContain(`+ ${W1}: 10.20.1.1`);
  });

  test('lesson 64: what contradicts itself already is told by show, verify and a restart never', async () => {
    const world = await twoAs({ ...LOOKUPS, 'tor-3537': { [W1]: '10.20.1.1' } });
    const said = `${W1} has 10.20.1.1 in two AS: AS 3535 in tor-3535 and AS 3537 in tor-3537.`;
    expect(await asked(world, 'show')).toContain(said);
    expect(await asked(world, 'verify')).toContain(said);
    expect(await asked(world, `remove ${W1} --lookup tor-3537 --dry-run`)).toContain(`- ${W1}: 10.20.1.1`);
  });

  test('an address that other nodes have in another AS is a warning', async () => {
    expect(await asked(await twoAs(), `rotate ${W1} 10.20.2.1 --lookup tor-3537 --dry-run`)).toContain(
      `warning: 10.20.2.1 is AS 3537 here, but AS 3535 for ${W2} (tor-3535)`,
    );
  });
});

describe('a static peer', () => {
  test('that is rotated is said to be one of the Helm values', async () => {
    const told = await asked(await twoAs(), 'rotate 10.20.9.1=10.20.9.2 --dry-run');
    expect(told).toContain(
      'static_peer: 10.20.9.1 is neighbors[0].ip of the Helm values: a peer of all TMMs',
    );
    expect(told).toContain('upgrade the release');
  });

  test('that a lookup has as well stays one, and the plan says so', async () => {
    const world = await twoAs();
    world.cluster.edit('tor-3535', W1, '10.20.9.1');
    // It stands in two AS; its replacement does not.
    const told = await asked(world, 'rotate 10.20.9.1=10.20.9.2 --dry-run');
    expect(told).toContain(`+ ${W1}: 10.20.9.2`);
    expect(told).toContain('stays a peer of all TMMs until a Helm upgrade changes that');
  });
});
