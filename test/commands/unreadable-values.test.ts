import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalAddress } from '../../src/domain/bgp/address.ts';
import { mentionedAddresses, readMapping } from '../../src/domain/bgp/mapping.ts';
import { openWorld, type World } from '../doubles/world.ts';
import { asked } from './asked.ts';

const [W1, W2, W3] = ['worker1', 'worker2', 'worker3'].map((short) => `${short}.rack.example.com`);
const LOOKUP = 'spk-tor-bgp';

/** The sample rack, with these values instead. */
async function rackWith(data: Readonly<Record<string, string>>): Promise<World> {
  const world = await openWorld({
    cluster: { lookups: { [LOOKUP]: { [`${W1}`]: '10.20.1.1', [`${W2}`]: '10.20.2.1', ...data } } },
  });
  return world;
}

const UNREADABLE = [
  ['10.20.1.1 # leaf 1', '"# leaf 1" is a comment'],
  ['10.20.1.1 // leaf 1', '"// leaf 1" is a comment'],
  ['10.20.1.1/32', '10.20.1.1/32 has a mask'],
  ['10.20.1.1/24, 10.20.1.2', '10.20.1.1/24 has a mask'],
  ['10.20.1.1:179', '10.20.1.1:179 has a port'],
  ['2001:db8::1/128', '2001:db8::1/128 has a mask'],
  ['[2001:db8::1]:179', ':179 is a port'],
  ['fe80::1%eth0', 'fe80::1%eth0 has a zone'],
  ['10.20.1.010', '010 has a leading zero'],
  ['leaf1.example.com', '"leaf1.example.com" is not an address'],
  ['10.20.1.1\u200b', '"10.20.1.1\\u{200b}" is not an address'],
  ['10.20.1.1 AS3535', '"AS3535" is not an address'],
] as const;

describe('a value that cannot be read', () => {
  test.each(UNREADABLE)('lesson 63: is called what it is: %j', (value, why) => {
    expect(readMapping(value)).toEqual({ unreadable: expect.stringContaining(why) });
  });

  test.each(UNREADABLE)(
    'lesson 63: is named by show, nodes and verify, with node and value: %j',
    async (value, why) => {
      const world = await rackWith({ [`${W3}`]: value });
      for (const command of ['show', `show ${W3}`, 'nodes', 'verify']) {
        const told = await asked(world, command);
        expect(told).toContain(why);
        expect(told).toContain('cannot be read');
        expect(told).toMatch(new RegExp(`worker3[^\\n]*${LOOKUP}`));
      }
    },
  );

  test.each(UNREADABLE.filter(([value]) => mentionedAddresses(value).includes('10.20.1.1')))(
    'lesson 63: in which the old router stands is not passed over by rotate OLD=NEW: %j',
    async (value, why) => {
      const world = await rackWith({ [`${W3}`]: value });
      const told = await asked(world, 'rotate 10.20.1.1=10.20.1.9 --dry-run');
      expect(told).toContain('mapping_unreadable');
      expect(told).toContain(`${W3} in ${LOOKUP}`);
      expect(told).toContain(why);
    },
  );

  test('lesson 63: that does not name the old router is named by the plan of rotate OLD=NEW', async () => {
    const world = await rackWith({ [`${W3}`]: 'leaf1' });
    const told = await asked(world, 'rotate 10.20.1.1=10.20.1.9 --dry-run');
    expect(told).toContain(`+ ${W1}: 10.20.1.9`);
    expect(told).toContain(
      `warning: The value of ${W3} in ${LOOKUP} cannot be read and is left as it is ("leaf1":`,
    );
    expect(await asked(world, 'rotate 10.9.9.9=10.20.1.9')).toContain(
      `address_not_mapped: No node has 10.9.9.9 as a peer, as far as values can be read: not ${W3} in ${LOOKUP}.`,
    );
  });

  test('lesson 63: holds nothing back where its key is no node, and is named all the same', async () => {
    const world = await rackWith({ README: 'worker1 had 10.20.1.1 first' });
    const told = await asked(world, 'rotate 10.20.1.1=10.20.1.9 --dry-run');
    expect(told).toContain(`+ ${W1}: 10.20.1.9`);
    expect(told).toContain(`warning: The value of README in ${LOOKUP} cannot be read and is left as it is`);
  });

  test('lesson 63: is not overwritten by rotate NODE IP without saying so', async () => {
    const world = await rackWith({ [`${W3}`]: '10.20.3.1/32 # leaf' });
    const told = await asked(world, `rotate ${W3} 10.20.3.9 --dry-run`);
    expect(told).toContain(`+ ${W3}: 10.20.3.9`);
    expect(told).toContain(
      'warning: The current value of worker3.rack.example.com in spk-tor-bgp, "10.20.3.1/32 # leaf", cannot be read',
    );
    expect(await asked(world, `remove ${W3} --dry-run`)).toContain('cannot be read');
    expect(await asked(world, `add ${W3} 10.20.3.9`)).toContain(
      'which cannot be read: 10.20.3.1/32 has a mask',
    );
  });

  test('lesson 63: is named where it hides whether another node has the new router', async () => {
    const world = await rackWith({ [`${W3}`]: 'leaf1', README: 'one line per node' });
    expect(await asked(world, `rotate ${W1} 10.20.1.9 --dry-run`)).toContain(
      `warning: Whether ${W3} has one of the new peers too is unknown`,
    );
    expect(await asked(world, `remove ${W1} --dry-run`)).not.toContain('unknown');
  });

  test('lesson 63: is named beside a node that is added to another lookup', async () => {
    const world = await openWorld({
      cluster: { lookups: { [LOOKUP]: {}, [`${LOOKUP}-v6`]: { [`${W3}`]: '2001:db8::1/128' } } },
    });
    expect(await asked(world, `add ${W3} 10.20.3.9 --dry-run`)).toContain(
      `warning: The value of ${W3} in ${LOOKUP}-v6 cannot be read and is left as it is`,
    );
  });

  test('lesson 63: is named before its TMM is restarted with it', async () => {
    const world = await rackWith({ [`${W3}`]: '10.20.3.1/32' });
    expect(await asked(world, `restart ${W3} --dry-run`)).toContain(
      'warning: worker3.rack.example.com restarts with a value in spk-tor-bgp that cannot be read',
    );
  });

  test.each(['worker3', 'worker3.rack', `${W3}.`])(
    'the key %j is called the short name that no TMM reads, with the node that is meant',
    async (key) => {
      const world = await rackWith({ [key]: '10.20.3.1' });
      const told = `${key} is not the full name of ${W3}, and no TMM reads it. Map the node by its full name (add ${W3} IP), and remove the other key: remove ${key}`;
      expect(await asked(world, 'verify')).toContain(`it is mapped, but not a node of the cluster. ${told}`);
      expect(await asked(world, `show ${key}`)).toContain(`bad: ${told}`);
      expect(await asked(world, `show ${W3}`)).not.toContain('no TMM reads it');
    },
  );

  test('and one that names no address are two things', async () => {
    const world = await rackWith({ [`${W3}`]: '' });
    for (const command of ['show', 'verify']) {
      const told = await asked(world, command);
      expect(told).toContain(`${W3} is in ${LOOKUP} with a value that names no address`);
      expect(told).not.toContain('cannot be read');
    }
  });

  test('lesson 63: is never an empty one, whatever stands there', () => {
    const word = fc
      .string({ minLength: 1, unit: 'grapheme' })
      .filter((text) => /[^\s,;"'[\](){}-]/.test(text));
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.ipV4(), fc.ipV6()), { minLength: 1 }), (words) => {
        const read = readMapping(words.join(' '));
        if ('unreadable' in read) expect(read.unreadable).not.toBe('');
        else expect(read.addresses.length).toBeGreaterThan(0);
      }),
    );
  });

  test('lesson 63: gives the addresses that stand in it', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.constantFrom('/32', ':179', ' # leaf', ',x', '%eth0'), (address, extra) => {
        expect(mentionedAddresses(`${address}${extra}`)).toContain(canonicalAddress(address));
      }),
    );
    expect(mentionedAddresses('# was 10.20.1.1, 2001:db8::1/128')).toEqual(['10.20.1.1', '2001:db8::1']);
  });
});

describe('an address that a node has twice', () => {
  test.each([
    ['the one that is replaced', '10.20.1.1, 10.20.1.1'],
    ['another one', '10.20.1.1, 10.20.1.2, 10.20.1.2'],
  ])('lesson 63: holds no other node back, and is named: %s', async (_, value) => {
    const world = await rackWith({ [`${W3}`]: value });
    const told = await asked(world, 'rotate 10.20.1.1=10.20.1.9 --dry-run');
    expect(told).toContain(`+ ${W1}: 10.20.1.9`);
    expect(told).toContain(
      `+ ${W3}: ${value.replaceAll('10.20.1.1,', '10.20.1.9,').replace(/10\.20\.1\.1$/, '10.20.1.9')}`,
    );
    expect(told).toContain(`${W3} names`);
    expect(await asked(world, 'verify')).toContain(`${W3} names`);
  });

  test('is refused where the new router is a peer already, in a true sentence', async () => {
    const world = await rackWith({ [`${W3}`]: '10.20.3.1,10.20.3.2' });
    expect(await asked(world, 'rotate 10.20.3.1=10.20.3.2')).toContain('it has it already');
    expect(await asked(world, 'rotate 10.20.3.1=10.20.3.9 10.20.3.2=10.20.3.9')).toContain(
      'two of its peers would become it',
    );
  });
});

describe('keys are taken as they are written', () => {
  const README = { README: 'one line per node', 'Worker4.rack.example.com': '10.20.4.1' };

  test('a key in capitals is found and removed', async () => {
    const world = await rackWith(README);
    expect(await asked(world, 'remove README --dry-run')).toContain('- README: one line per node');
    expect(await asked(world, 'remove Worker4.rack.example.com --dry-run')).toContain(
      '- Worker4.rack.example.com: 10.20.4.1',
    );
    expect(await asked(world, 'show readme')).toContain('README on rack');
  });

  test('one that differs from a node in case only is named', async () => {
    const world = await rackWith({ 'Worker2.rack.example.com': '10.20.4.1' });
    const said = 'Worker2.rack.example.com differs from node worker2.rack.example.com in case only';
    expect(await asked(world, 'verify')).toContain(said);
    expect(await asked(world, 'show')).toContain(said);
    expect(await asked(world, 'remove Worker2.rack.example.com --dry-run')).toContain(
      '- Worker2.rack.example.com',
    );
    expect(await asked(world, 'remove worker2.rack.example.com --dry-run')).toContain(
      '- worker2.rack.example.com',
    );
  });

  test('a node is found in any case', async () => {
    const world = await rackWith({});
    expect(await asked(world, 'Show Worker1.Rack.Example.com')).toContain(`${W1} on rack`);
    expect(await asked(world, 'show WORKER1')).toContain(`${W1} on rack`);
    expect(await asked(world, 'show 10.20.1.1')).toContain('10.20.1.1 is an address, not a node.');
  });
});

describe('a key in binaryData', () => {
  test('lesson 63: is named by show, nodes and verify; what writes it is refused when asked for, with the remedy', async () => {
    const world = await rackWith({});
    const W4 = 'worker4.rack.example.com';
    world.cluster.tmms.setNode(W4);
    world.cluster.setLookup(LOOKUP, { binaryKeys: [W4] });
    for (const command of ['show', 'nodes', 'verify', `show ${W4}`])
      expect(await asked(world, command)).toMatch(/worker4[^\n]*binaryData/);
    for (const command of [`add ${W4} 10.20.4.1`, `rotate ${W4} 10.20.4.1`, `remove ${W4}`]) {
      const told = await asked(world, command);
      expect(told).toContain('mapping_unreadable');
      expect(told).toContain('kubectl patch configmap spk-tor-bgp');
    }
  });
});
