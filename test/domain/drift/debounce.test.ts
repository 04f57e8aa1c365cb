import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type DebouncedFindings, debounce } from '../../../src/domain/drift/debounce.ts';

const down = { key: 'session worker1 10.20.1.1', sentence: 'down', next: 'look' };

/** What is told over a row of looks, at which the trouble is there or not. */
function sendReply(looks: readonly boolean[]): readonly string[] {
  const told: string[] = [];
  let notes: DebouncedFindings = {};
  for (const there of looks) {
    const debounced = debounce(notes, there ? [down] : []);
    notes = debounced.notes;
    told.push(...debounced.begun.map(() => 'begun'), ...debounced.over.map(() => 'over'));
  }
  return told;
}

describe('what is told between changes', () => {
  test('needs two looks in a row, and is told once', () => {
    expect(sendReply([true])).toEqual([]);
    expect(sendReply([true, true, true, true])).toEqual(['begun']);
    expect(sendReply([true, true, false, true, true])).toEqual(['begun']);
    expect(sendReply([true, true, false, false])).toEqual(['begun', 'over']);
  });

  test('is quiet about what comes and goes', () => {
    expect(sendReply([true, false, true, false, true, false])).toEqual([]);
  });

  test('begins and ends in turn, whatever the looks show, and nothing is kept of what is over', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (looks) => {
        const told = sendReply(looks);
        expect(told).toEqual(told.map((_, at) => (at % 2 === 0 ? 'begun' : 'over')));
      }),
    );
    expect(debounce(debounce(debounce({}, [down]).notes, []).notes, []).notes).toEqual({});
  });
});
