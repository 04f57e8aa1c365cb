import { describe, expect, test } from '@jest/globals';
import { lookupIndexOf } from '../../../src/domain/bgp/lookup-index.ts';
import { printMapping, styleOf } from '../../../src/domain/bgp/mapping-style.ts';

describe('the style of a new value', () => {
  const printed = (data: Record<string, string>, at: string): string =>
    printMapping(['10.0.0.8', '10.0.0.9'], styleOf(lookupIndexOf(data), at, '|'));

  test.each([
    [
      'its own',
      { a: '10.0.0.1; 10.0.0.2', b: '10.0.0.3 10.0.0.4', c: '10.0.0.5 10.0.0.6' },
      '10.0.0.8; 10.0.0.9',
    ],
    [
      'the commonest of the others',
      { b: '1.1.1.1,1.1.1.2', c: '2.2.2.1 2.2.2.2', d: '3.3.3.1 3.3.3.2' },
      '10.0.0.8 10.0.0.9',
    ],
    [
      'the first of two that are as common',
      { c: '2.2.2.1 2.2.2.2', b: '1.1.1.1,1.1.1.2' },
      '10.0.0.8 10.0.0.9',
    ],
    ['the configured one where nobody shows any', { b: '1.1.1.1' }, '10.0.0.8|10.0.0.9'],
    [
      'the first of those that are as common, whatever rarer ones stand before',
      {
        f: '9.9.9.9',
        e: '8.8.8.1; 8.8.8.2',
        d: '2.2.2.1 2.2.2.2',
        c: '1.1.1.1,1.1.1.2',
        b: '1.1.1.3,1.1.1.4',
        g: '2.2.2.3 2.2.2.4',
      },
      '10.0.0.8 10.0.0.9',
    ],
    [
      'one that shows a separator rather than a commoner one that shows none',
      { b: '"1.1.1.1"', c: '"2.2.2.2"', d: '3.3.3.1 3.3.3.2' },
      '10.0.0.8 10.0.0.9',
    ],
    ['in the quotes of the others where they show no separator', { b: '"1.1.1.1"' }, '"10.0.0.8|10.0.0.9"'],
    [
      'without quotes where its own value has none',
      { a: '10.0.0.1', b: '"1.1.1.1 1.1.1.2"' },
      '10.0.0.8|10.0.0.9',
    ],
    [
      'a list of quoted addresses where its own value is one',
      { a: '["10.0.0.1"]' },
      '["10.0.0.8"|"10.0.0.9"]',
    ],
    ['one pair of quotes where its own value has that', { a: '"10.0.0.1"' }, '"10.0.0.8|10.0.0.9"'],
  ])('is %s', (_, data, expected) => {
    expect(printed(data, 'a')).toBe(expected);
  });

  test('does not count what the node itself shows among the others', () => {
    const data = { a: '"10.0.0.1"', b: '"1.1.1.1 1.1.1.2"', c: '"2.2.2.1,2.2.2.2"', d: '"3.3.3.1,3.3.3.2"' };
    expect(printed(data, 'a')).toBe('"10.0.0.8,10.0.0.9"');
    expect(printed({ ...data, a: '"10.0.0.1 10.0.0.2"' }, 'a')).toBe('"10.0.0.8 10.0.0.9"');
  });

  test('is that of the first in the ConfigMap, whichever was written last', () => {
    const before = lookupIndexOf({ c: '2.2.2.1 2.2.2.2' });
    const after = lookupIndexOf({ b: '1.1.1.1,1.1.1.2', c: '2.2.2.1 2.2.2.2' }, before);
    expect(printMapping(['10.0.0.8', '10.0.0.9'], styleOf(after, 'a', '|'))).toBe('10.0.0.8,10.0.0.9');
  });
});
