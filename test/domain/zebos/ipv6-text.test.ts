import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { ipv6Text } from '../../../src/domain/zebos/printed-values.ts';

const textOf = (address: string): string => ipv6Text(ipaddr.IPv6.parse(address));

test('an IPv4-mapped address is the IPv4 address, and no other is', () => {
  expect(textOf('::ffff:10.20.1.9')).toBe('10.20.1.9');
  expect(textOf('0:0:0:0:0:ffff:a14:109')).toBe('10.20.1.9');
  expect(textOf('::fffe:a14:109')).toBe('::fffe:a14:109');
  expect(textOf('1::ffff:a14:109')).toBe('1::ffff:a14:109');
  expect(textOf('0:0:0:0:1:ffff:a14:109')).toBe('::1:ffff:a14:109');
});

test('whether it is mapped is what the library says of it', () => {
  const part = fc.constantFrom(0, 0xff_ff, 1, 0xa_14);
  fc.assert(
    fc.property(fc.tuple(part, part, part, part, part, part, part, part), (parts) => {
      const address = new ipaddr.IPv6([...parts]);
      expect(ipv6Text(address).includes('.')).toBe(address.isIPv4MappedAddress());
    }),
  );
});
