/** Closes opened resources in reverse order. */
export interface CleanupStack {
  /** `close` receives its time limit. */
  add(close: (withinMs: number) => unknown): void;
  /** The same for resources without a time limit of their own. */
  addBounded(close: () => Promise<unknown>): void;
  /** Closes everything, even after a failure; rejects with the first failure. */
  all(withinMs: number): Promise<void>;
}

export function openCleanupStack(): CleanupStack {
  const closing: ((withinMs: number) => unknown)[] = [];
  return {
    add: (close) => void closing.push(close),
    addBounded: (close) => void closing.push((withinMs) => bounded(close(), withinMs)),
    async all(withinMs) {
      const failures: unknown[] = [];
      for (const close of closing.splice(0).reverse()) {
        try {
          await close(withinMs);
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}

async function bounded(work: Promise<unknown>, withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, withinMs);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
