import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to Redis on which something happens just before a bot reads a certain answer. */
export interface RedisProxy {
  /** For `REDIS_URL`. */
  readonly url: string;
  /** Calls `happens` when the answer to the next request with all these words is there, before it is passed on. */
  beforeAnswerTo(words: readonly string[], happens: () => void): void;
  stop(): Promise<void>;
}

/** @param unixUrl the URL of a Redis that listens on a Unix socket */
export async function startRedisProxy(unixUrl: string): Promise<RedisProxy> {
  let armed: { readonly words: readonly string[]; readonly happens: () => void } | undefined;
  const sockets = new Set<Socket>();
  const server = createServer((bot) => {
    const redis = connect(unixUrl.replace('unix://', ''));
    let due: (() => void) | undefined;
    bot.on('data', (chunk: Buffer) => {
      const text = chunk.toString('latin1');
      if (armed?.words.every((word) => text.includes(word))) {
        due = armed.happens;
        armed = undefined;
      }
      redis.write(chunk);
    });
    redis.on('data', (chunk: Buffer) => {
      due?.();
      due = undefined;
      bot.write(chunk);
    });
    for (const [one, other] of [
      [bot, redis],
      [redis, bot],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `redis://127.0.0.1:${port}`,
    beforeAnswerTo(words, happens) {
      armed = { words, happens };
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
