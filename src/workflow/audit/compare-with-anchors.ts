import type { AnchorSource } from '../../domain/audit/anchor.ts';
import { acceptanceOf, type LostRecords } from '../../domain/audit/lost-records.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TrailEnd } from '../../ports/store.ts';

export interface AnchorComparison {
  readonly end: TrailEnd;
  readonly clock: Clock;
  /** The newest anchors that are kept outside the store. */
  readonly readAnchors: () => Promise<readonly AnchorSource[]>;
  /** Called with what could not be read, when that is new. */
  readonly onUnread: (why: string) => void;
}

export interface ComparingAnchors {
  /** Compares now, after the connection to the store was lost. Never rejects. */
  again(): Promise<void>;
  /** Resolves when the running comparison is done. */
  stop(): Promise<void>;
}

/** Appends since a replica's last poll that were not published yet are known only to the other replicas. */
const LOOK_EVERY_MS = 1_000;
/** How long an append waits so that the others can poll as well. */
const OTHERS_LOOK_WITHIN_MS = 2_500;

/**
 * Compares the trail with the highest record known to this process or to any place outside the store: at once, before the next
 * append whenever the store may have been rolled back, and again until every place could be read. A place that does not answer
 * delays appends by at most `withinMs`. Rejects when the store does not answer.
 */
export async function startComparing(
  comparison: AnchorComparison,
  withinMs: number,
): Promise<ComparingAnchors> {
  const { end, clock, onUnread } = comparison;
  const stopping = new AbortController();
  let retrying = new AbortController();
  let work: Promise<unknown> = Promise.resolve();
  let isFirst = true;
  const compareAll = async (): Promise<void> => {
    retrying.abort();
    retrying = new AbortController();
    const once = compareOnce(comparison, isFirst);
    const othersLook = isFirst ? undefined : clock.sleep(OTHERS_LOOK_WITHIN_MS, stopping.signal);
    isFirst = false;
    work = Promise.all([work, retry(once, comparison, AbortSignal.any([stopping.signal, retrying.signal]))]);
    await Promise.race([once, clock.sleep(withinMs, stopping.signal)]);
    await othersLook;
  };
  const look = async (): Promise<void> => {
    try {
      await end.look();
      said = '';
    } catch (error) {
      const why = error instanceof Error ? error.message : 'the store does not answer';
      if (why !== said) onUnread(why);
      said = why;
    }
  };
  let said = '';
  const keepLooking = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await clock.sleep(LOOK_EVERY_MS, stopping.signal);
      if (!stopping.signal.aborted) await look();
    }
  };
  end.guard(compareAll);
  await end.look();
  const looking = keepLooking();
  return {
    async again() {
      end.suspect();
      await look();
    },
    async stop() {
      stopping.abort();
      await looking;
      await work;
    },
  };
}

const RETRY_FIRST_MS = 30_000;
const RETRY_LAST_MS = 3_600_000;

async function retry(
  first: Promise<string>,
  comparison: AnchorComparison,
  stopped: AbortSignal,
): Promise<void> {
  let said = '';
  for (let [unread, pauseMs] = [await first, RETRY_FIRST_MS]; unread !== ''; pauseMs *= 2) {
    if (unread !== said) comparison.onUnread(unread);
    said = unread;
    await comparison.clock.sleep(Math.min(pauseMs, RETRY_LAST_MS), stopped);
    if (stopped.aborted) return;
    unread = await compareOnce(comparison, false);
  }
}

/** What could not be read; empty when everything was. Never rejects. */
async function compareOnce({ end, clock, readAnchors }: AnchorComparison, isFirst: boolean): Promise<string> {
  try {
    const own = end.known();
    const before = own === undefined ? await end.lost() : await end.compare(own);
    const sources = await readAnchors();
    const told = sources.flatMap(({ anchors }) => anchors.map(({ anchor }) => anchor));
    const [highest] = told.toSorted((one, other) => other.seq - one.seq);
    const lost = highest === undefined ? undefined : await end.compare(highest);
    if (isFirst && lost !== undefined && isNew(lost)) {
      if (before === undefined) await beginAbove(lost, end, clock);
      // Another process that starts as well begins the trail; a loss while a replica was working is left to an operator.
      else await clock.sleep(OTHERS_LOOK_WITHIN_MS);
    }
    return sources
      .flatMap(({ name, error }) => (error === undefined ? [] : [`${name}: ${error}`]))
      .join('; ');
  } catch (error) {
    return error instanceof Error ? error.message : 'the store does not answer';
  }
}

/**
 * A store that is empty when a process starts has nothing that could run by mistake: it is new, and its first record says what is
 * lost.
 */
function isNew({ found }: LostRecords): boolean {
  return found.seq === 0;
}

async function beginAbove(lost: LostRecords, end: TrailEnd, clock: Clock): Promise<void> {
  const reason = 'the store was empty when the bot looked';
  await end.accept(lost, {
    atMs: clock.now(),
    event: 'audit.restore_accepted',
    actor: 'bot',
    data: { ...acceptanceOf(lost, reason) },
  });
  await end.resume();
}
