import { expect, test } from '@jest/globals';
import { screenLines, whyUnreadable } from '../../../src/domain/zebos/screen-lines.ts';

const OTHERWISE = 'the output holds no routes';

function why(text: string): string {
  return whyUnreadable(screenLines(text), OTHERWISE);
}

test.each([
  ['  neighbor 10.20.1.1  bfd ', { text: 'neighbor 10.20.1.1  bfd', indent: 2, prompted: false }],
  ['tmm-0[0]>show bgp', { text: 'show bgp', indent: 0, prompted: true }],
  ['r1(config-router)# end', { text: 'end', indent: 0, prompted: true }],
  ['tmm-0[0]>', { text: '', indent: 0, prompted: true }],
  ['two words> end', { text: 'two words> end', indent: 0, prompted: false }],
  ['', { text: '', indent: 0, prompted: false }],
  ['--More-- end', { text: 'end', indent: 2, prompted: false }],
  ['-- more --end', { text: 'end', indent: 1, prompted: false }],
  ['end(END)', { text: 'end', indent: 0, prompted: false }],
  ['\u001b[31mend\u001b[0m\u0000', { text: 'end', indent: 0, prompted: false }],
])('the line %j is seen as %j', (line, seen) => {
  const words = seen.text.split(/\s+/).filter((word) => word !== '');
  expect(screenLines(line)).toEqual([{ ...seen, words }]);
});

test.each(['\n', '\r\n', '\r', '\u000b', '\f', '\u0085', '\u2028', '\u2029'])('%j ends a line', (end) => {
  expect(screenLines(`a${end}b`).map(({ text }) => text)).toEqual(['a', 'b']);
});

test('an output that says nothing is empty', () => {
  expect(why('')).toBe('the output is empty');
  expect(why(' \n\n')).toBe('the output is empty');
});

test.each([
  ['% Unknown command.', 'the router answers: % Unknown command'],
  ['one line\n% Unknown command...', 'the router answers: % Unknown command...'],
  ['bgpd is not running\n% Bad', 'the router answers: % Bad'],
  ['one line\nbgpd is not running', 'the router answers: bgpd is not running'],
  [
    "% Can't open configuration file /etc/frr/vtysh.conf: No such file\nbgpd is not running",
    'the router answers: bgpd is not running',
  ],
  ["% Can't open configuration file /etc/frr/vtysh.conf: No such file", undefined],
  ['neighbor x password hunter2 is not running', 'the router answers: neighbor x password <redacted>'],
])('what a router says in place of an answer is told: %j', (text, told) => {
  expect(why(text)).toBe(told ?? `${OTHERWISE}; it begins “${text}”`);
});

test('an output of another kind is told by how it begins, without secrets', () => {
  expect(why('\nhello\nthere')).toBe(`${OTHERWISE}; it begins “hello”`);
  expect(why('password hunter2')).toBe(`${OTHERWISE}; it begins “password <redacted>”`);
});

test('of a long line 160 characters are told, and then that it goes on', () => {
  const long = 'x '.repeat(100);
  expect(why('x'.repeat(160))).toBe(`${OTHERWISE}; it begins “${'x'.repeat(160)}”`);
  expect(why(long)).toBe(`${OTHERWISE}; it begins “${long.slice(0, 160)}…”`);
  expect(why(`% ${long}`)).toBe(`the router answers: % ${long.slice(0, 158)}…`);
});
