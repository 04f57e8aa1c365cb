/** Lets through what belongs together in the order in which it came. */
export interface Turns {
  /** Takes a place behind all that came before with this key; the same number again takes its old place. */
  join(key: string, number: number): void;
  /** Resolves when nothing is before it any more; without a place of its own, when nothing is left. Rejects when the process stops and what is before it failed. */
  wait(key: string, number: number): Promise<void>;
  /** It could not be done, and comes again: where the process stops, those behind it wait no longer. */
  fail(key: string, number: number): void;
  /** Gives the place up. Who fails and comes again keeps it: that is what the others wait for. */
  leave(key: string, number: number): void;
}

interface Line {
  readonly numbers: number[];
  /** Those that failed and did not come again yet. */
  readonly failed: Set<number>;
  readonly waiting: Set<() => void>;
}

export function openTurns(stopping: AbortSignal | undefined): Turns {
  const lines = new Map<string, Line>();
  return {
    join(key, number) {
      const line = lines.get(key) ?? { numbers: [], failed: new Set(), waiting: new Set() };
      lines.set(key, line);
      line.failed.delete(number);
      if (!line.numbers.includes(number)) line.numbers.push(number);
    },
    wait(key, number) {
      const line = lines.get(key);
      return new Promise((resolve, reject) => {
        if (line === undefined) return resolve();
        const look = (): void => {
          if (line.numbers.length === 0 || line.numbers[0] === number) resolve();
          else if (stopping?.aborted === true && line.failed.size > 0)
            reject(new Error('the process stops before its turn'));
          else return;
          line.waiting.delete(look);
          stopping?.removeEventListener('abort', look);
        };
        line.waiting.add(look);
        stopping?.addEventListener('abort', look);
        look();
      });
    },
    fail(key, number) {
      const line = lines.get(key);
      if (line?.numbers.includes(number) !== true) return;
      line.failed.add(number);
      for (const look of [...line.waiting]) look();
    },
    leave(key, number) {
      const line = lines.get(key);
      if (line === undefined) return;
      const at = line.numbers.indexOf(number);
      if (at >= 0) line.numbers.splice(at, 1);
      line.failed.delete(number);
      for (const look of [...line.waiting]) look();
      if (line.numbers.length === 0) lines.delete(key);
    },
  };
}
