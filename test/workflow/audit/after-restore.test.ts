import { describe, expect, test } from '@jest/globals';
import type { Change, Decision } from '../../../src/domain/change/change.ts';
import { acceptRestore } from '../../../src/workflow/audit/accept-restore.ts';
import { aChange } from '../../contracts/a-stored-change.ts';
import { fakeClock, MONDAY_MORNING_MS } from '../../doubles/fake-clock.ts';
import { memoryLeases } from '../../doubles/memory-leases.ts';
import { memoryStore } from '../../doubles/memory-store.ts';

const BOB = { userId: 'U02BOB', teamId: 'T01RACK' };
const APPROVAL: Decision = { kind: 'approval', by: BOB, digest: 'd', atMs: 4, groups: ['leads'] };
const VOID: Decision = { ...APPROVAL, by: { ...BOB, userId: 'U03CAROL' }, void: 'deactivated' };
const BROKEN = { by: BOB, reason: 'r1 is dead', atMs: 1 };

/** What becomes of a change when records are lost after it was written as it is. */
async function afterRestore(given: Partial<Change>) {
  const clock = fakeClock();
  const store = memoryStore(memoryLeases(clock));
  const { outcome: _, ...change } = aChange('BGP-1');
  const next = { ...change, createdAtMs: 1_000, approveByMs: 61_000, ...given };
  const record = { atMs: 1, event: 'change.proposed', actor: 'bot', change: 'BGP-1' } as const;
  await store.append({ record, change: { next, expectedVersion: 0 } });
  const written = await store.change('BGP-1');
  const restore = store.backUp();
  await store.append({ record: { atMs: 1, event: 'bot.started', actor: 'bot' } });
  restore();
  await store.end.look();
  const lost = await store.end.lost();
  if (lost === undefined) throw new Error('nothing was lost');
  const accepted = await acceptRestore(lost, 'a backup', { end: store.end, store, clock });
  const now = await store.change('BGP-1');
  return { store, accepted, written, now, events: store.trail.slice(1).map(({ event }) => event) };
}

const OUTCOME = { reasonCode: 'session_down', sentence: 'Not Established.', atMs: 7 } as const;

describe('after a store lost records', () => {
  test('the record that says so is the first one, above every number that was told', async () => {
    const { store, accepted } = await afterRestore({ state: 'succeeded' });
    expect(accepted).toEqual({ seq: 3, changes: [] });
    expect(store.trail[1]).toMatchObject({
      seq: 3,
      event: 'audit.restore_accepted',
      actor: 'bot',
      data: { after: 1, through: 2, reason: 'a backup' },
    });
    expect(await store.append({ record: { atMs: 1, event: 'bot.started', actor: 'bot' } })).toMatchObject({
      record: { seq: 4 },
    });
  });

  test.each<[string, Partial<Change>]>([
    ['that has ended', { state: 'succeeded', decisions: [APPROVAL], outcome: OUTCOME }],
    ['that nobody approved yet', { state: 'proposed', decisions: [VOID] }],
    ['that halted and has no approvals any more', { state: 'halted', decisions: [VOID], outcome: OUTCOME }],
    [
      'that waits for approvals, though its use of break-glass stands for none any more',
      { state: 'proposed', decisions: [], breakGlassUse: { ...BROKEN, void: 'not_allowed' } },
    ],
    ['that halted and takes no approval', { state: 'halted', requiredApprovals: [], decisions: [] }],
  ])('a change %s is left alone', async (_, given) => {
    const { written, now, accepted } = await afterRestore(given);
    expect(now).toEqual(written);
    expect(accepted?.changes).toEqual([]);
  });

  test('an approved change waits for approvals again, for as long as it did before', async () => {
    const { now, accepted, events } = await afterRestore({ state: 'approved', decisions: [VOID, APPROVAL] });
    expect(now).toMatchObject({
      state: 'proposed',
      decisions: [VOID, { ...APPROVAL, void: 'records_lost' }],
      approveByMs: MONDAY_MORNING_MS + 60_000,
    });
    expect(now).not.toHaveProperty('breakGlassUse');
    expect(accepted?.changes).toEqual(['BGP-1']);
    expect(events).toEqual(['audit.restore_accepted', 'change.approval_void']);
  });

  test('a proposed change loses the approvals that it has', async () => {
    const two = [{ groups: ['leads'], count: 2 }];
    const given = { state: 'proposed', requiredApprovals: two, decisions: [APPROVAL] } as const;
    const { now, events } = await afterRestore(given);
    expect(now).toMatchObject({ state: 'proposed', decisions: [{ void: 'records_lost' }] });
    expect(events).toEqual(['audit.restore_accepted', 'change.approval_void']);
  });

  test('why a use of break-glass stood for nothing before stays as it was', async () => {
    const breakGlassUse = { ...BROKEN, void: 'not_allowed' } as const;
    const { now } = await afterRestore({ state: 'approved', decisions: [APPROVAL], breakGlassUse });
    expect(now).toMatchObject({ state: 'proposed', breakGlassUse });
  });

  test('one whose times were written by another clock does not wait into the past', async () => {
    const { now } = await afterRestore({ state: 'approved', decisions: [APPROVAL], approveByMs: 0 });
    expect(now?.approveByMs).toBe(MONDAY_MORNING_MS);
  });

  test.each(['approved', 'halted', 'outcome_unknown'] as const)(
    'a use of break-glass stands for nothing any more in a change that is %s',
    async (state) => {
      const { now, events } = await afterRestore({ state, decisions: [], breakGlassUse: BROKEN });
      expect(now).toMatchObject({
        state: state === 'approved' ? 'proposed' : state,
        breakGlassUse: { ...BROKEN, void: 'records_lost' },
      });
      expect(events).toEqual(['audit.restore_accepted', 'change.approval_void']);
    },
  );

  test('a change that ran is left to people, and needs their approval to go on', async () => {
    const { now, accepted, events } = await afterRestore({ state: 'running', decisions: [APPROVAL] });
    expect(now).toMatchObject({
      state: 'outcome_unknown',
      outcome: { reasonCode: 'records_lost', atMs: MONDAY_MORNING_MS },
      decisions: [{ void: 'records_lost' }],
    });
    expect(accepted?.changes).toEqual(['BGP-1']);
    expect(events).toEqual(['audit.restore_accepted', 'change.outcome_unknown', 'change.approval_void']);
  });

  test('what was approved without anybody has to be asked for again', async () => {
    const { now, events } = await afterRestore({ state: 'approved', requiredApprovals: [], decisions: [] });
    expect(now).toMatchObject({ state: 'stale', outcome: { reasonCode: 'records_lost' } });
    expect(events).toEqual(['audit.restore_accepted', 'change.stale']);
  });
});

test('when the trail has moved meanwhile nothing is done', async () => {
  const clock = fakeClock();
  const store = memoryStore(memoryLeases(clock));
  const end = { ...store.end, accept: async () => undefined };
  const lost = { found: { seq: 1, hash: 'a'.repeat(64) }, known: { seq: 2, hash: 'b'.repeat(64) } };
  const asked: string[] = [];
  const recentChanges = async () => {
    asked.push('changes');
    return [];
  };
  expect(await acceptRestore(lost, 'a backup', { end, store: { ...store, recentChanges }, clock })).toBe(
    undefined,
  );
  expect(asked).toEqual([]);
});
