import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PersistentMap } from '../../../src/domain/bgp/persistent-map.ts';

describe('a persistent map', () => {
  test('holds what a plain map would, sorted, and so do its earlier copies', () => {
    const change = fc.tuple(fc.string({ maxLength: 3 }), fc.option(fc.nat(), { nil: undefined }));
    fc.assert(
      fc.property(fc.array(fc.array(change)), (batches) => {
        const model = new Map<string, number>();
        let map = PersistentMap.empty<number>();
        for (const batch of batches) {
          const earlier = { map, was: entriesOf(map) };
          map = map.with(batch);
          for (const [key, now] of batch) put(model, key, now);
          expect(entriesOf(map)).toEqual([...model].sort(([one], [other]) => (one < other ? -1 : 1)));
          expect(map.values()).toEqual(entriesOf(map).map(([, held]) => held));
          expect(map.size).toBe(model.size);
          expect([...model.keys(), 'none'].map((key) => map.has(key))).toEqual([
            ...[...model.keys()].map(() => true),
            model.has('none'),
          ]);
          expect(entriesOf(earlier.map)).toEqual(earlier.was);
        }
      }),
    );
  });

  test('that gets no change is the very same, and one with other values keeps its sorted keys', () => {
    const map = PersistentMap.empty<number>().with([
      ['b', 1],
      ['a', 2],
    ]);
    expect(map.with([])).toBe(map);
    expect(map.with([['b', 3]]).keys()).toBe(map.keys());
    expect(map.with([['c', 3]]).keys()).toEqual(['a', 'b', 'c']);
  });
});

function entriesOf<Value>(map: PersistentMap<Value>): (readonly [string, Value])[] {
  return map.keys().flatMap((key) => {
    const held = map.get(key);
    return held === undefined ? [] : [[key, held] as const];
  });
}

function put(map: Map<string, number>, key: string, now: number | undefined): void {
  if (now === undefined) map.delete(key);
  else map.set(key, now);
}
