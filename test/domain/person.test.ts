import { expect, test } from '@jest/globals';
import { samePerson } from '../../src/domain/person.ts';

test.each([
  ['U1', 'T1', true],
  ['U2', 'T1', false],
  ['U1', 'T2', false],
])('U1 of T1 and %s of %s are the same person: %s', (userId, teamId, same) => {
  expect(samePerson({ userId: 'U1', teamId: 'T1' }, { userId, teamId })).toBe(same);
});
