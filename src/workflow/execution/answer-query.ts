import type { Answer } from '../../domain/answer.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Replies } from '../../ports/chat.ts';
import type { JobOutcome } from '../../ports/jobs.ts';
import type { PendingQuery } from '../../ports/store.ts';
import type { Dependencies } from '../dependencies.ts';

/** A worker looks into the cluster for somebody, and tells them alone. */
export async function answerQuery(
  id: string,
  bot: Dependencies & { readonly replies: Replies },
): Promise<JobOutcome> {
  const query = await bot.pendingQueries.find(id);
  if (query === undefined) return { kind: 'done' };
  const answer = await runQuery(query, bot);
  await bot.replies.reply(query, answer);
  await bot.store.append({
    record: {
      atMs: bot.clock.now(),
      event: 'query.answered',
      actor: 'bot',
      target: query.target,
      ...(isRefusal(answer) ? { reasonCode: answer.reasonCode } : {}),
      data: { query: id, verb: query.parsed.verb, for: query.person.userId },
    },
  });
  await bot.pendingQueries.forget(id);
  return { kind: 'done' };
}

/** The answer to a question, or why there is none. */
export async function runQuery(
  query: Pick<PendingQuery, 'parsed' | 'target'>,
  bot: Pick<Dependencies, 'registry' | 'policy' | 'clusters'>,
): Promise<Answer | Refusal> {
  const command = bot.registry.find(query.parsed.verb);
  const target = bot.policy.targets.find(({ name }) => name === query.target);
  const cluster = bot.clusters.get(query.target);
  if (command?.kind !== 'query' || target === undefined || cluster === undefined) {
    return refuse('unknown_target', `Target ${query.target} is not there any more.`, 'Ask again.');
  }
  const handler = command.read(query.parsed);
  return isRefusal(handler) ? handler : handler(target, cluster);
}
