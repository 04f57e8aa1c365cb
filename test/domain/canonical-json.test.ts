import { expect, test } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalJson, parseJson } from '../../src/domain/json.ts';
import { anyText } from './any-text.ts';

const key = fc.oneof(
  anyText(8),
  fc.constantFrom(
    '2',
    '10',
    '1a',
    '-1',
    '__proto__',
    'toJSON',
    'constructor',
    '',
    '\u20ac',
    '\r',
    '😀',
    '\ufb33',
  ),
);
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    anyText(),
    fc.double(),
    fc.constantFrom(
      null,
      true,
      undefined,
      -0,
      1e21,
      1e-7,
      333333333.3333333,
      new Date(0),
      new Number(5),
      new Map(),
      Symbol('s'),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  ),
})).value;

test('any value is written as the reference implementation of RFC 8785 writes it, or is refused by both', () => {
  fc.assert(
    fc.property(fc.dictionary(key, value, { maxKeys: 6 }), (object) => {
      expect(written(() => canonicalJson(object))).toBe(written(() => canonicalize(object)));
    }),
    { numRuns: 500 },
  );
});

test('RFC 8785, section 3.2.3: keys are sorted by their UTF-16 code units', () => {
  const keys = ['€', '\r', '\ufb33', '1', '😀', '\u0080', 'ö'];
  const sorted = Object.keys(
    JSON.parse(canonicalJson(Object.fromEntries(keys.map((one) => [`k${one}`, 0])))),
  );
  expect(sorted.map((one) => one.slice(1))).toEqual(['\r', '1', '\u0080', 'ö', '€', '😀', '\ufb33']);
});

test.each<[string, object]>([
  ['a number that JSON does not have', { at: Number.NaN }],
  ['infinity', [Number.POSITIVE_INFINITY]],
  ['half a character', { note: '\ud83d' }],
  ['half a character in a key', { '\ud83d': 1 }],
  ['what says itself that it has no JSON', { toJSON: () => undefined }],
])('%s has no canonical JSON', (_, value) => {
  expect(() => canonicalJson(value)).toThrow();
});

test.each<[unknown, unknown]>([
  ['{"a":[1]}', { a: [1] }],
  ['null', null],
  ['{"a"', undefined],
  ['', undefined],
  [5, undefined],
  [null, undefined],
  [undefined, undefined],
])('of %j the JSON value is %j', (text, json) => {
  expect(parseJson(text)).toEqual(json);
});

function written(write: () => unknown): unknown {
  try {
    return write();
  } catch {
    return 'refused';
  }
}
