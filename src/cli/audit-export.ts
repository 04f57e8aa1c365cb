import { connectRedis } from '../adapters/redis/connect.ts';
import { redisKeys } from '../adapters/redis/keys.ts';
import { redisStore } from '../adapters/redis/store.ts';
import { loadMenu } from '../commands/menu.ts';
import { loadConfig } from '../config/load.ts';

const CONFIG_FAULT = 78;

/** Writes the trail as JSON lines, one record each, in order. */
export async function auditExport({
  since,
  change,
}: {
  readonly since: number;
  readonly change?: string;
}): Promise<number> {
  const loaded = loadConfig((await loadMenu()).commands.map(({ verb }) => verb));
  if (loaded.kind === 'faulty') {
    process.stderr.write(`${loaded.report}\n`);
    return CONFIG_FAULT;
  }
  const redis = await connectRedis(loaded.environment.redisUrl, () => undefined);
  try {
    let count = 0;
    for await (const record of redisStore(redis.prompt, redisKeys()).records(since)) {
      if (change !== undefined && record.change !== change) continue;
      count += 1;
      if (!process.stdout.write(`${JSON.stringify(record)}\n`)) {
        await new Promise((resolve) => process.stdout.once('drain', resolve));
      }
    }
    process.stderr.write(`${count} records\n`);
    return 0;
  } finally {
    await redis.close();
  }
}
