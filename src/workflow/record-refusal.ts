import type { RecordDraft } from '../domain/audit/record.ts';
import type { Person } from '../domain/person.ts';
import type { Refusal } from '../domain/refusal.ts';
import { clipWellFormed } from '../domain/well-formed.ts';
import type { Clock } from '../ports/clock.ts';
import type { Refusals } from '../ports/request-limiter.ts';
import type { Store } from '../ports/store.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * Records a refusal, whoever is refused. Of many of one kind to one person within a minute, the first ones get a record each, and
 * the others one together after the minute.
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
    data: { said: clipWellFormed(said, MAX_QUOTE), channel },
  };
  const kind = [person.teamId, person.userId, reasonCode, where.change ?? ''].join(':');
  const ownRecords = reasonCode === 'too_many_requests' ? 1 : OWN_RECORDS;
  if ((await bot.refusals.note(kind, draft, ownRecords)) === 'record')
    await bot.store.append({ record: draft });
  return refusal;
}

const MAX_QUOTE = 300;
const OWN_RECORDS = 20;

const EVERY_MS = 5_000;

/** Writes one record for all refusals of a kind without a record of their own, once their minute is over. */
export function startRefusalSums(
  { refusals, store, clock }: { refusals: Refusals; store: Pick<Store, 'append'>; clock: Clock },
  warn: (error: unknown, what: string) => void,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await recordSums(refusals, store, clock).catch((error: unknown) => warn(error, 'recording refusals'));
      await clock.sleep(EVERY_MS, stopping.signal);
    }
  };
  const running = run();
  return {
    stop() {
      stopping.abort();
      return running;
    },
  };
}

/** If the process dies between the two steps, the sum is recorded again: counted twice rather than not at all. */
async function recordSums(
  refusals: Refusals,
  store: Pick<Store, 'append'>,
  clock: Pick<Clock, 'now'>,
): Promise<void> {
  for (const sum of await refusals.dueSums()) {
    const { draft, times } = sum;
    await store.append({ record: { ...draft, atMs: clock.now(), data: { ...draft.data, times } } });
    await refusals.settled(sum);
  }
}
