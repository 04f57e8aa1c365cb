import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GroupChanges, PersistentMap, regroup } from '../../../src/domain/bgp/persistent-map.ts';

/** More keys than a map has shards, so that some share one. */
const KEYS = Array.from({ length: 300 }, (_, at) => `node-${at}`);

describe('a persistent map', () => {
  test('holds what a plain map would, sorted, and so do its earlier copies', () => {
    const key = fc.oneof(fc.constantFrom('', 'a', 'b', 'c', 'constructor'), fc.constantFrom(...KEYS));
    const change = fc.tuple(key, fc.option(fc.nat(9), { nil: undefined, freq: 2 }));
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 6 }), { maxLength: 6 }), (batches) => {
        const model = new Map<string, number>();
        let map = PersistentMap.empty<number>();
        const copies: (readonly [map: PersistentMap<number>, held: string])[] = [];
        for (const batch of batches) {
          map = map.with(batch);
          for (const [changed, now] of batch) put(model, changed, now);
          copies.push([map, told(model)]);
          expect(map.size).toBe(model.size);
        }
        expect(copies.map(([copy]) => told(copy))).toEqual(copies.map(([, held]) => held));
      }),
    );
  });

  test('finds each of many keys, and none that it does not hold', () => {
    const map = PersistentMap.empty<number>().with(KEYS.map((key, at) => [key, at]));
    expect(map.size).toBe(KEYS.length);
    expect(KEYS.map((key) => map.get(key))).toEqual(KEYS.map((_, at) => at));
    expect(KEYS.every((key) => map.has(key))).toBe(true);
    expect(map.keys()).toEqual(KEYS.toSorted());
    expect(map.values()).toEqual(KEYS.toSorted().map((key) => KEYS.indexOf(key)));
    expect(map.has('node-300')).toBe(false);
    expect(map.get('node-300')).toBeUndefined();
    const emptied = map.with(KEYS.map((key) => [key, undefined]));
    expect([emptied.size, emptied.keys(), emptied.has('node-0')]).toEqual([0, [], false]);
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

/** The entries in the order of their keys, in one line. */
function told(map: PersistentMap<number> | ReadonlyMap<string, number>): string {
  const keys = map instanceof Map ? [...map.keys()].sort() : map.keys();
  return JSON.stringify([...keys].map((key) => [key, map.get(key), map.has(key)]));
}

function put(map: Map<string, number>, key: string, now: number | undefined): void {
  if (now === undefined) map.delete(key);
  else map.set(key, now);
}

describe('ids in groups', () => {
  const groups = (changes: GroupChanges, before = PersistentMap.empty<readonly string[]>()) => {
    const after = regroup(before, changes);
    return { after, told: after.keys().map((group) => `${group}: ${after.get(group)?.join()}`) };
  };

  test('stand sorted in each group, once, and a group that everybody left is gone', () => {
    const first = new GroupChanges();
    for (const id of ['c', 'a', 'a']) first.join('x', id);
    first.join('y', 'd');
    const before = groups(first);
    expect(before.told).toEqual(['x: a,c', 'y: d']);
    const second = new GroupChanges();
    second.join('x', 'b');
    second.join('z', 'd');
    second.leave('x', 'c');
    second.leave('y', 'd');
    expect(groups(second, before.after).told).toEqual(['x: a,b', 'z: d']);
    expect(before.after.get('y')).toEqual(['d']);
  });

  test('that leave and join in one go are there', () => {
    const first = new GroupChanges();
    first.join('x', 'a');
    const again = new GroupChanges();
    again.leave('x', 'a');
    again.join('x', 'a');
    expect(groups(again, groups(first).after).told).toEqual(['x: a']);
  });
});
