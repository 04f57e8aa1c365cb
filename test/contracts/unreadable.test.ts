import { redisAuditRetention } from '../../src/adapters/redis/audit-retention.ts';
import { redisKeys } from '../../src/adapters/redis/keys.ts';
import { redisRecordStream } from '../../src/adapters/redis/record-stream.ts';
import { redisStore } from '../../src/adapters/redis/store.ts';
import { fakeClock } from '../doubles/fake-clock.ts';
import { memoryLeases } from '../doubles/memory-leases.ts';
import { memoryRecordStream } from '../doubles/memory-record-stream.ts';
import { memoryStore } from '../doubles/memory-store.ts';
import { holdOnBothRedis } from './on-redis.ts';
import { fakeTime, realTime } from './time.ts';
import { hold } from './under-test.ts';
import { unreadableContract } from './unreadable.contract.ts';

hold('lesson 52: what cannot be read in memory', unreadableContract, async () => ({
  async open() {
    const clock = fakeClock();
    const store = memoryStore(memoryLeases(clock));
    const stream = memoryRecordStream(store, clock);
    return {
      time: fakeTime(clock, () => stream.deliverNext()),
      store,
      stream: async () => stream,
      retention: stream.retention(),
      damageChange: async (id, json) => store.damageChange(id, json),
      appendText: async (json) => store.appendText(json),
    };
  },
}));

holdOnBothRedis('lesson 52: what cannot be read', unreadableContract, ({ connect }) => ({
  async open(name) {
    const keys = redisKeys(`unreadable ${name}`);
    const { prompt, openPatient } = await connect();
    return {
      time: realTime,
      store: redisStore(prompt, keys),
      stream: async () => redisRecordStream(openPatient, prompt, keys, () => undefined),
      retention: redisAuditRetention(prompt, keys, []),
      async damageChange(id, json) {
        await prompt.hset(keys.change(id), 'state', json, 'version', '1');
        await prompt.zadd(keys.recent, 1, id);
      },
      async appendText(json) {
        const seq = Number((await prompt.hget(keys.head, 'seq')) ?? 0) + 1;
        await prompt.xadd(keys.records, `${seq}-0`, 'record', json);
        const hash = /"hash":"([0-9a-f]{64})"/.exec(json)?.[1];
        await prompt.hset(keys.head, 'seq', seq, ...(hash === undefined ? [] : ['hash', hash]));
      },
    };
  },
}));
