import type { AuditRecord } from '../../src/domain/audit/record.ts';
import { verifyTrail } from '../../src/domain/audit/verify/verify-trail.ts';
import type { Change } from '../../src/domain/change/change.ts';
import { becomes, type World } from './world.ts';

const OLD = '10.20.1.1';
const NEW = '10.20.1.9';

/** How a change has to end after a fault that decides that. */
export interface Ending {
  readonly state: Change['state'];
  readonly reasonCode?: string;
  /** How often it came to rest: once, and once more for each time that it went on. */
  readonly endings: number;
  /** How many TMM pods were taken, by the bot or by others. */
  readonly taken: number;
  /** What the node's mapping was, one value after the other. */
  readonly values: readonly string[];
  /** Words that people read on its card at the end. */
  readonly card: readonly string[];
}

/** What has to hold after every fault, whatever it was; promises that were not kept, empty when all is well. */
export async function brokenPromises(
  world: World,
  change: Change | undefined,
  records: readonly AuditRecord[],
  ending: Ending | undefined,
): Promise<readonly string[]> {
  const { witness } = world;
  const broken: string[] = [];
  const promise = (holds: boolean, words: string): void => {
    if (!holds) broken.push(words);
  };
  promise(change !== undefined, 'the change ended');
  promise(witness.fewestReady() >= 2, `two TMMs kept carrying, not ${witness.fewestReady()}`);
  const trail = verifyTrail();
  for (const record of records) trail.take(`${JSON.stringify(record)}\n`);
  const { findings } = trail.end();
  promise(
    findings.length === 0,
    `the audit chain is whole: ${findings.map(({ sentence }) => sentence).join(' ')}`,
  );
  const endings = records.filter(
    ({ event, change: of }) =>
      of === world.change && /^change\.(succeeded|failed|halted|outcome_unknown|expired)$/.test(event),
  ).length;
  const often = ending?.endings ?? 1;
  promise(endings === often, `it ended ${often} times, not ${endings} times`);
  if (change === undefined) return broken;
  if (ending === undefined) await promiseOneRotation(world, change, promise);
  else await promiseEnding(world, change, ending, promise);
  return broken;
}

type Promised = (holds: boolean, words: string) => void;

async function promiseEnding(
  { witness, card }: World,
  change: Change,
  ending: Ending,
  promise: Promised,
): Promise<void> {
  const { state, outcome } = change;
  promise(state === ending.state, `it is ${ending.state}, not ${state}: ${outcome?.sentence}`);
  if (ending.reasonCode !== undefined)
    promise(
      outcome?.reasonCode === ending.reasonCode,
      `because of ${ending.reasonCode}, not ${outcome?.reasonCode}`,
    );
  promise(witness.taken() === ending.taken, `${ending.taken} pods were taken, not ${witness.taken()}`);
  const values = witness.values();
  promise(
    values.join() === ending.values.join(),
    `the mapping was ${ending.values.join(', ')}, not ${values.join(', ')}`,
  );
  for (const words of ending.card) {
    const shown = await becomes(() => card(change.id).includes(words));
    promise(shown, `the card says ${words}: ${shown ? '' : card(change.id)}`);
  }
}

/** Where the fault may end either way: done is done, and what is not done says so. */
async function promiseOneRotation(
  { witness, card }: World,
  change: Change,
  promise: Promised,
): Promise<void> {
  const values = witness.values();
  promise(
    values.every((value) => value === OLD || value === NEW),
    `the mapping was ${OLD} or ${NEW}: ${values.join(', ')}`,
  );
  promise(witness.taken() <= 1, `one pod was replaced, not ${witness.taken()}`);
  if (change.state === 'succeeded') {
    promise(values.at(-1) === NEW, 'a change that is done has written its mapping');
    promise(witness.taken() === 1, 'a change that is done has replaced its pod');
    promise(await becomes(() => card(change.id).includes('✅')), 'the card says that it is done');
    return;
  }
  promise(
    await becomes(() => !/⏳ running|🕓 proposed|👍 approved/.test(card(change.id))),
    'the card says that it stopped',
  );
}
