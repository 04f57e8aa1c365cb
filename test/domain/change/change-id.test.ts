import { expect, test } from '@jest/globals';
import { unknownChange } from '../../../src/domain/change/change.ts';

test('an id that no change has is refused in its usual form', () => {
  expect(unknownChange('bgp142.')).toMatchObject({
    reasonCode: 'unknown_change',
    sentence: 'There is no change BGP-142.',
  });
});

test('a word in the place of an id is refused with what an id is like', () => {
  expect(unknownChange('worker1')).toMatchObject({
    reasonCode: 'unknown_change',
    sentence: 'There is no change "worker1": an id is like BGP-142.',
  });
});
