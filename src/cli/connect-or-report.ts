import { connectRedis, type RedisConnections } from '../adapters/redis/connect.ts';
import { wordsOf } from './error-message.ts';

/** Connects to Redis; undefined, after reporting why on standard error, when it cannot. */
export async function connectOrReport(url: string): Promise<RedisConnections | undefined> {
  try {
    return await connectRedis(url, () => undefined);
  } catch (error) {
    process.stderr.write(`Redis: ${wordsOf(error)}\n`);
    return undefined;
  }
}
