/**
 * Returns the first of equal values, so that ten thousand objects share one copy. Values with the same `keyOf` are equal. Forgets
 * all values when it has `most`, so that those of deleted objects do not stay forever.
 */
export function interner<Value>(most: number, keyOf: (value: Value) => string): (value: Value) => Value {
  const known = new Map<string, Value>();
  return (value) => {
    const key = keyOf(value);
    const first = known.get(key);
    if (first !== undefined) return first;
    if (known.size >= most) known.clear();
    known.set(key, value);
    return value;
  };
}
