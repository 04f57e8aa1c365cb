export interface Slots {
  /** Takes a slot of this key; gives how to release it, or undefined while all are taken. */
  take(key: string): (() => void) | undefined;
}

/** At most so many at the same time for each key. */
export function slotsByKey(mostPerKey: number): Slots {
  const taken = new Map<string, number>();
  return {
    take(key) {
      const before = taken.get(key) ?? 0;
      if (before >= mostPerKey) return undefined;
      taken.set(key, before + 1);
      return () => {
        const left = (taken.get(key) ?? 0) - 1;
        if (left > 0) taken.set(key, left);
        else taken.delete(key);
      };
    },
  };
}
