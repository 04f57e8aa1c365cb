import { readPages } from '../../commands/inspection/inspect.ts';
import type { Inspection } from '../../domain/bgp/inspection.ts';
import type { Complaint } from '../../domain/checks/check.ts';
import { duration } from '../../domain/times.ts';
import { type Halt, haltOn, isHalt } from './halt.ts';
import { type Bound, type Conditions, type Look, lookOnce } from './look.ts';
import type { Run } from './run.ts';

/** The pause between two evaluations that wait only for pods; a change of a pod ends it. */
const NEXT_MOVE_MS = 1_000;
/**
 * Pauses between two evaluations that query pods for their sessions, from the end of one to the beginning of the next; they grow
 * from the first to the last while nothing changes. A session has to last for the hold time anyway, so that a pause of at most
 * that delays nothing.
 */
const FIRST_PAUSE_MS = 2_000;
const MAX_PAUSE_MS = 10_000;
/** How long the cached snapshot is used before a live read. */
const COPY_FOR_MS = 20_000;

/** The evaluation in which all conditions held. Both times are of the monotonic clock. */
export interface Seen {
  readonly inspection: Inspection;
  /** All of it was read after this time. */
  readonly beganAtMs: number;
  readonly endedAtMs: number;
}

/**
 * Evaluates repeatedly until all conditions hold in one inspection, which it returns. Halts when one fails, with the last result
 * when its timeout passes, or within two seconds after somebody requested a stop, whatever is waited for. A failed read is a
 * wait, limited by the timeout of the condition or by `readTimeoutMs`. Each evaluation reads in parallel what `earlier` had, if
 * given: it then takes no longer than the slowest answer.
 */
export async function poll(
  run: Run,
  conditions: Conditions,
  readTimeoutMs: number,
  earlier?: Inspection,
  nodes: readonly string[] = [],
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
    const look = await run.unlessStopped(() =>
      lookOnce(run, conditions, waiting.key, afresh, earlier, nodes),
    );
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

/** The complaint, after reading everything that its hint can use. */
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

/** Waits before the next evaluation, or until a pod changes where only pods are waited for. */
async function pause(
  run: Run,
  { inspection, result }: Extract<Look, { kind: 'open' }>,
  pauseMs: number,
): Promise<Halt | undefined> {
  if (inspection?.pages.size === 0) {
    await run.cluster.nextChange(NEXT_MOVE_MS);
    return undefined;
  }
  const againInMs = result.kind === 'wait' ? result.againInMs : undefined;
  return run.rest(Math.max(againInMs ?? 0, pauseMs));
}
