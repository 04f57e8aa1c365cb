import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { REASON_CODES } from '../../src/domain/refusal.ts';

test('every reason code is one that the program gives: none is left from what is gone', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' });
  const source = files
    .filter((file) => file.endsWith('.ts') && file !== 'domain/refusal.ts')
    .map((file) => readFileSync(`src/${file}`, 'utf8'))
    .join('');
  expect(REASON_CODES.filter((code) => !source.includes(`'${code}'`))).toEqual([]);
});
