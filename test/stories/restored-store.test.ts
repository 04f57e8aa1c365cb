import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hasRedisServer } from '../../sandbox/src/redis.ts';
import { connectRedis, type RedisConnections } from '../../src/adapters/redis/connect.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { backUp } from './back-up.ts';
import { runProgram } from './run-program.ts';
import { ALICE, BOB, node, type Story, startStory } from './story.ts';

// The in-process Redis has no DUMP and RESTORE.
const withServer = hasRedisServer() ? describe : describe.skip;

withServer('lesson 56: a Redis that went back in time', () => {
  let story: Story;
  let redis: RedisConnections;
  beforeAll(async () => {
    story = await startStory();
    redis = await connectRedis(story.env.REDIS_URL ?? '', () => undefined);
  });
  afterAll(async () => {
    await redis?.close();
    await story?.stop();
  });

  test('is told in every channel, nothing approved before runs, and an operator has the bot go on', async () => {
    const approved = await story.propose(ALICE, `rotate ${node('worker1')} 10.20.1.9`);
    const restore = await backUp(redis.prompt);
    await story.carryOut(approved, '✅ succeeded');
    const before = await story.pods();
    const other = await story.propose(ALICE, `restart ${node('worker3')}`);

    await restore();
    await story.press(BOB, approved, 'approve');
    await eventually(() => expect(story.audit()).toContain('the store was rolled back'));
    const [alarm = ''] = /The audit trail ends with .*/.exec(story.audit()) ?? [];
    expect(alarm).toContain('audit accept-restore');
    expect(await story.ask(ALICE, `restart ${node('worker2')}`)).toContain('the store was rolled back');
    expect(await story.pods()).toEqual(before);

    const refused = await runProgram(['audit', 'accept-restore'], story.env);
    expect(refused.code).not.toBe(0);
    const reason = ['--reason', 'the volume was restored'];
    const silent = { ...story.env, REDIS_URL: 'redis://127.0.0.1:1' };
    expect(await runProgram(['audit', 'accept-restore', ...reason], silent)).toMatchObject({
      code: 69,
      err: expect.stringMatching(/^Redis: connect ECONNREFUSED [\d.:]+\n$/),
    });
    const accepted = await runProgram(
      ['audit', 'accept-restore', '--reason', 'the volume was restored'],
      story.env,
    );
    expect(accepted).toMatchObject({ code: 0, err: '' });
    expect(accepted.out).toMatch(/Accepted by record #\d+; the bot continues\./);
    await eventually(() => expect(story.audit()).toContain('the volume was restored'));

    const next = await story.propose(ALICE, `restart ${node('worker2')}`);
    expect(numberOf(next.id)).toBeGreaterThan(numberOf(other.id));
    await story.carryOut(next, '✅ succeeded');
    const anchors = await runProgram(['audit', 'anchors'], story.env);
    expect(anchors.out).toContain('lost in a restore that was accepted');
    expect(anchors).toMatchObject({ code: 0 });
    const again = await runProgram(['audit', 'accept-restore', '--reason', 'again'], story.env);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('Nothing is lost') });
  });
});

function numberOf(id: string): number {
  return Number(id.replace('BGP-', ''));
}
