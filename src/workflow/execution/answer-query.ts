import type { Answer } from '../../domain/answer.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { JobOutcome } from '../../ports/jobs.ts';
import type { PendingQuery } from '../../ports/store.ts';
import type { Dependencies, WorkerDependencies } from '../dependencies.ts';

/** Runs a query in a worker and sends its result to the requester alone. `slots` limits the queries of each target. */
export async function answerQuery(id: string, bot: WorkerDependencies, slots: Slots): Promise<JobOutcome> {
  const query = await bot.pendingQueries.find(id);
  if (query === undefined) return { kind: 'done' };
  const release = slots.take(query.target);
  if (release === undefined) return { kind: 'later', afterMs: BUSY_MS };
  try {
    return await answer(query, bot);
  } finally {
    release();
  }
}

/** How long a query waits for a slot before it tries again. */
const BUSY_MS = 250;

async function answer(query: PendingQuery, bot: WorkerDependencies): Promise<JobOutcome> {
  const reply = await runQuery(query, bot);
  await bot.replies.reply(query, reply);
  await bot.store.append({
    record: {
      atMs: bot.clock.now(),
      event: 'query.answered',
      actor: 'bot',
      target: query.target,
      ...(isRefusal(reply) ? { reasonCode: reply.reasonCode } : {}),
      // This record is the query's only notice in the audit channel: it contains the whole request.
      data: {
        query: query.id,
        verb: query.parsed.verb,
        args: query.parsed.args,
        for: query.person.userId,
      },
    },
  });
  await bot.pendingQueries.forget(query.id);
  return { kind: 'done' };
}

/** The answer to a query, or why there is none. */
export async function runQuery(
  query: Pick<PendingQuery, 'parsed' | 'target'>,
  bot: Pick<Dependencies, 'registry' | 'policy' | 'clusters'>,
): Promise<Answer | Refusal> {
  const command = bot.registry.find(query.parsed.verb);
  const target = bot.policy.targets.find(({ name }) => name === query.target);
  const cluster = bot.clusters.get(query.target);
  if (command?.kind !== 'query' || target === undefined || cluster === undefined) {
    return refuse(
      'unknown_target',
      `Target ${query.target} does not exist any more.`,
      'Type the command again.',
    );
  }
  const handler = command.read(query.parsed);
  return isRefusal(handler) ? handler : handler(target, cluster);
}

interface Slots {
  /** Takes a slot of this key; returns the function that releases it, or undefined while all are taken. */
  take(key: string): (() => void) | undefined;
}

/** Limits the number of concurrent users of each key. */
export function slotsByKey(mostPerKey: number): Slots {
  const taken = new Map<string, number>();
  return {
    take(key) {
      const before = taken.get(key) ?? 0;
      if (before >= mostPerKey) return undefined;
      taken.set(key, before + 1);
      return () => void taken.set(key, (taken.get(key) ?? 0) - 1);
    },
  };
}
