import { expect, test } from '@jest/globals';
import { peerName } from '../../../src/domain/zebos/printed-values.ts';

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['*10.0.0.1', '10.0.0.1'],
  ['r1(10.0.0.1)', '10.0.0.1'],
  ['r(10.0.0.1)', '10.0.0.1'],
  ['*r1.example.com(2001:DB8::0:1)', '2001:db8::1'],
  ['2001:0db8:0:0::1', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
])('%s names the peer %s, however a router decorates it', (text, address) => {
  expect(peerName(text)).toBe(address);
});

test.each([
  '',
  '4',
  '10.1',
  '10.0.0.256',
  '010.0.0.1',
  '10.0.0.1,',
  'eth0',
  'r1(eth0)',
  '::g',
  '1:2',
  '()',
  '(10.0.0.1)',
  'r1(10.0.0.12',
  `${'1'.repeat(9)}:`,
])('“%s” is not taken for an address', (text) => {
  expect(peerName(text)).toBeUndefined();
});
