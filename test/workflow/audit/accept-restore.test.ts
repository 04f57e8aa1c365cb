import { describe, expect, test } from '@jest/globals';
import type { Change } from '../../../src/domain/change/change.ts';
import { RecordsLost } from '../../../src/ports/store.ts';
import { acceptRestore } from '../../../src/workflow/audit/accept-restore.ts';
import { haltedRotation, ROTATE } from '../../doubles/halted-rotation.ts';
import { openWorld, type World } from '../../doubles/world.ts';

describe('lesson 56: a store that went back in time', () => {
  test('nothing that was approved before runs without a new approval, and ids are not given twice', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    await world.bob.decide('approve', change);
    const restore = world.store.backUp();
    await world.pass(60_000);
    expect((await world.change(change.id)).state).toBe('succeeded');
    const evictions = world.cluster.calls.get('evict');
    const told = world.store.trail.at(-1)?.seq ?? 0;

    restore();
    await expect(world.alice.submit('restart worker2.rack.example.com')).rejects.toThrow(RecordsLost);
    await world.pass(10_000);
    expect(world.cluster.calls.get('evict')).toBe(evictions);

    const accepted = await accept(world);
    expect(accepted?.changes).toEqual([change.id]);
    expect(accepted?.seq).toBe(told + 1);
    await world.pass(60_000);
    expect(await world.change(change.id)).toMatchObject({
      state: 'proposed',
      decisions: [{ void: 'records_lost' }],
    });
    expect(world.cluster.calls.get('evict')).toBe(evictions);
    const next = await world.alice.propose('restart worker2.rack.example.com');
    expect(numberOf(next.id)).toBeGreaterThan(numberOf(change.id) + 1);
  });

  test('while approvals are taken back, nobody who works beside goes on, and an acceptance that was left off is finished', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(ROTATE);
    await world.bob.decide('approve', change);
    const restore = world.store.backUp();
    await world.pass(60_000);
    const evictions = world.cluster.calls.get('evict');
    restore();
    await expect(
      world.store.append({ record: { atMs: 1, event: 'bot.started', actor: 'bot' } }),
    ).rejects.toThrow(RecordsLost);
    const lost = await world.store.end.lost();
    if (lost === undefined) throw new Error('nothing was lost');
    const { append, end } = world.store.replica();
    const operator = { store: { ...world.store, append }, clock: world.clock };
    const killed = acceptRestore(lost, 'a backup was restored', {
      ...operator,
      end: {
        ...end,
        async accept(...how) {
          const seq = await end.accept(...how);
          await world.pass(60_000);
          expect(world.cluster.calls.get('evict')).toBe(evictions);
          if (seq !== undefined) throw new Error('killed');
          return seq;
        },
      },
    });
    await expect(killed).rejects.toThrow('killed');
    await world.pass(60_000);
    expect((await world.change(change.id)).state).toBe('approved');

    const left = await end.lost();
    if (left === undefined) throw new Error('nothing was left off');
    const before = world.store.trail.length;
    const accepted = await acceptRestore(left, 'a backup was restored', { ...operator, end });
    expect(accepted).toEqual({ seq: left.acceptedBy, changes: [change.id] });
    expect(world.store.trail).toHaveLength(before + 1);
    await world.pass(60_000);
    expect((await world.change(change.id)).state).toBe('proposed');
    expect(world.cluster.calls.get('evict')).toBe(evictions);
  });

  test('a change that ran at the moment of the backup is left to people', async () => {
    const world = await openWorld();
    const halted = await haltedRotation(world);
    await world.bob.decide('resume', halted);
    const running = await world.change(halted.id);
    expect(running.state).toBe('running');
    const restore = world.store.backUp();
    await world.store.append({ record: { atMs: 1, event: 'bot.started', actor: 'bot' } });
    restore();
    await accept(world);
    expect(await world.change(halted.id)).toMatchObject({
      state: 'outcome_unknown',
      outcome: { reasonCode: 'records_lost' },
      decisions: [{ void: 'records_lost' }],
    });
    expect(await world.bob.decide('resume', halted)).toMatchObject({ reasonCode: 'approval_void' });
  });

  test('what nobody had to approve has to be asked for again', async () => {
    const world = await openWorld({ changes: { waiveRollback: true } });
    const halted = await haltedRotation(world);
    const reply = await world.alice.followUp('rollback', halted);
    if (reply.kind !== 'card') throw new Error(reply.kind);
    const { change } = reply;
    expect(change.state).toBe('approved');
    const restore = world.store.backUp();
    await world.store.append({ record: { atMs: 1, event: 'bot.started', actor: 'bot' } });
    restore();
    await accept(world);
    expect(await world.change(change.id)).toMatchObject({
      state: 'stale',
      outcome: {
        reasonCode: 'records_lost',
        sentence:
          'The store was restored since this was approved, and records of the audit trail are lost. Nothing was done.',
      },
    });
  });
});

async function accept(world: World) {
  await expect(
    world.store.append({ record: { atMs: 1, event: 'bot.started', actor: 'bot' } }),
  ).rejects.toThrow(RecordsLost);
  const lost = await world.store.end.lost();
  if (lost === undefined) throw new Error('nothing was lost');
  return acceptRestore(lost, 'a backup was restored', {
    end: world.store.end,
    store: world.store,
    clock: world.clock,
  });
}

function numberOf(id: Change['id']): number {
  return Number(id.replace('BGP-', ''));
}
