import { describe, expect, test } from '@jest/globals';
import type { RecordDraft } from '../../../src/domain/audit/record.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import type { RateLimit, RefusalSum, Refusals, RequestLimiter } from '../../../src/ports/request-limiter.ts';
import { startRefusalSums } from '../../../src/workflow/record-refusal.ts';
import { openUseCases } from '../../../src/workflow/requests/use-cases.ts';
import { fakeClock, settled } from '../../doubles/fake-clock.ts';
import { haltedRotation, ROTATE } from '../../doubles/halted-rotation.ts';
import { CHANNEL } from '../../doubles/sample-policy.ts';
import { openWorld } from '../../doubles/world.ts';

/** A world whose rate limiter answers `limit`, and the calls that it got. */
async function setting(limit: RateLimit) {
  const world = await openWorld();
  const calls: string[] = [];
  const requestLimiter: RequestLimiter = {
    async consume({ userId }, kind) {
      calls.push(`consume ${kind} of ${userId}`);
      return limit;
    },
    refund: async ({ userId }, kind) => void calls.push(`refund ${kind} of ${userId}`),
  };
  const asked = { requestId: 'r1', person: world.alice.person, channel: CHANNEL };
  const decision = { person: world.bob.person, channel: CHANNEL, changeId: 'BGP-1' };
  return { world, calls, asked, decision, useCases: openUseCases(world.dependencies, requestLimiter) };
}

describe('the rate limit of one person', () => {
  test('is limit from by what is refused, and put back for what is not; typing and clicking have one each', async () => {
    const { world, calls, asked, decision, useCases } = await setting({ kind: 'allowed' });
    await useCases.submit({ ...asked, text: 'rotat' });
    expect(calls.splice(0)).toEqual(['consume command of U01ALICE']);
    await useCases.submit({ ...asked, text: ROTATE });
    expect(calls.splice(0)).toEqual(['consume command of U01ALICE', 'refund command of U01ALICE']);
    await useCases.prepareDecision('reject', decision);
    await useCases.decide('approve', decision);
    await useCases.decide('approve', decision);
    expect(calls.splice(0)).toEqual([
      'consume click of U02BOB',
      'refund click of U02BOB',
      'consume click of U02BOB',
      'refund click of U02BOB',
      'consume click of U02BOB',
    ]);
    const said = world.records('request.refused').map(({ data }) => data.said);
    expect(said).toEqual(['rotat', 'approve BGP-1']);
  });

  test('that is spent lets nothing through, and says so once', async () => {
    const spent = { kind: 'limited', retryAfterMs: 12_001 } as const;
    const first = await setting({ ...spent, first: true });
    expect(await first.useCases.submit({ ...first.asked, text: ROTATE })).toMatchObject({
      reasonCode: 'too_many_requests',
      sentence: 'Rate limit: you sent too many commands. Further ones are ignored.',
      next: 'Try again in 13 s. Buttons still work.',
    });
    expect(await first.useCases.decide('approve', first.decision)).toMatchObject({
      sentence: 'Rate limit: you sent too many clicks. Further ones are ignored.',
      next: 'Try again in 13 s. Typed commands still work.',
    });
    expect(first.world.events()).toEqual([
      'request.refused too_many_requests',
      'request.refused too_many_requests',
    ]);
    expect(first.calls).toEqual(['consume command of U01ALICE', 'consume click of U02BOB']);
    const later = await setting({ ...spent, first: false });
    expect(await later.useCases.submit({ ...later.asked, text: ROTATE })).toEqual({ kind: 'working' });
    expect(later.world.events()).toEqual(['request.refused too_many_requests']);
  });

  test('counts a button that requests a change as a click, and what could not be read as a command', async () => {
    const { world, calls, asked, decision, useCases } = await setting({ kind: 'allowed' });
    const halted = await haltedRotation(world);
    await useCases.followUp('rollback', { ...decision, changeId: halted.id });
    expect(calls.splice(0)).toEqual(['consume click of U02BOB', 'refund click of U02BOB']);
    const refusal = refuse('text_too_long', 'It is too long.', 'Write less.');
    expect(await useCases.refuseUnreadable(refusal, asked, 'rotate …')).toEqual(refusal);
    expect(calls).toEqual(['consume command of U01ALICE']);
    expect(world.store.trail.at(-1)).toMatchObject({
      event: 'request.refused',
      reason_code: 'text_too_long',
      data: { said: 'rotate …', channel: CHANNEL },
    });
  });
});

test('a change that cannot be read is refused to whoever asked about it, and named in the record', async () => {
  const world = await openWorld();
  world.store.damageChange('BGP-7', '{"state":"running"}');
  expect(await world.bob.decide('approve', 'BGP-7')).toMatchObject({
    reasonCode: 'unreadable',
    sentence: expect.stringMatching(/BGP-7.*[^.]\.$/),
    next: 'Run the release of the bot that wrote it, or a later one. Everything else goes on.',
  });
  expect(world.store.trail).toMatchObject([
    {
      event: 'request.refused',
      reason_code: 'unreadable',
      change: 'BGP-7',
      data: { said: 'approve BGP-7', channel: CHANNEL },
    },
  ]);
});

test('what is no unreadable value but a fault is not answered as if it were one', async () => {
  const world = await openWorld();
  const store = { ...world.dependencies.store, change: () => Promise.reject(new Error('the store is away')) };
  const { decide } = openUseCases(
    { ...world.dependencies, store },
    { consume: async () => ({ kind: 'allowed' }), refund: async () => undefined },
  );
  const request = { person: world.bob.person, channel: CHANNEL, changeId: 'BGP-1' };
  await expect(decide('approve', request)).rejects.toThrow('the store is away');
});

describe('refusals that got no record of their own', () => {
  const draft: RecordDraft = {
    atMs: 1,
    event: 'request.refused',
    actor: { userId: 'U01ALICE', teamId: 'T01RACK' },
    reasonCode: 'guest',
    data: { said: 'rotate', channel: CHANNEL },
  };

  function setting(append: (record: RecordDraft) => void) {
    const clock = fakeClock();
    const due: RefusalSum[] = [];
    const settledIds: string[] = [];
    const warned: string[] = [];
    const refusals: Refusals = {
      note: async () => 'gathered',
      dueSums: async () => [...due],
      async settled({ id }) {
        settledIds.push(id);
        due.splice(0);
      },
    };
    const store = {
      async append({ record }: { readonly record: RecordDraft }) {
        append(record);
        throw new Error('no answer is used');
      },
    };
    return { clock, due, settledIds, warned, refusals, store };
  }

  test('are written as one, with how many they are, and looked for every five seconds until it is stopped', async () => {
    const records: RecordDraft[] = [];
    const { clock, due, settledIds, warned, refusals } = setting(() => undefined);
    const appended = { kind: 'version_conflict' } as const;
    const sums = startRefusalSums(
      {
        refusals,
        clock,
        store: {
          async append({ record }) {
            records.push(record);
            return appended;
          },
        },
      },
      (error, what) => warned.push(`${what}: ${String(error)}`),
    );
    await settled();
    due.push({ id: 's1', draft, times: 17 });
    await clock.advance(4_999);
    expect(records).toEqual([]);
    await clock.advance(1);
    expect(records).toEqual([
      { ...draft, atMs: clock.now(), data: { said: 'rotate', channel: CHANNEL, times: 17 } },
    ]);
    expect(settledIds).toEqual(['s1']);
    await sums.stop();
    due.push({ id: 's2', draft, times: 1 });
    await clock.advance(60_000);
    expect([records.length, warned]).toEqual([1, []]);
  });

  test('that cannot be written are told of, kept, and tried again', async () => {
    const tried: string[] = [];
    const { clock, due, settledIds, warned, refusals, store } = setting(({ event }) => tried.push(event));
    due.push({ id: 's1', draft, times: 2 });
    const sums = startRefusalSums({ refusals, clock, store }, (error, what) =>
      warned.push(`${what}: ${String(error)}`),
    );
    await settled();
    expect(warned).toEqual(['recording refusals: Error: no answer is used']);
    await clock.advance(5_000);
    expect([tried.length, settledIds]).toEqual([2, []]);
    await sums.stop();
  });
});
