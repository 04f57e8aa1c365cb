import { expect, test } from '@jest/globals';
import { elapsed } from '../../../sandbox/src/zebos/elapsed.ts';
import { createRouters } from '../../../sandbox/src/zebos/routers.ts';

test.each([
  ['10.20.1.1', true],
  ['10.20.4.2', true],
  ['10.20.3.9', true],
  ['10.20.1.3', false],
  ['10.21.1.1', false],
  ['2001:db8:20:1::1', true],
  ['2001:0DB8:20:4:0:0:0:9', true],
  ['2001:db8:20:1::2', false],
  ['no address', false],
])('the router at %s answers: %s', (address, answers) => {
  expect(createRouters().isUp(address)).toBe(answers);
});

test('whoever listens hears of a change once, under the canonical address', () => {
  const routers = createRouters(() => true);
  const heard: string[] = [];
  const deaf = routers.onChange((address, up) => heard.push(`${address} ${up}`));
  routers.set('2001:DB8::0001', false);
  routers.set('2001:db8::1', false);
  deaf();
  routers.set('2001:db8::1', true);
  expect(heard).toEqual(['2001:db8::1 false']);
  expect(() => routers.set('nowhere', true)).toThrow('nowhere is no IP address');
  routers.close();
});

test.each([
  [551_000, '00:09:11'],
  [96_840_000, '1d02h54m'],
  [2_408_400_000, '03w6d21h'],
])('%i milliseconds are printed as %s', (ms, text) => {
  expect(elapsed(ms)).toBe(text);
});
