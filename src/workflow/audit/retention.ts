import type { Anchor } from '../../domain/audit/anchor.ts';
import {
  type Blocker,
  type ChangeProgress,
  keepsAll,
  planRemoval,
  type Removal,
  type Retention,
} from '../../domain/audit/retention.ts';
import type { Clock } from '../../ports/clock.ts';
import { type AuditRetention, type Fence, type Store, Unreadable } from '../../ports/store.ts';
import type { Dependencies } from '../dependencies.ts';

export interface RetentionDependencies extends Pick<Dependencies, 'leases'> {
  readonly store: Pick<Store, 'append' | 'change' | 'records' | 'latestRecords'>;
  readonly trail: AuditRetention;
  readonly clock: Clock;
}

export interface RetentionJob {
  /** Resolves when the current round is done. */
  stop(): Promise<void>;
}

const EVERY_MS = 60 * 60 * 1_000;

/**
 * Removes records that the retention does not keep, at start and every `everyMs`, in one replica at a time. `onError` receives
 * the error of a failed round, and once each reason why records cannot be removed yet.
 */
export function startRetention(
  retention: Retention,
  bot: RetentionDependencies,
  onError: (error: unknown, what: string) => void,
  everyMs: number = EVERY_MS,
): RetentionJob {
  const stopping = new AbortController();
  const rounds = keepsAll(retention)
    ? Promise.resolve()
    : repeat(retention, bot, onError, everyMs, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await rounds;
    },
  };
}

async function repeat(
  retention: Retention,
  bot: RetentionDependencies,
  onError: (error: unknown, what: string) => void,
  everyMs: number,
  stopped: AbortSignal,
): Promise<void> {
  let reported = '';
  let pauseMs = SOON_MS;
  while (!stopped.aborted) {
    let blocker: Blocker | undefined;
    try {
      blocker = await oneRound(retention, bot);
    } catch (error) {
      onError(error, 'audit retention');
    }
    // A checkpoint is published within seconds, unless Slack is unavailable.
    const soon = blocker?.kind === 'checkpoint';
    pauseMs = soon ? Math.min(everyMs, pauseMs * 2) : SOON_MS;
    const reason = soon && pauseMs < everyMs ? '' : describeBlocker(blocker);
    if (reason !== reported && reason !== '') onError(reason, 'audit retention');
    reported = reason;
    await bot.clock.sleep(soon ? pauseMs : everyMs, stopped);
  }
}

const SOON_MS = 500;

async function oneRound(retention: Retention, bot: RetentionDependencies): Promise<Blocker | undefined> {
  const lease = await bot.leases.acquire('audit retention', 'retention');
  if (lease === undefined) return undefined;
  try {
    return await removeOldRecords(retention, lease.fence, bot);
  } finally {
    await lease.release();
  }
}

/**
 * Removes the oldest records as far as the retention allows: first appends a checkpoint that covers them, then removes them once
 * every consumer of the trail has handled that checkpoint: it is published in the audit channel, and signed where heads are
 * signed. After a crash in between, the trail is whole and the removal is still due. Returns what prevented a further removal, if
 * anything.
 */
export async function removeOldRecords(
  retention: Retention,
  fence: Fence,
  bot: RetentionDependencies,
): Promise<Blocker | undefined> {
  const { store, clock } = bot;
  const { removal, blocker } = await plan(retention, bot);
  if (removal === undefined) return blocker;
  // A removal is due: removing more than its checkpoint names would leave a trail that no checkpoint covers.
  const due = await newestCheckpoint(store);
  if (due !== undefined && due.through >= removal.first) {
    if (due.through > removal.through) return blocker;
    return (await removeOnceTold(due, bot)) ?? blocker;
  }
  const { first: _, ...data } = removal;
  const appended = await store.append({
    record: { atMs: clock.now(), event: 'audit.checkpoint', actor: 'bot', data },
    fence,
  });
  if (appended.kind !== 'appended') return blocker;
  return (await removeOnceTold({ ...appended.record, through: removal.through }, bot)) ?? blocker;
}

interface Checkpoint extends Anchor {
  readonly through: number;
}

/** Removes what the checkpoint covers once every consumer has handled it; otherwise returns the consumer that has not. */
async function removeOnceTold(
  { seq, hash, through }: Checkpoint,
  { trail }: Pick<RetentionDependencies, 'trail'>,
): Promise<Blocker | undefined> {
  const late = (await trail.handled()).find((one) => one.through < seq);
  if (late !== undefined) return { kind: 'checkpoint', group: late.group, seq };
  await trail.removeThrough(through, { seq, hash });
  return undefined;
}

async function plan(
  retention: Retention,
  { store, trail, clock }: RetentionDependencies,
): Promise<{ readonly removal?: Removal; readonly blocker?: Blocker }> {
  const state = { nowMs: clock.now(), head: await latestSeq(store), handled: await trail.handled() };
  const planned = planRemoval(retention, state);
  const known = new Map<string, ChangeProgress | undefined>();
  for await (const record of store.records(1)) {
    const id = record.change;
    if (id !== null && !known.has(id)) known.set(id, await progressOf(id, store));
    if (!planned.take(record, id === null ? undefined : known.get(id))) break;
  }
  return planned.end();
}

/** Reads only the progress: there may be many changes. */
async function progressOf(id: string, store: Pick<Store, 'change'>): Promise<ChangeProgress | undefined> {
  try {
    const change = await store.change(id);
    if (change === undefined) return undefined;
    const { state, breakGlassUse } = change;
    return { state, ...(breakGlassUse === undefined ? {} : { breakGlassUse }) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    // A later release may still continue it.
    return error.ended ? undefined : { state: 'outcome_unknown' };
  }
}

/** The sequence number of the newest record; 0 when there is none. */
export async function latestSeq(store: Pick<Store, 'latestRecords'>): Promise<number> {
  for await (const { seq } of store.latestRecords()) return seq;
  return 0;
}

async function newestCheckpoint(store: Pick<Store, 'latestRecords'>): Promise<Checkpoint | undefined> {
  for await (const { event, data, seq, hash } of store.latestRecords()) {
    if (event === 'audit.checkpoint' && typeof data.through === 'number')
      return { seq, hash, through: data.through };
  }
  return undefined;
}

function describeBlocker(blocker: Blocker | undefined): string {
  switch (blocker?.kind) {
    case undefined:
      return '';
    case 'group':
      return `records are kept from #${blocker.seq} on: the consumer group ${blocker.group} has not handled it; remove the group if no consumer reads it any more (docs/keeping-the-trail.md)`;
    case 'checkpoint':
      return `records are kept until the checkpoint in #${blocker.seq} is published: the consumer group ${blocker.group} has not handled it`;
    case 'change':
      return `records are kept from the first one of ${blocker.change} on, which has not ended`;
  }
}
