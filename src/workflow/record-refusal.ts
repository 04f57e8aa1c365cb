import type { RecordDraft } from '../domain/audit/record.ts';
import type { Person } from '../domain/person.ts';
import type { Refusal } from '../domain/refusal.ts';
import { clipWellFormed } from '../domain/well-formed.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * A refusal is answered and recorded, whoever it meets. Of many of one kind to one person within a minute, the first ones get a
 * record each, and the others one together when the minute is over.
 */
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
  bot: Pick<Dependencies, 'store' | 'clock' | 'refusals'>,
): Promise<Refusal> {
  const { person, said, channel, ...where } = about;
  const { reasonCode } = refusal;
  const draft: RecordDraft = {
    atMs: bot.clock.now(),
    event: 'request.refused',
    actor: person,
    reasonCode,
    ...where,
    data: { said: clipWellFormed(said, LONGEST_QUOTE), channel },
  };
  const kind = [person.teamId, person.userId, reasonCode, where.change ?? ''].join(':');
  const ownRecords = reasonCode === 'too_many_requests' ? 1 : OWN_RECORDS;
  if ((await bot.refusals.note(kind, draft, ownRecords)) === 'record')
    await bot.store.append({ record: draft });
  return refusal;
}

const LONGEST_QUOTE = 300;
const OWN_RECORDS = 20;
