import { expect } from '@jest/globals';
import { redisKeys } from '../../src/adapters/redis/keys.ts';
import { redisRecordStream } from '../../src/adapters/redis/record-stream.ts';
import { redisStore } from '../../src/adapters/redis/store.ts';
import type { AuditRecord } from '../../src/domain/audit/record.ts';
import type { RecordStream, Store } from '../../src/ports/store.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { onBothRedis, type RedisUnderTest } from './on-redis.ts';

/** A trail of its own, and feeds of as many replicas as are wanted. */
async function open(
  redis: RedisUnderTest,
  name: string,
): Promise<{ store: Store; stream(): Promise<RecordStream> }> {
  const keys = redisKeys(name);
  const { prompt } = await redis.connect();
  return {
    store: redisStore(prompt, keys),
    async stream() {
      const connections = await redis.connect();
      return redisRecordStream(connections.openPatient, connections.prompt, keys, () => undefined);
    },
  };
}

async function append(store: Store, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await store.append({ record: { atMs: index, event: 'bot.started', actor: 'bot', data: { index } } });
  }
}

function collector(): { readonly seen: number[]; handle(record: AuditRecord): Promise<void> } {
  const seen: number[] = [];
  return {
    seen,
    async handle({ seq }) {
      seen.push(seq);
    },
  };
}

onBothRedis('the feed', (run, redis) => {
  run('hands over every record from the first one on, in order, once', async () => {
    const { store, stream } = await open(redis, 'feed-order');
    await append(store, 5);
    const { seen, handle } = collector();
    const following = (await stream()).follow('cards', handle);
    await append(store, 5);
    await eventually(() => expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
    await following.stop();
  });

  run('two of a group share the records; another group gets them all', async () => {
    const { store, stream } = await open(redis, 'feed-share');
    const [one, other, all] = [collector(), collector(), collector()];
    const followings = [
      (await stream()).follow('cards', one.handle),
      (await stream()).follow('cards', other.handle),
      (await stream()).follow('notices', all.handle),
    ];
    await append(store, 20);
    await eventually(() => {
      expect([...one.seen, ...other.seen].sort((a, b) => a - b)).toEqual(
        Array.from({ length: 20 }, (_, at) => at + 1),
      );
      expect(all.seen.length).toBe(20);
    });
    for (const following of followings) await following.stop();
  });

  run('a handler that throws is given the same record again, and none overtakes it', async () => {
    const { store, stream } = await open(redis, 'feed-again');
    const seen: number[] = [];
    let failures = 2;
    const following = (await stream()).follow('cards', async ({ seq }) => {
      seen.push(seq);
      if (seq === 2 && failures > 0) {
        failures -= 1;
        throw new Error('Slack is away');
      }
    });
    await append(store, 3);
    await eventually(() => expect(seen).toEqual([1, 2, 2, 2, 3]));
    await following.stop();
  });

  run('with several at once, a slow one holds up nobody, and all are begun in order', async () => {
    const { store, stream } = await open(redis, 'feed-parallel');
    const begun: number[] = [];
    const done: number[] = [];
    const slow = gate();
    const following = (await stream()).follow(
      'cards',
      async ({ seq }) => {
        begun.push(seq);
        if (seq === 1) await slow.opened;
        done.push(seq);
      },
      { atOnce: 10 },
    );
    await append(store, 4);
    await eventually(() => expect(done).toEqual([2, 3, 4]));
    expect(begun).toEqual([1, 2, 3, 4]);
    slow.open();
    await following.stop();
    expect(done).toEqual([2, 3, 4, 1]);
  });

  run('a record in the hand of one that died is soon another’s', async () => {
    const { store, stream } = await open(redis, 'feed-dead');
    const [begun, grave] = [gate(), gate()];
    const dead = (await stream()).follow('dispatch', () => {
      begun.open();
      return grave.opened;
    });
    await append(store, 1);
    await begun.opened;
    const heir = collector();
    const following = (await stream()).follow('dispatch', heir.handle, { deadAfterMs: 500 });
    await eventually(() => expect(heir.seen).toEqual([1]));
    await following.stop();
    grave.open();
    await dead.stop();
  });

  run(
    'a record in hand is finished before the stop, and what was read besides is at once the next one’s',
    async () => {
      const { store, stream } = await open(redis, 'feed-stop');
      const [begun, held] = [gate(), gate()];
      const first = collector();
      await append(store, 3);
      const following = (await stream()).follow('cards', async (record) => {
        begun.open();
        await held.opened;
        await first.handle(record);
      });
      await begun.opened;
      const stopped = following.stop();
      held.open();
      await stopped;
      expect(first.seen).toEqual([1]);
      const next = collector();
      const after = (await stream()).follow('cards', next.handle);
      await eventually(() => expect(next.seen).toEqual([2, 3]));
      await after.stop();
    },
  );
});

/** Something to wait for, until the test opens it. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
