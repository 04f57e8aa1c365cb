/**
 * Gives the first of equal values, so that what ten thousand objects say is held once. `keyOf` tells which are equal.
 * Forgets all when it knows `most`, so that values of objects that are gone do not stay for ever.
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
