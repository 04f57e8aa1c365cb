/** Holds appends back, after the store may have gone back in time, until the trail was compared with what is known outside of it. */
export interface ComparisonGate {
  /** What compares; the first append waits for it already. Without one nobody is held back. */
  guard(compareAll: () => Promise<void>): void;
  readonly isGuarded: boolean;
  /** Whoever comes from now on waits for another comparison. */
  suspect(): void;
  /** Resolves when no comparison is due or under way; starts the one that is due, once for all who wait. */
  passed(): Promise<void>;
}

/** `claim` marks the store as the one that is compared next, so that one that is put back meanwhile is noticed again. */
export function openGate(claim: () => Promise<void>): ComparisonGate {
  let compareAll: (() => Promise<void>) | undefined;
  let suspected = false;
  let comparing: Promise<void> | undefined;
  const compareUntilSure = async (): Promise<void> => {
    while (suspected) {
      suspected = false;
      try {
        await claim();
        await compareAll?.();
      } catch (error) {
        suspected = true;
        throw error;
      }
    }
  };
  const suspect = (): void => {
    suspected = compareAll !== undefined;
  };
  return {
    guard(compare) {
      compareAll = compare;
      suspect();
    },
    get isGuarded() {
      return compareAll !== undefined;
    },
    suspect,
    async passed() {
      if (comparing === undefined && !suspected) return;
      comparing ??= compareUntilSure().finally(() => {
        comparing = undefined;
      });
      await comparing;
    },
  };
}
