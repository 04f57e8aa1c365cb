/** What was opened, to be closed in reverse. */
export interface Closing {
  /** `close` gets how long it may take. */
  add(close: (withinMs: number) => unknown): void;
  /** The same for what does not keep to a time by itself. */
  addBounded(close: () => Promise<unknown>): void;
  /** Closes everything, also after something of it failed; rejects with the first failure. */
  all(withinMs: number): Promise<void>;
}

export function openClosing(): Closing {
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
