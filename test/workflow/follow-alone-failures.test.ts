import { expect, test } from '@jest/globals';
import type { StreamOptions } from '../../src/ports/store.ts';
import { consumeAlone } from '../../src/workflow/single-active-consumer.ts';
import { fakeClock, settled } from '../doubles/fake-clock.ts';
import { memoryLeases } from '../doubles/memory-leases.ts';

const SCOPE = 'follow notices';

/** A replica that follows a stream which says how it stands, and may not be there. */
function open({ away = false, taken = false } = {}) {
  const clock = fakeClock();
  const leases = memoryLeases(clock);
  const errors: unknown[] = [];
  const followed: StreamOptions[] = [];
  const stream = { away, stops: 0 };
  if (taken) leases.seize(SCOPE, 'another replica');
  const following = consumeAlone(
    'notices',
    async () => undefined,
    { atOnce: 10 },
    {
      leases,
      clock,
      records: {
        follow(group, _, options = {}) {
          if (stream.away) throw new Error('Redis is away');
          followed.push(options);
          return {
            group,
            stalledForMs: () => 7,
            async stop() {
              stream.stops += 1;
            },
          };
        },
      },
      onError: (error, what) => errors.push([what, String(error)]),
    },
  );
  return { clock, leases, errors, followed, stream, following };
}

test('it follows as the only one of its group, and says how long it has been stalled', async () => {
  const { following, followed, leases } = open();
  await settled();
  expect(following.group).toBe('notices');
  expect(followed).toEqual([{ atOnce: 10, alone: true }]);
  expect(following.stalledForMs()).toBe(7);
  await following.stop();
  expect(following.stalledForMs()).toBe(0);
  expect(leases.holder(SCOPE)).toBeUndefined();
});

test('while another one follows it is not stalled, and begins within a second after that one ended', async () => {
  const { following, followed, leases, clock } = open({ taken: true });
  await clock.advance(5_999);
  expect([following.stalledForMs(), followed.length, leases.holder(SCOPE)]).toEqual([
    0,
    0,
    'another replica',
  ]);
  await clock.advance(1_001);
  expect([following.stalledForMs(), followed.length, leases.holder(SCOPE)]).toEqual([7, 1, 'notices']);
  await following.stop();
});

test('what fails is reported with its group, gives the lease back, and is tried again a second later', async () => {
  const { following, followed, leases, clock, errors, stream } = open({ away: true });
  await settled();
  expect(errors).toEqual([['notices: following alone', 'Error: Redis is away']]);
  expect(leases.holder(SCOPE)).toBeUndefined();
  await clock.advance(999);
  expect(errors).toHaveLength(1);
  stream.away = false;
  await clock.advance(1);
  expect([errors.length, followed.length]).toEqual([1, 1]);
  await following.stop();
});

test('one that is stopped as soon as it begins comes to its end', async () => {
  const { following, leases } = open();
  await following.stop();
  expect(leases.holder(SCOPE)).toBeUndefined();
});

test('when its lease is lost it stops following, and follows again once it has another', async () => {
  const { following, followed, leases, clock, stream } = open();
  await settled();
  leases.seize(SCOPE, 'another replica');
  await clock.advance(3_000);
  expect([stream.stops, followed.length]).toEqual([1, 1]);
  await clock.advance(10_000);
  expect([stream.stops, followed.length]).toEqual([1, 2]);
  await following.stop();
  expect(stream.stops).toBe(2);
});
