import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Batch, BatchRun } from './seed-batch.ts';

/**
 * Runs batches in so many copies of this program at the same time; gives what came of them in their order. In a copy it
 * only serves the program that started it, and gives nothing.
 */
export async function* inProcesses(
  batches: Iterable<Batch>,
  processes: number,
  run: (batch: Batch) => Promise<BatchRun>,
): AsyncGenerator<BatchRun> {
  if (process.send !== undefined) return serve(run);
  if (processes < 2) {
    for (const batch of batches) yield await run(batch);
    return;
  }
  const copies = Array.from({ length: processes }, () =>
    fork(process.argv[1] ?? '', process.argv.slice(2), { serialization: 'advanced' }),
  );
  const running: { readonly copy: ChildProcess; readonly came: Promise<BatchRun> }[] = [];
  const left = batches[Symbol.iterator]();
  const startNext = (copy: ChildProcess): void => {
    const { done, value } = left.next();
    if (done !== true) running.push({ copy, came: runIn(copy, value) });
  };
  try {
    for (const copy of copies) startNext(copy);
    for (let first = running.shift(); first !== undefined; first = running.shift()) {
      const came = await first.came;
      startNext(first.copy);
      yield came;
    }
  } finally {
    // Nobody waits for these any more.
    for (const { came } of running) came.catch(() => undefined);
    for (const copy of copies) copy.kill();
  }
}

function runIn(copy: ChildProcess, batch: Batch): Promise<BatchRun> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null): void =>
      reject(new Error(`a process of the simulator ended with ${code}`));
    copy.once('exit', died);
    copy.once('message', (came: BatchRun) => {
      copy.off('exit', died);
      resolve(came);
    });
    copy.send(batch);
  });
}

async function serve(run: (batch: Batch) => Promise<BatchRun>): Promise<void> {
  for (;;) {
    const [batch] = await once(process, 'message');
    process.send?.(await run(batch));
  }
}
