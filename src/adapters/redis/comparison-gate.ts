/** Delays appends after the store may have been rolled back, until the trail was compared with what is known outside of it. */
export interface ComparisonGate {
  /** Sets the comparison; the first append waits for it already. Without one no append is delayed. */
  guard(compareAll: () => Promise<void>): void;
  readonly isGuarded: boolean;
  /** Later appends wait for another comparison. */
  suspect(): void;
  /** Resolves when no comparison is due or running; starts a due one, once for all waiting callers. */
  passed(): Promise<void>;
}

/** `claim` marks the store before the comparison, so that a rollback during it is noticed. */
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
