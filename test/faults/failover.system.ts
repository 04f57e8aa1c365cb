import { expect, test } from '@jest/globals';
import { hasRedisServer } from '../../sandbox/src/redis.ts';
import { faultedRun } from './faulted-run.ts';
import { type FailOver, startRedisCluster, startSentinels } from './replicated-redis.ts';
import { becomes, isStep, type World } from './world.ts';

const KINDS = [
  ['Redis with sentinels', startSentinels],
  ['Redis Cluster', startRedisCluster],
] as const;
const FAILURES: readonly FailOver[] = ['killed', 'frozen', 'asked to hand over'];
const CAROL = 'U03CAROL';
const ANSWERED_WITHIN_MS = 20_000;
const TRIES = 10;

(hasRedisServer() ? test : test.skip).each(
  KINDS.flatMap(([kind, start]) => FAILURES.map((how) => [kind, how, start] as const)),
)(
  '%s, its primary %s in the middle of a change and of a command: the change goes on, nothing is lost or done twice',
  async (_, how, start) => {
    const redis = await start();
    try {
      const outcome = await faultedRun({
        name: 'a fail-over',
        setting: { environment: async () => ({ REDIS_URL: redis.url }) },
        async strike(world) {
          await world.record((record) => isStep(record, 'step.done', 'write'));
          const over = redis.failOver(how);
          const asked = world.ask(CAROL, 'changes');
          await Promise.all([over, asked]);
          await answers(world);
        },
      });
      expect(outcome).toMatchObject({ state: 'succeeded', because: undefined, broken: [] });
    } finally {
      await redis.stop();
    }
  },
  180_000,
);

/** What was typed meanwhile is answered or refused; and asked again, it is answered. */
async function answers(world: World): Promise<void> {
  const told = () => world.told(CAROL);
  world.promise(
    await becomes(() => told() !== '[]', ANSWERED_WITHIN_MS),
    'the command was answered or refused',
  );
  for (let tried = 0; tried < TRIES; tried += 1) {
    await world.ask(CAROL, `status ${world.change}`);
    if (await becomes(() => told().includes(world.change), 2_000)) return;
  }
  world.promise(false, `a command after the fail-over is answered, not: ${told().slice(-300)}`);
}
