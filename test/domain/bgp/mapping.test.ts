import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalAddress, readAddress, sameAddress } from '../../../src/domain/bgp/address.ts';
import { lookupIndexOf } from '../../../src/domain/bgp/lookup-index.ts';
import {
  firstLabel,
  isNodeName,
  readMapping,
  replaceAddresses,
  shortNameMatches,
} from '../../../src/domain/bgp/mapping.ts';
import { printMapping, styleOf } from '../../../src/domain/bgp/mapping-style.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { anyCharacter } from '../../doubles/any-character.ts';

const octet = fc.integer({ min: 1, max: 223 });
const unicast = octet.filter((first) => first !== 127);
const ipv4 = fc.tuple(unicast, octet, octet, octet).map((parts) => parts.join('.'));
const group = fc.integer({ min: 0, max: 0xffff }).map((number) => number.toString(16));
const ipv6 = fc.tuple(group, group, group, group).map((groups) => `2001:db8:${groups.join(':')}:0:1`);
const address = fc.oneof(ipv4, ipv6);
const addresses = fc.uniqueArray(address, {
  minLength: 1,
  maxLength: 6,
  selector: (text) => canonicalAddress(text),
});

/** Values as people have really put them into a ConfigMap. */
const STYLES: readonly ((list: readonly string[]) => string)[] = [
  (list) => list.join(','),
  (list) => list.join(', '),
  (list) => list.join(' '),
  (list) => list.join('\n'),
  (list) => `${list.join('\n')}\n`,
  (list) => list.join(' ; '),
  (list) => JSON.stringify(list),
  (list) => `[${list.join(', ')}]`,
  (list) => `"${list.join(',')}"`,
];
const value = fc
  .tuple(fc.constantFrom(...STYLES), addresses)
  .map(([style, list]) => ({ text: style(list), list }));

describe('a mapping', () => {
  test('is read in every style that people write', () => {
    fc.assert(
      fc.property(value, ({ text, list }) => {
        expect(readMapping(text)).toMatchObject({ addresses: list.map((one) => canonicalAddress(one)) });
      }),
    );
  });

  test('that was printed is read as the same addresses, in the style of the node', () => {
    fc.assert(
      fc.property(value, addresses, ({ text }, wanted) => {
        const canonical = wanted.map((one) => canonicalAddress(one) ?? '');
        const printed = printMapping(canonical, styleOf(lookupIndexOf({ worker1: text }), 'worker1', ','));
        expect(readMapping(printed)).toMatchObject({ addresses: canonical });
      }),
    );
  });

  test('in which one router is replaced keeps every other byte', () => {
    fc.assert(
      fc.property(value, fc.nat(), ipv4, ({ text, list }, at, fresh) => {
        const old = list[at % list.length] ?? '';
        const replaced = replaceAddresses(text, new Map([[canonicalAddress(old) ?? '', fresh]]));
        expect(replaced).toBe(text.replace(old, fresh));
      }),
    );
  });

  test('swaps two routers in one go', () => {
    const swap = new Map([
      ['10.20.1.1', '10.20.1.2'],
      ['10.20.1.2', '10.20.1.1'],
    ]);
    expect(replaceAddresses('10.20.1.1, 10.20.1.2', swap)).toBe('10.20.1.2, 10.20.1.1');
  });

  test('that cannot be read says which word is not an address', () => {
    expect(readMapping('10.20.1.1,router1')).toEqual({ unreadable: expect.stringContaining('router1') });
    expect(readMapping('')).toMatchObject({ addresses: [] });
    const long = Array.from({ length: 20 }, (_, at) => `10.20.1.${at + 1}`).join();
    expect(readMapping(`10.20.2.1 - 10.20.2.9,${long}`)).toEqual({
      unreadable: expect.stringContaining('range'),
    });
  });

  test.each([
    ['10.20.1.1', undefined],
    ['10.20.1.1\n', { opening: '', between: undefined, closing: '\n' }],
    [' 10.20.1.1', { opening: ' ', between: undefined, closing: '' }],
    ['"10.20.1.1"', { opening: '"', between: undefined, closing: '"' }],
    ['10.20.1.1; 10.20.1.2', { opening: '', between: '; ', closing: '' }],
    ['["10.20.1.1", "10.20.1.2"]', { opening: '["', between: '", "', closing: '"]' }],
    ['- 10.20.1.1\n- 10.20.1.2\n', { opening: '- ', between: '\n- ', closing: '\n' }],
  ])('written as %j shows its style', (text, style) => {
    expect(readMapping(text)).toMatchObject({ style });
  });

  test('takes the style of its neighbors in the ConfigMap when it shows none itself', () => {
    const data = { worker1: '10.20.1.1 10.20.1.2', worker2: '10.20.2.1' };
    expect(printMapping(['10.20.2.1', '10.20.2.2'], styleOf(lookupIndexOf(data), 'worker2', ','))).toBe(
      '10.20.2.1 10.20.2.2',
    );
    expect(printMapping(['10.20.2.1', '10.20.2.2'], styleOf(lookupIndexOf({}), 'worker2', ','))).toBe(
      '10.20.2.1,10.20.2.2',
    );
  });

  test('never throws, whatever stands there', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: anyCharacter }),
        fc.dictionary(fc.string(), fc.string()),
        (text, data) => {
          readMapping(text);
          replaceAddresses(text, new Map([['10.20.1.1', '10.20.1.2']]));
          printMapping(['10.20.1.1'], styleOf(lookupIndexOf({ ...data, node: text }), 'node', ','));
        },
      ),
    );
  });
});

describe('an address', () => {
  test('is the same in every spelling', () => {
    expect(sameAddress('2001:DB8:0:0::1', '2001:db8::1')).toBe(true);
    expect(sameAddress('::ffff:10.20.1.1', '10.20.1.1')).toBe(true);
    expect(sameAddress('10.20.1.1', '10.20.1.10')).toBe(false);
    expect(sameAddress('router1', 'router1')).toBe(false);
    expect(readAddress('2001:DB8::0001')).toMatchObject({ text: '2001:db8::1', family: 'IPv6' });
  });

  test('that was read is read again as itself', () => {
    fc.assert(
      fc.property(address, (text) => {
        const read = readAddress(text);
        if (isRefusal(read)) throw new Error(read.sentence);
        expect(readAddress(read.text)).toEqual(read);
      }),
    );
  });

  test.each([
    ['10.20.1', 'not_an_address', '"10.20.1" is not an IP address.'],
    ['10.20.1.256', 'not_an_address', '10.20.1.256 is not an IPv4 address: an octet is larger than 255.'],
    [
      '10.20.1.010',
      'not_an_address',
      '10.20.1.010 is not an IPv4 address: 010 has a leading zero, which some programs read as octal.',
    ],
    ['0x0a.20.1.1', 'not_an_address', '"0x0a.20.1.1" is not an IP address.'],
    ['10.20.1.1.1', 'not_an_address', '"10.20.1.1.1" is not an IP address.'],
    ['2001:db8:1', 'not_an_address', '"2001:db8:1" is not an IP address.'],
    ['worker1', 'not_an_address', '"worker1" is not an IP address.'],
    [' ', 'not_an_address', 'The text contains no address.'],
    ['10.20.1.9/32', 'address_with_mask', '10.20.1.9/32 has a mask; a peer is one address.'],
    ['2001:db8::9/64', 'address_with_mask', '2001:db8::9/64 has a mask; a peer is one address.'],
    ['10.20.1.9:179', 'address_with_port', '10.20.1.9:179 has a port; BGP always uses 179.'],
    ['[2001:db8::9]:179', 'address_with_port', '[2001:db8::9]:179 has a port; BGP always uses 179.'],
    ['224.0.0.5', 'address_multicast', '224.0.0.5 is a multicast address; no router has it as its own.'],
    ['ff02::5', 'address_multicast', 'ff02::5 is a multicast address; no router has it as its own.'],
    [
      '255.255.255.255',
      'not_an_address',
      '255.255.255.255 is the broadcast address; no router has it as its own.',
    ],
    ['0.0.0.0', 'address_unspecified', '0.0.0.0 stands for no address at all.'],
    ['0.1.2.3', 'address_unspecified', '0.1.2.3 stands for no address at all.'],
    ['::', 'address_unspecified', ':: stands for no address at all.'],
    ['127.0.0.1', 'address_loopback', '127.0.0.1 is a loopback address: the TMM pod would peer with itself.'],
    ['::1', 'address_loopback', '::1 is a loopback address: the TMM pod would peer with itself.'],
    ['169.254.1.1', 'address_link_local', '169.254.1.1 is link-local; it means something on one link only.'],
    ['fe80::1', 'address_link_local', 'fe80::1 is link-local; it means something on one link only.'],
    ['fe80::1%eth0', 'address_link_local', 'fe80::1%eth0 has a zone; it means something on one host only.'],
    ['::ffff:10.20.1.9', 'not_an_address', '::ffff:10.20.1.9 is an IPv4 address written as IPv6.'],
  ])('“%s” is refused as %s: %s', (text, reasonCode, sentence) => {
    expect(readAddress(text)).toMatchObject({ kind: 'refusal', reasonCode, sentence });
  });

  test.each([
    ['10.20.1.9/32', 'Type 10.20.1.9 without /32.'],
    ['[2001:db8::9]/64', 'Type 2001:db8::9 without /64.'],
    ['10.20.1.9:179', 'Type 10.20.1.9 without :179.'],
    ['[2001:db8::9]:179', 'Type 2001:db8::9 without :179.'],
    ['::ffff:10.20.1.9', 'Type 10.20.1.9.'],
  ])('that is no peer as it stands is refused with what to type instead: %s', (text, next) => {
    expect(readAddress(text)).toMatchObject({ kind: 'refusal', next });
  });

  test('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), fc.string(), (one, other) => {
        const read = readAddress(one);
        if (isRefusal(read)) expect(read.next).not.toBe('');
        canonicalAddress(one);
        sameAddress(one, other);
      }),
    );
  });
});

describe('the name of a node', () => {
  test.each(['worker1', 'worker1.ocp.example.com', 'w-1.r2', `${'a'.repeat(251)}.b`])('may be %s', (name) => {
    expect(isNodeName(name)).toBe(true);
  });

  test.each(['', 'Worker1', 'worker_1', '-worker', 'worker1.', 'worker1..b', `${'a'.repeat(252)}.b`])(
    'is not “%s”',
    (name) => {
      expect(isNodeName(name)).toBe(false);
    },
  );

  test('is known by its first label', () => {
    expect(firstLabel('worker1.ocp.example.com')).toBe('worker1');
    expect(firstLabel('worker1')).toBe('worker1');
  });

  test.each([
    ['worker1', ['worker1.lab.example.com', 'worker1.ocp.example.com']],
    ['WORKER1.ocp', ['worker1.ocp.example.com']],
    ['worker', []],
    ['', []],
  ])('is found by its first labels alone: “%s”', (typed, found) => {
    const names = ['worker1.lab.example.com', 'worker1.ocp.example.com', 'worker10.ocp.example.com', '.odd'];
    expect(shortNameMatches(typed, names)).toEqual(found);
  });
});
