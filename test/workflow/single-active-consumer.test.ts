import { expect, test } from '@jest/globals';
import { consumeAlone } from '../../src/workflow/single-active-consumer.ts';
import { fakeClock } from '../doubles/fake-clock.ts';
import { memoryLeases } from '../doubles/memory-leases.ts';
import { memoryRecordStream } from '../doubles/memory-record-stream.ts';
import { memoryStore } from '../doubles/memory-store.ts';

function open() {
  const clock = fakeClock();
  const leases = memoryLeases(clock);
  const store = memoryStore(leases);
  const records = memoryRecordStream(store, clock);
  const append = async (count: number): Promise<void> => {
    for (let at = 0; at < count; at += 1)
      await store.append({ record: { atMs: at, event: 'bot.started', actor: 'bot' } });
  };
  const pass = async (ms: number): Promise<void> => {
    for (let leftMs = ms; leftMs > 0; leftMs -= 250) {
      await records.deliverAll();
      await clock.advance(250);
    }
  };
  const follow = (handle: (seq: number) => Promise<void>) =>
    consumeAlone('notices', ({ seq }) => handle(seq), { atOnce: 10 }, { records, leases, clock, onError });
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  return { records, append, pass, follow, errors };
}

test('lesson 54: of two replicas one follows, and after its end the other goes on in the order of the records', async () => {
  const { append, pass, follow, errors } = open();
  const seen: string[] = [];
  const one = follow(async (seq) => void seen.push(`one ${seq}`));
  const other = follow(async (seq) => void seen.push(`other ${seq}`));
  await append(3);
  await pass(5_000);
  const stopped = one.stop();
  await append(2);
  await pass(5_000);
  await stopped;
  expect(seen).toEqual(['one 1', 'one 2', 'one 3', 'other 4', 'other 5']);
  await other.stop();
  expect(errors).toEqual([]);
});

test('lesson 54: what a replica that died had in hand comes before what is newer', async () => {
  const { records, append, pass, follow } = open();
  const never = new Promise<void>(() => undefined);
  records.follow('notices', () => never, { atOnce: 10 });
  await append(3);
  await pass(1_000);
  const [dead] = records.members();
  if (dead !== undefined) records.kill(dead);
  const seen: number[] = [];
  const heir = follow(async (seq) => void seen.push(seq));
  await append(2);
  await pass(10_000);
  expect(seen).toEqual([1, 2, 3, 4, 5]);
  await heir.stop();
});
