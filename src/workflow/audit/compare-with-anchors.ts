import type { AnchorSource } from '../../domain/audit/anchor.ts';
import { acceptanceOf, type LostRecords } from '../../domain/audit/lost-records.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TrailEnd } from '../../ports/store.ts';

export interface AnchorComparison {
  readonly end: TrailEnd;
  readonly clock: Clock;
  /** The newest anchors that stand outside the store. */
  readonly readAnchors: () => Promise<readonly AnchorSource[]>;
  /** Told of what could not be read, when that is something new. */
  readonly onUnread: (why: string) => void;
}

export interface ComparingAnchors {
  /** Compares now, after the connection to the store was lost. */
  again(): Promise<void>;
  /** Resolves when the comparison that has begun is done. */
  stop(): Promise<void>;
}

/**
 * Compares the trail with the highest record that this process or any place outside the store knows of: at once, and
 * again until every place could be read. A place that does not answer keeps nobody waiting for longer than `withinMs`.
 */
export async function startComparing(
  comparison: AnchorComparison,
  withinMs: number,
): Promise<ComparingAnchors> {
  const stopping = new AbortController();
  const compareSoon = async (): Promise<void> => {
    const first = compareOnce(comparison);
    work = retry(first, comparison, stopping.signal);
    await Promise.race([first, comparison.clock.sleep(withinMs, stopping.signal)]);
  };
  let work: Promise<void> = Promise.resolve();
  await compareSoon();
  return {
    again: compareSoon,
    async stop() {
      stopping.abort();
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
    unread = await compareOnce(comparison);
  }
}

/** What could not be read; empty when nothing was left out. Never rejects. */
async function compareOnce({ end, clock, readAnchors }: AnchorComparison): Promise<string> {
  try {
    const own = end.known();
    if (own !== undefined) await end.compare(own);
    const sources = await readAnchors();
    const told = sources.flatMap(({ anchors }) => anchors.map(({ anchor }) => anchor));
    const [highest] = told.toSorted((one, other) => other.seq - one.seq);
    const lost = highest === undefined ? undefined : await end.compare(highest);
    if (lost !== undefined && isNew(lost)) await beginAbove(lost, end, clock);
    return sources
      .flatMap(({ name, error }) => (error === undefined ? [] : [`${name}: ${error}`]))
      .join('; ');
  } catch (error) {
    return error instanceof Error ? error.message : 'the store does not answer';
  }
}

/** An empty store holds nothing that could run by mistake: a new one, or one whose loss stands in the trail from its beginning. */
export function isNew({ found }: LostRecords): boolean {
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
}
