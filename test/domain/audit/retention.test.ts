import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type AuditRecord, chain, GENESIS } from '../../../src/domain/audit/record.ts';
import { planRemoval, type Retention, type TrailState } from '../../../src/domain/audit/retention.ts';
import { CHANGE_STATES, type ChangeState } from '../../../src/domain/change/change.ts';

const DAY_MS = 86_400_000;
const NOW_MS = 1_000 * DAY_MS;
const UNFINISHED: readonly (ChangeState | undefined)[] = [
  'proposed',
  'approved',
  'running',
  'halted',
  'outcome_unknown',
];

interface Entry {
  readonly record: AuditRecord;
  readonly state: ChangeState | undefined;
}

const entries = fc
  .array(
    fc.record({
      ageDays: fc.integer({ min: 0, max: 100 }),
      state: fc.option(fc.constantFrom(...CHANGE_STATES), { nil: undefined, freq: 3 }),
      checkpoint: fc.boolean(),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((drawn) => {
    const trail: Entry[] = [];
    for (const [index, { ageDays, state, checkpoint }] of drawn.entries()) {
      const draft = {
        atMs: NOW_MS - ageDays * DAY_MS,
        event: checkpoint ? ('audit.checkpoint' as const) : ('change.started' as const),
        actor: 'bot' as const,
        ...(state === undefined ? {} : { change: `BGP-${index}` }),
      };
      const prev = trail.at(-1)?.record.hash ?? GENESIS;
      trail.push({ record: chain(draft, 41 + index, prev), state });
    }
    return trail;
  });
const retentions: fc.Arbitrary<Retention> = fc.record(
  {
    keepForMs: fc.integer({ min: 1, max: 100 }).map((days) => days * DAY_MS),
    keepRecords: fc.integer({ min: 0, max: 30 }),
  },
  { requiredKeys: [] },
);
const handled = fc.array(fc.record({ group: fc.string(), through: fc.integer({ min: 38, max: 75 }) }), {
  maxLength: 3,
});

describe('retention', () => {
  test('removes from the oldest on, and nothing that anybody was promised or still needs', () => {
    fc.assert(
      fc.property(
        entries,
        retentions,
        handled,
        fc.integer({ min: 1, max: 9 }),
        (trail, retention, groups, worth) => {
          const head = trail.at(-1)?.record.seq ?? 0;
          const { removal, blocker } = decide(
            trail,
            retention,
            { nowMs: NOW_MS, head, handled: groups },
            worth,
          );
          const gone = trail.slice(0, removal?.removed ?? 0);
          for (const { record, state } of gone) {
            expect(mayGo(record, retention, head)).toBe(true);
            expect(UNFINISHED).not.toContain(state);
            for (const { through } of groups) expect(record.seq).toBeLessThanOrEqual(through);
          }
          if (removal !== undefined) {
            const [first, last] = [gone[0]?.record, gone.at(-1)?.record];
            expect(removal).toEqual({
              first: first?.seq,
              through: last?.seq,
              hash: last?.hash,
              removed: gone.length,
              oldest: first?.at,
            });
            const others = gone.filter(({ record }) => record.event !== 'audit.checkpoint');
            if (retention.keepRecords !== undefined) expect(others.length).toBeGreaterThanOrEqual(worth);
            expect(others).not.toEqual([]);
            const stays = trail[gone.length];
            if (stays !== undefined && blocker === undefined)
              expect(mayGo(stays.record, retention, head)).toBe(false);
          }
          if (blocker !== undefined) {
            const held = trail.find(({ record }) => record.seq === blocker.seq);
            expect(held !== undefined && mayGo(held.record, retention, head)).toBe(true);
          }
        },
      ),
    );
  });

  test('once done it has nothing more to do: no checkpoint makes room for itself', () => {
    fc.assert(
      fc.property(entries, retentions, (trail, retention) => {
        const head = trail.at(-1)?.record.seq ?? 0;
        const state = { nowMs: NOW_MS, head, handled: [] };
        const { removal } = decide(trail, retention, state, 2);
        if (removal === undefined) return;
        const { first: _, ...data } = removal;
        const last = trail.at(-1)?.record;
        const checkpoint = chain(
          { atMs: NOW_MS, event: 'audit.checkpoint', actor: 'bot', data },
          head + 1,
          last?.hash ?? '',
        );
        const rest = [...trail.slice(removal.removed), { record: checkpoint, state: undefined }];
        const again = decide(rest, retention, { ...state, head: head + 1 }, 2);
        expect(again.removal).toBeUndefined();
      }),
    );
  });

  test('keeps the records of a change for which the glass was broken until somebody reviewed it', () => {
    const by = { userId: 'U01ALICE', teamId: 'T01RACK' };
    const breakGlassUse = { by, atMs: 1, reason: 'an outage' };
    const [entry] = trailOf([90]);
    if (entry === undefined) throw new Error('too short');
    const record = { ...entry.record, change: 'BGP-1' };
    const takes = (change: Parameters<ReturnType<typeof planRemoval>['take']>[1]): boolean =>
      planRemoval({ keepForMs: DAY_MS }, { nowMs: NOW_MS, head: 1, handled: [] }).take(record, change);
    expect(takes({ state: 'succeeded', breakGlassUse })).toBe(false);
    expect(takes({ state: 'succeeded', breakGlassUse: { ...breakGlassUse, review: { by, atMs: 2 } } })).toBe(
      true,
    );
  });

  test('keeps everything for ever unless something else was asked for', () => {
    fc.assert(
      fc.property(entries, (trail) => {
        expect(decide(trail, {}, { nowMs: NOW_MS, head: 99, handled: [] })).toEqual({});
      }),
    );
  });

  test('with age and count, a record goes only when neither keeps it', () => {
    const trail = trailOf([90, 60, 30, 1]);
    const through = (retention: Retention): number | undefined =>
      decide(trail, retention, { nowMs: NOW_MS, head: 4, handled: [] }, 1).removal?.through;
    expect(through({ keepForMs: 45 * DAY_MS })).toBe(2);
    expect(through({ keepRecords: 3 })).toBe(1);
    expect(through({ keepForMs: 45 * DAY_MS, keepRecords: 3 })).toBe(1);
    expect(through({ keepForMs: 75 * DAY_MS, keepRecords: 1 })).toBe(1);
    expect(through({ keepForMs: 100 * DAY_MS, keepRecords: 1 })).toBeUndefined();
  });

  test('what a follower of the trail has not handled yet stays, and it is said who that is', () => {
    const state = { nowMs: NOW_MS, head: 3 };
    const retention = { keepForMs: DAY_MS };
    const handled = [
      { group: 'channel', through: 3 },
      { group: 'signer', through: 2 },
    ];
    const late = decide(trailOf([90, 60, 30]), retention, { ...state, handled });
    expect(late.removal?.through).toBe(2);
    expect(late.blocker).toEqual({ kind: 'group', group: 'signer', seq: 3 });
    const done = decide(trailOf([90, 60, 30]), retention, { ...state, handled: handled.slice(0, 1) });
    expect(done.removal?.through).toBe(3);
    expect(done).not.toHaveProperty('blocker');
  });

  test('the records of a change stay until it has ended, and go when nothing is known of it any more', () => {
    const [entry] = trailOf([90]);
    if (entry === undefined) throw new Error('too short');
    const mine = { ...entry, record: { ...entry.record, change: 'BGP-1' } };
    const state = { nowMs: NOW_MS, head: 1, handled: [] };
    const held = decide([{ ...mine, state: 'halted' }], { keepForMs: DAY_MS }, state);
    expect(held).toEqual({ blocker: { kind: 'change', change: 'BGP-1', seq: 1 } });
    expect(decide([mine], { keepForMs: DAY_MS }, state).removal?.through).toBe(1);
  });

  test('a record is overdue when it is more than a day older than what is kept', () => {
    const state = { nowMs: NOW_MS, head: 1, handled: [] };
    const removed = (ageDays: number) => decide(trailOf([ageDays]), { keepForMs: DAY_MS }, state).removal;
    expect(removed(2)).toBeUndefined();
    expect(removed(2.001)).toBeDefined();
  });

  test('few records wait for more; by age alone for a day at most', () => {
    const state = { nowMs: NOW_MS, head: 200, handled: [] };
    const removed = (ages: readonly number[], retention: Retention): number | undefined =>
      decide(trailOf(ages), retention, state).removal?.removed;
    expect(removed(Array(99).fill(46), { keepRecords: 10 })).toBeUndefined();
    expect(removed(Array(100).fill(46), { keepRecords: 10 })).toBe(100);
    expect(removed([45.5, 45.5], { keepForMs: 45 * DAY_MS })).toBeUndefined();
    expect(removed([46.5, 45.5], { keepForMs: 45 * DAY_MS })).toBe(2);
    expect(removed([46.5, 45.5], { keepForMs: 45 * DAY_MS, keepRecords: 10 })).toBeUndefined();
  });
});

function trailOf(agesInDays: readonly number[]): readonly Entry[] {
  return agesInDays.map((ageDays, index) => {
    const draft = { atMs: NOW_MS - ageDays * DAY_MS, event: 'bot.started' as const, actor: 'bot' as const };
    return { record: chain(draft, index + 1, GENESIS), state: undefined };
  });
}

function decide(trail: readonly Entry[], retention: Retention, state: TrailState, worth?: number) {
  const planned = planRemoval(retention, state, worth);
  for (const one of trail)
    if (!planned.take(one.record, one.state === undefined ? undefined : { state: one.state })) break;
  return planned.end();
}

function mayGo({ at, seq }: AuditRecord, { keepForMs, keepRecords }: Retention, head: number): boolean {
  if (keepForMs === undefined && keepRecords === undefined) return false;
  if (keepForMs !== undefined && NOW_MS - Date.parse(at) <= keepForMs) return false;
  return keepRecords === undefined || head - seq >= keepRecords;
}
