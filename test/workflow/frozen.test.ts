import { expect, test } from '@jest/globals';
import { loadRegistry } from '../../src/commands/registry.ts';
import { frozenNow } from '../../src/workflow/frozen.ts';
import { fakeClock } from '../doubles/fake-clock.ts';
import { memoryLeases } from '../doubles/memory-leases.ts';
import { memoryStore } from '../doubles/memory-store.ts';
import { samplePolicy } from '../doubles/sample-policy.ts';

const FREEZE = { reason: 'new core routers', by: { userId: 'U03CAROL', teamId: 'T01RACK' }, atMs: 1 };

test.each([
  ['a change command', 'rotate', true],
  ['no query, though it needed approval', 'config', false],
  ['no command that this release does not have', 'teleport', false],
])('a freeze of the target forbids %s', async (_, verb, isFrozen) => {
  const clock = fakeClock();
  const store = memoryStore(memoryLeases(clock));
  const record = { atMs: 1, event: 'freeze.declared', actor: FREEZE.by, target: 'rack' } as const;
  await store.append({ record, freeze: { target: 'rack', next: FREEZE } });
  const bot = { policy: samplePolicy(), registry: await loadRegistry(), clock, store };
  expect((await frozenNow({ verb, target: 'rack' }, bot)) !== undefined).toBe(isFrozen);
  expect(await frozenNow({ verb, target: 'another' }, bot)).toBeUndefined();
});
