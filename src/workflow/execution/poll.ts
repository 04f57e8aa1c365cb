import { readPages } from '../../commands/inspection/inspect.ts';
import type { Inspection } from '../../domain/bgp/inspection.ts';
import type { Complaint } from '../../domain/checks/check.ts';
import { duration, type Halt, haltOn, isHalt } from './halt.ts';
import { type Bound, type Conditions, type Look, lookOnce } from './look.ts';
import type { Run } from './run.ts';

/** The pause between two looks while only pods are waited for; a pod that moves ends it. */
const NEXT_MOVE_MS = 1_000;
/**
 * The pauses between two looks that ask pods for their sessions, from the end of one to the beginning of the next, grow from the
 * first to the last while the same is seen. What comes up meanwhile has to last for the hold time anyway, so that no longer a pause
 * delays nothing.
 */
const FIRST_PAUSE_MS = 2_000;
const MAX_PAUSE_MS = 10_000;
/** How long the watches' copy of pods and lookups will do before they are read afresh all the same. */
const COPY_FOR_MS = 20_000;

/** The look in which all conditions held. Both times are of the monotonic clock. */
export interface Seen {
  readonly inspection: Inspection;
  /** Before this nothing of it was read. */
  readonly beganAtMs: number;
  readonly endedAtMs: number;
}

/**
 * Looks again and again until all conditions hold in one inspection, which it returns. Halts when one fails, as the last
 * look says when its bound passes, or within two seconds after somebody said stop, whatever is waited for. A read that
 * fails is a wait, bounded by what is waited for, or `readTimeoutMs`. Each look reads side by side what `earlier` had, where
 * that is given: such a look takes no longer than the slowest answer.
 */
export async function poll(
  run: Run,
  conditions: Conditions,
  readTimeoutMs: number,
  earlier?: Inspection,
): Promise<Seen | Halt> {
  const { clock } = run;
  const sinceMs = new Map<string, number>();
  const waitedForMs = ({ key }: Bound): number =>
    clock.monotonicMs() - (sinceMs.get(key) ?? clock.monotonicMs());
  let waiting: { readonly key?: string; readonly bound: Bound } = {
    bound: { key: 'read', timeoutMs: readTimeoutMs },
  };
  let readAtMs = clock.monotonicMs();
  let asked = { about: '', pauseMs: 0 };
  for (;;) {
    run.assertLease();
    const late = waitedForMs(waiting.bound) >= waiting.bound.timeoutMs;
    const old = clock.monotonicMs() - readAtMs >= COPY_FOR_MS;
    const afresh = late || old || earlier !== undefined;
    const beganAtMs = clock.monotonicMs();
    const look = await run.unlessStopped(() => lookOnce(run, conditions, waiting.key, afresh, earlier));
    if (isHalt(look)) return look;
    if (look.kind === 'all hold')
      return { inspection: look.inspection, beganAtMs, endedAtMs: clock.monotonicMs() };
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
    await run.sayProgress(
      look.result.about,
      `${look.result.sentence}, ${duration(forMs)} of ${duration(bound.timeoutMs)}`,
    );
    asked = nextPause(asked, look.result.about, run.target.timeouts.holdTimeMs);
    const stopped = await pause(run, look, Math.min(asked.pauseMs, bound.timeoutMs - forMs));
    if (stopped !== undefined) return stopped;
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

function nextPause(
  last: { readonly about: string; readonly pauseMs: number },
  about: string,
  holdTimeMs: number,
) {
  if (last.about !== about) return { about, pauseMs: FIRST_PAUSE_MS };
  const longestMs = Math.min(MAX_PAUSE_MS, Math.max(FIRST_PAUSE_MS, holdTimeMs));
  return { about, pauseMs: Math.min(longestMs, last.pauseMs * 1.5) };
}

/** Waits before the next look, until a pod moves where only pods are waited for. */
async function pause(
  run: Run,
  { inspection, result }: Extract<Look, { kind: 'open' }>,
  pauseMs: number,
): Promise<Halt | undefined> {
  if (inspection?.pages.size === 0) {
    await run.cluster.nextMove(NEXT_MOVE_MS);
    return undefined;
  }
  const againInMs = result.kind === 'wait' ? result.againInMs : undefined;
  return run.rest(Math.max(againInMs ?? 0, pauseMs));
}
