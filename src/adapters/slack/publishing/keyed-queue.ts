/** Per-key FIFO. */
export interface KeyedQueue {
  /** Appends to the queue of this key; a number that is queued already keeps its place. */
  join(key: string, number: number): void;
  /**
   * Resolves when nothing is before it any more; for a number that is not queued, when the queue is empty. Rejects when the
   * process stops and what is before it has failed.
   */
  wait(key: string, number: number): Promise<void>;
  /** Marks it as failed, to be retried: when the process stops, those behind it stop waiting. */
  fail(key: string, number: number): void;
  /** Removes it from the queue. A failed one that will be retried keeps its place, and the others wait for it. */
  leave(key: string, number: number): void;
}

interface Line {
  readonly numbers: number[];
  /** Numbers that failed and have not been retried yet. */
  readonly failed: Set<number>;
  readonly waiting: Set<() => void>;
}

export function openKeyedQueue(stopping: AbortSignal | undefined): KeyedQueue {
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
