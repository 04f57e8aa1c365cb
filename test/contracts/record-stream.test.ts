import { redisKeys } from '../../src/adapters/redis/keys.ts';
import { redisRecordStream } from '../../src/adapters/redis/record-stream.ts';
import { redisStore } from '../../src/adapters/redis/store.ts';
import { holdOnBothRedis } from './on-redis.ts';
import { recordStreamContract } from './record-stream.contract.ts';
import { realTime } from './time.ts';

holdOnBothRedis('the record stream', recordStreamContract, ({ connect }) => ({
  async open(name) {
    const keys = redisKeys(`stream-${name}`);
    const { prompt } = await connect();
    return {
      time: realTime,
      store: redisStore(prompt, keys),
      async stream() {
        const connections = await connect();
        return redisRecordStream(connections.openPatient, connections.prompt, keys, () => undefined);
      },
    };
  },
}));
