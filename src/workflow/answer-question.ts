import type { Answer } from '../domain/answer.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import type { JobOutcome } from '../ports/jobs.ts';
import type { Replies } from '../ports/replies.ts';
import type { Question } from '../ports/store.ts';
import type { Bot } from './bot.ts';

/** A worker looks into the cluster for somebody, and tells them alone. */
export async function answerQuestion(
  id: string,
  bot: Bot & { readonly replies: Replies },
): Promise<JobOutcome> {
  const question = await bot.questions.find(id);
  if (question === undefined) return { kind: 'done' };
  const answer = await inquire(question, bot);
  await bot.replies.reply(question, answer);
  await bot.store.append({
    record: {
      atMs: bot.now(),
      event: 'question.answered',
      actor: 'bot',
      target: question.target,
      ...(isRefusal(answer) ? { reasonCode: answer.reasonCode } : {}),
      data: { question: id, verb: question.typed.verb, for: question.person.userId },
    },
  });
  await bot.questions.forget(id);
  return { kind: 'done' };
}

/** The answer to a question, or why there is none. */
export async function inquire(
  question: Pick<Question, 'typed' | 'target'>,
  bot: Pick<Bot, 'menu' | 'policy' | 'clusters'>,
): Promise<Answer | Refusal> {
  const command = bot.menu.find(question.typed.verb);
  const target = bot.policy.targets.find(({ name }) => name === question.target);
  const cluster = bot.clusters.get(question.target);
  if (command?.kind !== 'question' || target === undefined || cluster === undefined) {
    return refuse('unknown_target', `Target ${question.target} is not there any more.`, 'Ask again.');
  }
  const inquiry = command.read(question.typed);
  return isRefusal(inquiry) ? inquiry : inquiry(target, cluster);
}
