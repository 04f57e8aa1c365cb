import { expect } from '@jest/globals';
import type { AuditRecord } from '../../src/domain/audit/record.ts';
import type { RecordStream, Store } from '../../src/ports/store.ts';
import type { TimeUnderTest } from './time.ts';
import type { Contract } from './under-test.ts';

/** Trails by name, each with a stream for every replica that asks for one. */
export interface StreamsUnderTest {
  open(name: string): Promise<TrailUnderTest>;
}

export interface TrailUnderTest {
  readonly time: TimeUnderTest;
  readonly store: Store;
  stream(): Promise<RecordStream>;
}

export const recordStreamContract: Contract<StreamsUnderTest> = (run, the) => {
  run('hands over every record from the first one on, in order, once', async () => {
    const { time, store, stream } = await the().open('order');
    await append(store, 5);
    const { seen, handle } = collector();
    const following = (await stream()).follow('cards', handle);
    await append(store, 5);
    await time.until(() => expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
    await following.stop();
  });

  run('two of a group share the records; another group gets them all', async () => {
    const { time, store, stream } = await the().open('share');
    const [one, other, all] = [collector(), collector(), collector()];
    const followings = [
      (await stream()).follow('cards', one.handle),
      (await stream()).follow('cards', other.handle),
      (await stream()).follow('notices', all.handle),
    ];
    await append(store, 20);
    await time.until(() => {
      expect([...one.seen, ...other.seen].sort((a, b) => a - b)).toEqual(
        Array.from({ length: 20 }, (_, at) => at + 1),
      );
      expect(all.seen.length).toBe(20);
    });
    for (const following of followings) await following.stop();
  });

  run('a handler that throws is given the same record again, and none overtakes it', async () => {
    const { time, store, stream } = await the().open('again');
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
    await time.until(() => expect(seen).toEqual([1, 2, 2, 2, 3]));
    await following.stop();
  });

  run('with several at once, a slow one holds up nobody, and all are begun in order', async () => {
    const { time, store, stream } = await the().open('parallel');
    const begun: number[] = [];
    const done: number[] = [];
    let end = (): void => undefined;
    const slow = new Promise<void>((resolve) => {
      end = resolve;
    });
    const following = (await stream()).follow(
      'cards',
      async ({ seq }) => {
        begun.push(seq);
        if (seq === 1) await slow;
        done.push(seq);
        if (seq === 4) end();
      },
      { atOnce: 10 },
    );
    await append(store, 4);
    await time.until(() => expect(done).toEqual([2, 3, 4, 1]));
    expect(begun).toEqual([1, 2, 3, 4]);
    await following.stop();
  });

  run('a record in the hand of one that died is soon another’s', async () => {
    const { time, store, stream } = await the().open('dead');
    let bury = (): void => undefined;
    const grave = new Promise<void>((resolve) => {
      bury = resolve;
    });
    const taken: number[] = [];
    const dead = (await stream()).follow('dispatch', ({ seq }) => {
      taken.push(seq);
      return grave;
    });
    await append(store, 1);
    await time.until(() => expect(taken).toEqual([1]));
    const heir = collector();
    const following = (await stream()).follow('dispatch', heir.handle, { deadAfterMs: 500 });
    await time.until(() => expect(heir.seen).toEqual([1]));
    await following.stop();
    bury();
    await dead.stop();
  });

  run(
    'who follows alone begins with what a dead one left, however many there are, and keeps the order',
    async () => {
      const { time, store, stream } = await the().open('alone');
      const never = new Promise<void>(() => undefined);
      let given = 0;
      (await stream()).follow(
        'notices',
        () => {
          given += 1;
          return never;
        },
        { atOnce: 150 },
      );
      await append(store, 150);
      await time.until(() => expect(given).toBe(150));
      await append(store, 10);
      const heir = collector();
      const following = (await stream()).follow('notices', heir.handle, { alone: true });
      await time.until(() => expect(heir.seen.length).toBeGreaterThanOrEqual(150));
      expect(heir.seen.slice(0, 150)).toEqual(Array.from({ length: 150 }, (_, at) => at + 1));
      await following.stop();
    },
  );

  run(
    'a record being handled is finished before the stop, and what was read besides is at once the next one’s',
    async () => {
      const { time, store, stream } = await the().open('stop');
      const first = collector();
      let taken = false;
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      const following = (await stream()).follow('cards', async (record) => {
        taken = true;
        await held;
        await first.handle(record);
      });
      await append(store, 3);
      await time.until(() => expect(taken).toBe(true));
      const stopped = following.stop();
      release();
      await stopped;
      expect(first.seen).toEqual([1]);
      const next = collector();
      const again = (await stream()).follow('cards', next.handle);
      await time.until(() => expect([...next.seen].sort()).toEqual([2, 3]));
      await again.stop();
    },
  );
};

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
