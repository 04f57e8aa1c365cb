import { signerMemory, systemClock } from '../adapters/process.ts';
import { redisKeys } from '../adapters/redis/keys.ts';
import { describeOutage } from '../adapters/redis/outage.ts';
import { redisStore } from '../adapters/redis/store.ts';
import { redisTrailEnd } from '../adapters/redis/trail-end.ts';
import { describeLost, type LostRecords } from '../domain/audit/lost-records.ts';
import type { TrailEnd } from '../ports/store.ts';
import { acceptRestore } from '../workflow/audit/accept-restore.ts';
import { connectOrReport } from './connect-or-report.ts';
import { wordsOf } from './error-message.ts';
import { CONFIG_FAULT, NOT_OK, OK, UNREACHABLE } from './exit-codes.ts';
import { loadAnchors, readSignedHead } from './read-all-anchors.ts';

/** How long to wait for running replicas, which may know of a higher record than was published. */
const OTHERS_LOOK_WITHIN_MS = 2_500;

/**
 * Lets the bot continue after the store lost records. OK: done; NOT_OK: nothing is lost, or the trail has moved since;
 * UNREACHABLE: Redis, or a place that may hold a higher anchor, does not answer.
 */
export async function acceptTheRestore(reason: string): Promise<number> {
  const loaded = await loadAnchors();
  if (loaded === undefined) return CONFIG_FAULT;
  const { environment } = loaded;
  const sources = [
    ...loaded.sources,
    ...(await readSignedHead(signerMemory(environment.auditSignedHeadFile))),
  ];
  const unread = sources.filter(({ error }) => error !== undefined);
  if (unread.length > 0) {
    const names = unread.map(({ name, error }) => `${name}: ${error}`).join('\n');
    return say(`These may hold a higher anchor and could not be read:\n${names}`, UNREACHABLE);
  }
  const redis = await connectOrReport(environment.redisUrl);
  if (redis === undefined) return UNREACHABLE;
  try {
    const keys = redisKeys(environment.redisKeyPrefix);
    const end = redisTrailEnd(redis.prompt, keys);
    const anchors = sources.flatMap((source) => source.anchors.map(({ anchor }) => anchor));
    const noticed = await end.lost();
    if ((await highestLoss(end, anchors)) !== undefined && noticed === undefined)
      await systemClock.sleep(OTHERS_LOOK_WITHIN_MS);
    const lost = await highestLoss(end, anchors);
    if (lost === undefined) return say('Nothing is lost: the trail has every published record.', NOT_OK);
    const store = redisStore(redis.prompt, keys, end);
    const accepted = await acceptRestore(lost, reason, { end, store, clock: systemClock });
    if (accepted === undefined) return say('The trail grew in the meantime: run it again.', NOT_OK);
    const { seq, changes } = accepted;
    const left =
      changes.length === 0 ? 'No change was open.' : `These need a decision: ${changes.join(', ')}.`;
    process.stdout.write(`${describeLost(lost)}\nAccepted by record #${seq}; the bot continues. ${left}\n`);
    return OK;
  } catch (error) {
    if (describeOutage(error) === undefined) throw error;
    return say(`Redis: ${wordsOf(error)}. Run it again once Redis answers.`, UNREACHABLE);
  } finally {
    await redis.close();
  }
}

/** The known loss, measured by the highest record known anywhere. */
async function highestLoss(
  end: TrailEnd,
  anchors: readonly LostRecords['known'][],
): Promise<LostRecords | undefined> {
  const before = await end.lost();
  const known = before === undefined ? anchors : [...anchors, before.known];
  const [highest] = known.toSorted((one, other) => other.seq - one.seq);
  return highest && (await end.compare(highest));
}

function say(words: string, code: number): number {
  process.stderr.write(`${words}\n`);
  return code;
}
