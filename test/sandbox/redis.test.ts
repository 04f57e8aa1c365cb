import { expect } from '@jest/globals';
import { onBothRedis } from '../contracts/on-redis.ts';
import { eventually } from './zebos/eventually.ts';

onBothRedis('a read that blocks', (test, redis) => {
  test('ends with its connection: what comes afterwards goes to somebody who is there', async () => {
    const { prompt, openPatient } = await redis.connect();
    await prompt.xgroup('CREATE', 'stream', 'group', '0', 'MKSTREAM');
    const clients = async () =>
      String(await prompt.client('LIST'))
        .trim()
        .split('\n').length;
    const read = async (consumer: string) => {
      const connection = openPatient();
      await connection.ping();
      const reply = connection.xreadgroup(
        'GROUP',
        'group',
        consumer,
        'BLOCK',
        9_000,
        'STREAMS',
        'stream',
        '>',
      );
      return { connection, reply };
    };
    const gone = await read('gone');
    const ended = expect(gone.reply).rejects.toThrow('closed');
    expect(await clients()).toBe(2);
    gone.connection.disconnect();
    await ended;
    await eventually(async () => expect(await clients()).toBe(1));
    const there = await read('there');
    await prompt.xadd('stream', '*', 'key', 'value');
    expect(JSON.stringify(await there.reply)).toContain('value');
  });
});
