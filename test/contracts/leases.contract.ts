import { expect } from '@jest/globals';
import type { Leases, Store } from '../../src/ports/store.ts';
import type { TimeUnderTest } from './time.ts';
import type { Contract } from './under-test.ts';

export interface LeasesUnderTest {
  readonly time: TimeUnderTest;
  readonly ttlMs: number;
  readonly store: Store;
  /** The leases of another replica, and how to cut it off from the store while it holds this target. */
  connect(): Promise<{ readonly leases: Leases; cutOff(target: string): void }>;
  /** Gives a target to another, whatever its holder believes. */
  seize(target: string): Promise<void>;
}

const started = { atMs: 0, event: 'bot.started', actor: 'bot' } as const;

export const leasesContract: Contract<LeasesUnderTest> = (run, the) => {
  run('two never hold the same target, whoever asks how often', async () => {
    const [one, other] = await Promise.all([the().connect(), the().connect()]);
    const asked = [one, other, one, other].map(({ leases }, at) => leases.acquire('rack', `w${at}`));
    const held = (await Promise.all(asked)).filter((lease) => lease !== undefined);
    expect(held.length).toBe(1);
    await held[0]?.release();
  });

  run('a released target is free at once, and its next fence is higher', async () => {
    const { leases } = await the().connect();
    const first = await leases.acquire('free', 'one');
    await first?.release();
    const second = await leases.acquire('free', 'two');
    expect(second?.fence.token).toBeGreaterThan(first?.fence.token ?? Number.POSITIVE_INFINITY);
    await second?.release();
  });

  run('a lease renews itself for as long as it is held', async () => {
    const { time, ttlMs } = the();
    const { leases } = await the().connect();
    const lease = await leases.acquire('long', 'one');
    await time.pass(3 * ttlMs);
    expect(lease?.lost.aborted).toBe(false);
    expect(await leases.acquire('long', 'two')).toBeUndefined();
    await lease?.release();
  });

  run('whoever loses the lease finds out, and appends nothing any more', async () => {
    const { time, store } = the();
    const { leases } = await the().connect();
    const lease = await leases.acquire('taken', 'one');
    if (lease === undefined) throw new Error('the target was not free');
    expect(await store.append({ record: started, fence: lease.fence })).toMatchObject({ kind: 'appended' });
    await the().seize('taken');
    expect(await store.append({ record: started, fence: lease.fence })).toEqual({ kind: 'fence_lost' });
    await time.until(() => expect(lease.lost.aborted).toBe(true));
    await lease.release();
    // What it gives back is its own only.
    expect(await leases.acquire('taken', 'one')).toBeUndefined();
  });

  run('the lease of one that died is free after its time, and not before', async () => {
    const { time, ttlMs } = the();
    const dead = await the().connect();
    const lease = await dead.leases.acquire('orphan', 'dead');
    dead.cutOff('orphan');
    const { leases } = await the().connect();
    expect(await leases.acquire('orphan', 'heir')).toBeUndefined();
    const sinceMs = time.nowMs();
    const heir = await time.until(async () => {
      const taken = await leases.acquire('orphan', 'heir');
      expect(taken).toBeDefined();
      return taken;
    });
    expect(time.nowMs() - sinceMs).toBeGreaterThan(ttlMs / 3);
    expect(heir?.fence.token).toBeGreaterThan(lease?.fence.token ?? Number.POSITIVE_INFINITY);
    await time.until(() => expect(lease?.lost.aborted).toBe(true));
    await heir?.release();
  });
};
