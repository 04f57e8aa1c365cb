import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  mentionedAddresses,
  quotedValue,
  readMapping,
  replaceAddresses,
} from '../../../src/domain/bgp/mapping.ts';
import { anyCharacter } from '../../doubles/any-character.ts';

test.each<[string, readonly string[]]>([
  ['- 10.0.0.1\n- 10.0.0.2\n', ['10.0.0.1', '10.0.0.2']],
  ['[\r\n  - 10.0.0.1\r\n  - 10.0.0.2\r\n]', ['10.0.0.1', '10.0.0.2']],
  ['- 10.0.0.1 - 10.0.0.2', ['10.0.0.1', '10.0.0.2']],
  ['["10.0.0.1", "10.0.0.2"]', ['10.0.0.1', '10.0.0.2']],
  ["'10.0.0.1'", ['10.0.0.1']],
  ['"10.0.0.1,10.0.0.2"', ['10.0.0.1', '10.0.0.2']],
  ['10.0.0.1;10.0.0.2', ['10.0.0.1', '10.0.0.2']],
  ['10.0.0.1\t10.0.0.2 \r\n', ['10.0.0.1', '10.0.0.2']],
  ['10.0.0.1,,10.0.0.2,', ['10.0.0.1', '10.0.0.2']],
  ['[2001:DB8:0::1]', ['2001:db8::1']],
  ['::ffff:10.0.0.1', ['10.0.0.1']],
  ['10.0.0.1,10.0.0.1', ['10.0.0.1', '10.0.0.1']],
])('%j is read', (value, addresses) => {
  expect(readMapping(value)).toMatchObject({ addresses });
});

test.each([
  ['10.0.0.1\u00a010.0.0.2', 'it contains a character that no address has'],
  ['\ufeff10.0.0.1', '"\\u{feff}10.0.0.1" is not an address'],
  ['10.0.0.1\u200b', '"10.0.0.1\\u{200b}" is not an address'],
  ['10.0.0.1 \u2028 10.0.0.2', '"\\u{2028}" is not an address'],
  ['10.0.0.1\u0000', '"10.0.0.1\\u{0}" is not an address'],
  ['\u201c10.0.0.1\u201d', 'is not an address'],
  ['10.0.0.1\u201310.0.0.2', 'is not an address'],
  ['１０.０.０.１', 'is not an address'],
  ['10.0.0.1 # leaf', '"# leaf" is a comment'],
  ['10.0.0.1 10.0.0.2 // old: 10.0.0.3', '"// old: 10.0.0.3" is a comment'],
  ['---\n- 10.0.0.1', '"---" is not an address'],
  ['|\n10.0.0.1', '"|" is not an address'],
  ['>-\n 10.0.0.1', '">-" is not an address'],
  ['null', '"null" is not an address'],
  ['~', '"~" is not an address'],
  ['10.0.0.1:179', '10.0.0.1:179 has a port'],
  ['[2001:db8::1]:179', ':179 is a port'],
  ['10.0.0.1/32', '10.0.0.1/32 has a mask'],
  ['2001:db8::1%eth0', 'has a zone'],
  ['leaf1.example.com', '"leaf1.example.com" is not an address'],
  ['10.0.0.1-10.0.0.4', '"10.0.0.1-10.0.0.4" is not an address'],
  ['10.0.0.1 - 10.0.0.4', 'a dash between two addresses may mean a range'],
  ['10.0.0.1/10.0.0.2', '"10.0.0.1/10.0.0.2" is not an address'],
  ['10.0.0.1/255.255.255.0', '10.0.0.1/255.255.255.0 has a mask'],
  ['10.0.0.1 and 10.0.0.2', '"and" is not an address'],
  ['{"peers":["10.0.0.1"]}', '"peers" is not an address'],
  ['010.0.0.1', '010 has a leading zero'],
  ['167772161', '"167772161" is not an address'],
  ['10.0.0.1\\n10.0.0.2', 'is not an address'],
])('%j cannot be read, and is called what it is', (value, why) => {
  expect(readMapping(value)).toEqual({ unreadable: expect.stringContaining(why) });
});

test('whether a TMM skips a character is asked only where an address stands beside it', () => {
  expect(readMapping('Spine\u00ad')).toEqual({ unreadable: '"Spine\\u{ad}" is not an address' });
  expect(readMapping('\u00ad10.0.0.1')).toEqual({
    unreadable: expect.stringMatching(
      / is not an address: it contains a character that no address has, and whether /,
    ),
  });
});

/** What looks like a blank, a comma, a dot, a colon or a digit, or cannot be seen. */
const LIKE_ASCII = '\u00a0\u00ad\u200b\u2028\ufeff\u3000\uff0c\uff0e\uff1a\uff11\u0661'.split('');

test('a value with any character that no address has is unreadable, names its addresses, and is left as it is', () => {
  const foreign = fc
    .array(fc.oneof(anyCharacter, fc.constantFrom(...LIKE_ASCII)), { minLength: 1, maxLength: 2 })
    .map((characters) => characters.join(''))
    .filter((text) => !/[\x00-\x7f]/.test(text));
  fc.assert(
    fc.property(foreign, fc.nat(18), (text, at) => {
      const value = '10.0.0.1,10.0.0.2 ';
      const damaged = value.slice(0, at) + text + value.slice(at);
      expect(readMapping(damaged)).toHaveProperty('unreadable');
      const between = `10.0.0.1${text}10.0.0.2`;
      expect(mentionedAddresses(between)).toEqual(['10.0.0.1', '10.0.0.2']);
      expect(replaceAddresses(between, new Map([['10.0.0.1', '10.0.0.9']]))).toBe(between);
    }),
  );
});

test.each([
  ['10.0.0.1\n10.0.0.2\n', '"10.0.0.1\\n10.0.0.2\\n"'],
  ['10.0.0.1\u00a0', '"10.0.0.1\\u{a0}"'],
  ['x'.repeat(120), `"${'x'.repeat(120)}"`],
  ['x'.repeat(121), `"${'x'.repeat(120)}…"`],
])('the value %j is shown on one line, and says that it was cut', (value, shown) => {
  expect(quotedValue(value)).toBe(shown);
});

test.each<[string, readonly string[]]>([
  ['10.0.0.1/32, 10.0.0.2:179', ['10.0.0.1', '10.0.0.2']],
  ['[2001:DB8::1]:179', ['2001:db8::1']],
  [
    '10.0.0.1. //10.0.0.2 #10.0.0.3 --10.0.0.4 /*10.0.0.5',
    ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5'],
  ],
  ['10.0.0.1 10.0.0.1', ['10.0.0.1']],
  ['10.0.0.1-10.0.0.4', ['10.0.0.1', '10.0.0.4']],
  ['10.0.0.1.5 1010.0.0.1 leaf 10.0.0.999', []],
])('%j mentions addresses, whatever stands around them', (value, mentioned) => {
  expect(mentionedAddresses(value)).toEqual(mentioned);
});
