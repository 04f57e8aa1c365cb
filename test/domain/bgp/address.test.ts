import { expect, test } from '@jest/globals';
import { readAddress } from '../../../src/domain/bgp/address.ts';

test.each<[string, string, string, string]>([
  ['255.255.255.0', 'address_with_mask', '255.255.255.0 is a mask; a peer is one address.', 'rack router'],
  ['240.0.0.0', 'address_with_mask', '240.0.0.0 is a mask; a peer is one address.', 'rack router'],
  [
    '240.20.1.9',
    'not_an_address',
    '240.20.1.9 is in 240.0.0.0/4, which no router has as its own.',
    'rack router',
  ],
  [
    '255.20.1.9',
    'not_an_address',
    '255.20.1.9 is in 240.0.0.0/4, which no router has as its own.',
    'rack router',
  ],
  [
    '10.20.1.\u{200b}9',
    'not_an_address',
    '"10.20.1.\\u{200b}9" is not an IP address: it contains a character that no address has.',
    'Type 10.20.1.9.',
  ],
  ['10.20.1.\u{661}', 'not_an_address', '"10.20.1.\u{661}" is not an IP address.', 'names are not looked up'],
  ['router-1', 'not_an_address', '"router-1" is not an IP address.', 'names are not looked up'],
])('%s is no peer, and the refusal says why', (typed, reasonCode, sentence, next) => {
  expect(readAddress(typed)).toMatchObject({ reasonCode, sentence, next: expect.stringContaining(next) });
});

test('an address of a documentation or reserved IPv6 range may be a peer in a lab', () => {
  expect(readAddress('192.0.2.1')).toEqual({ text: '192.0.2.1', family: 'IPv4' });
  expect(readAddress('2001:DB8::1')).toEqual({ text: '2001:db8::1', family: 'IPv6' });
});
