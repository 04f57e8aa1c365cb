import { expect, test } from '@jest/globals';
import type { RecordDraft } from '../../src/domain/audit/record.ts';
import { type ReasonCode, refuse } from '../../src/domain/refusal.ts';
import { recordRefusal } from '../../src/workflow/record-refusal.ts';
import { fakeClock } from '../doubles/fake-clock.ts';
import { memoryLeases } from '../doubles/memory-leases.ts';
import { memoryStore } from '../doubles/memory-store.ts';

const ABOUT = { person: { userId: 'U01ALICE', teamId: 'T01RACK' }, said: 'rotate worker1', channel: 'C1' };

/** What one refusal comes to where the first ones of its kind are to have a record of their own, or no more of them. */
async function refused(
  reasonCode: ReasonCode,
  about: Parameters<typeof recordRefusal>[1] = ABOUT,
  noted: 'record' | 'gathered' = 'record',
) {
  const clock = fakeClock();
  const store = memoryStore(memoryLeases(clock));
  const notes: { kind: string; draft: RecordDraft; ownRecords: number }[] = [];
  const refusal = refuse(reasonCode, 'No.', 'Ask.');
  const told = await recordRefusal(refusal, about, {
    store,
    clock,
    refusals: {
      async note(kind, draft, ownRecords) {
        notes.push({ kind, draft, ownRecords });
        return noted;
      },
    },
  });
  expect(told).toBe(refusal);
  return { trail: store.trail, notes };
}

test('whoever is refused is recorded with the code, what they said and where', async () => {
  const { trail } = await refused('not_allowed', { ...ABOUT, target: 'rack', change: 'BGP-1', digest: 'd' });
  expect(trail).toMatchObject([
    {
      event: 'request.refused',
      actor: { user: 'U01ALICE', team: 'T01RACK' },
      reason_code: 'not_allowed',
      target: 'rack',
      change: 'BGP-1',
      digest: 'd',
      data: { said: 'rotate worker1', channel: 'C1' },
    },
  ]);
});

test('what was said is cut where it is very long', async () => {
  const { trail } = await refused('not_allowed', { ...ABOUT, said: 'x'.repeat(1_000) });
  expect(trail[0]?.data.said).toBe('x'.repeat(300));
});

test('of many of one kind only the first ones have a record of their own', async () => {
  const { trail, notes } = await refused('not_allowed', ABOUT, 'gathered');
  expect(trail).toEqual([]);
  expect(notes).toMatchObject([
    { kind: 'T01RACK:U01ALICE:not_allowed:', ownRecords: 20, draft: { event: 'request.refused' } },
  ]);
});

test('those of another change are of another kind, and of a flood the first one alone is recorded', async () => {
  expect((await refused('not_open', { ...ABOUT, change: 'BGP-1' })).notes).toMatchObject([
    { kind: 'T01RACK:U01ALICE:not_open:BGP-1', ownRecords: 20 },
  ]);
  expect((await refused('too_many_requests')).notes).toMatchObject([{ ownRecords: 1 }]);
});
