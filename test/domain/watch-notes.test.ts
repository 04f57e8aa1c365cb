import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type WatchNotes, weigh } from '../../src/domain/watch-notes.ts';

const down = { key: 'session worker1 10.20.1.1', sentence: 'down', next: 'look' };

/** What is told over a row of looks, at which the trouble is there or not. */
function tell(looks: readonly boolean[]): readonly string[] {
  const told: string[] = [];
  let notes: WatchNotes = {};
  for (const there of looks) {
    const weighed = weigh(notes, there ? [down] : []);
    notes = weighed.notes;
    told.push(...weighed.begun.map(() => 'begun'), ...weighed.over.map(() => 'over'));
  }
  return told;
}

describe('what is told between changes', () => {
  test('needs two looks in a row, and is told once', () => {
    expect(tell([true])).toEqual([]);
    expect(tell([true, true, true, true])).toEqual(['begun']);
    expect(tell([true, true, false, true, true])).toEqual(['begun']);
    expect(tell([true, true, false, false])).toEqual(['begun', 'over']);
  });

  test('is quiet about what comes and goes', () => {
    expect(tell([true, false, true, false, true, false])).toEqual([]);
  });

  test('begins and ends in turn, whatever the looks show, and nothing is kept of what is over', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (looks) => {
        const told = tell(looks);
        expect(told).toEqual(told.map((_, at) => (at % 2 === 0 ? 'begun' : 'over')));
      }),
    );
    expect(weigh(weigh(weigh({}, [down]).notes, []).notes, []).notes).toEqual({});
  });
});
