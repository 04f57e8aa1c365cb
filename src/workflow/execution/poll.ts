import { readPages } from '../../commands/inspection/inspect.ts';
import type { Inspection } from '../../domain/bgp/inspection.ts';
import type { Complaint } from '../../domain/checks/check.ts';
import { type Bound, type Conditions, type Look, lookOnce } from './look.ts';
import { duration, type Halt, haltOn, type Run } from './run.ts';

/** The pause between two looks while only pods are waited for; a pod that moves ends it. */
const NEXT_MOVE_MS = 1_000;
/** The pauses between two looks that ask pods for their sessions grow from the first to the last. */
const SHORTEST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 2_000;
/** How long the watches' copy of pods and lookups will do before they are read afresh all the same. */
const COPY_FOR_MS = 10_000;

/**
 * Looks again and again until all conditions hold in one inspection, which it returns. Halts when one fails, or as the
 * last look says when its bound passes. A read that fails is a wait, bounded by what is waited for, or `readTimeoutMs`.
 * @param stopped asked at each look: why to stop waiting, if somebody said so
 */
export async function poll(
  run: Run,
  conditions: Conditions,
  readTimeoutMs: number,
  stopped: () => Promise<Halt | undefined> = async () => undefined,
): Promise<Inspection | Halt> {
  const { clock } = run;
  const sinceMs = new Map<string, number>();
  const waitedForMs = ({ key }: Bound): number =>
    clock.monotonicMs() - (sinceMs.get(key) ?? clock.monotonicMs());
  let waiting: { readonly key?: string; readonly bound: Bound } = {
    bound: { key: 'read', timeoutMs: readTimeoutMs },
  };
  let readAtMs: number | undefined;
  let pauseMs = SHORTEST_PAUSE_MS;
  for (;;) {
    run.assertLease();
    const stop = await stopped();
    if (stop !== undefined) return stop;
    const late = waitedForMs(waiting.bound) >= waiting.bound.timeoutMs;
    const old = readAtMs === undefined || clock.monotonicMs() - readAtMs >= COPY_FOR_MS;
    const look = await lookOnce(run, conditions, waiting.key, late || old);
    if (look.kind === 'all hold') return look.inspection;
    if (look.afresh) readAtMs = clock.monotonicMs();
    if (look.result.kind === 'fail') return haltOn(look.result);
    waiting = look.condition ?? waiting;
    const { bound } = waiting;
    if (!sinceMs.has(bound.key)) sinceMs.set(bound.key, clock.monotonicMs());
    const forMs = waitedForMs(bound);
    if (forMs >= bound.timeoutMs) {
      if (look.afresh) return haltOn(await inFull(run, look), forMs);
      continue;
    }
    await run.sayProgress(look.result.about, `${look.result.sentence}, ${duration(forMs)}`);
    pauseMs = await pause(run, look, pauseMs);
  }
}

/** What is wrong, with everything read that its hint can use. */
async function inFull(
  run: Run,
  { result, condition, inspection }: Extract<Look, { kind: 'open' }>,
): Promise<Complaint> {
  if (result.kind !== 'wait' || result.tellWith === undefined) return result;
  if (condition === undefined || inspection === undefined) return result;
  const judged = condition.judge(await readPages(run.cluster, inspection, [result.tellWith]));
  return judged.kind === 'wait' ? judged : result;
}

/** Waits before the next look; how long the pause after that is. */
async function pause(
  { cluster, clock, signal }: Run,
  { inspection }: Extract<Look, { kind: 'open' }>,
  pauseMs: number,
): Promise<number> {
  if (inspection?.pages.size === 0) {
    await cluster.nextMove(NEXT_MOVE_MS);
    return pauseMs;
  }
  await clock.sleep(pauseMs, signal);
  return Math.min(LONGEST_PAUSE_MS, pauseMs * 1.5);
}
