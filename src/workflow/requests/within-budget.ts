import type { Person } from '../../domain/person.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Budgets } from '../../ports/budgets.ts';
import type { Dependencies } from '../dependencies.ts';
import { recordRefusal } from '../record-refusal.ts';
import type { Reply } from '../requests.ts';

interface Request {
  readonly person: Person;
  readonly channel: string;
  readonly said: string;
}

/**
 * Does what one person asks while their budget lasts. Beyond it, they are told once when to try again, and the rest is left out
 * until then; all of it is counted in the trail. What is not refused costs little: nobody floods the bot with requests that make sense.
 */
export async function withinBudget(
  kind: 'command' | 'click',
  request: Request,
  bot: Pick<Dependencies, 'store' | 'clock' | 'refusals'> & { readonly budgets: Budgets },
  act: () => Promise<Reply>,
): Promise<Reply> {
  const taken = await bot.budgets.take(request.person, kind);
  if (taken.kind === 'within') {
    const reply = await act();
    if (!isRefusal(reply)) await bot.budgets.putBack(request.person, kind);
    return reply;
  }
  const refusal = tooMany(kind, taken.retryAfterMs);
  await recordRefusal(refusal, request, bot);
  return taken.first ? refusal : { kind: 'working' };
}

function tooMany(kind: 'command' | 'click', retryAfterMs: number): Refusal {
  const [what, other] = kind === 'command' ? ['commands', 'Buttons'] : ['clicks', 'Typed commands'];
  return refuse(
    'too_many_requests',
    `So many ${what} came from you that I leave out what follows.`,
    `Try again in ${Math.ceil(retryAfterMs / 1_000)} s. ${other} still work.`,
  );
}
