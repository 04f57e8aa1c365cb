import type { Person } from '../domain/person.ts';
import type { Refusal } from '../domain/refusal.ts';
import { clipWellFormed } from '../domain/well-formed.ts';
import type { Dependencies } from './dependencies.ts';

/** A refusal is answered and recorded, whoever it meets. */
export async function recordRefusal(
  refusal: Refusal,
  about: {
    readonly person: Person;
    readonly said: string;
    readonly channel: string;
    readonly target?: string;
    readonly change?: string;
    readonly digest?: string;
  },
  bot: Pick<Dependencies, 'store' | 'clock'>,
): Promise<Refusal> {
  const { person, said, channel, ...where } = about;
  await bot.store.append({
    record: {
      atMs: bot.clock.now(),
      event: 'request.refused',
      actor: person,
      reasonCode: refusal.reasonCode,
      ...where,
      data: { said: clipWellFormed(said, LONGEST_QUOTE), channel },
    },
  });
  return refusal;
}

const LONGEST_QUOTE = 300;
