import { expect, test } from '@jest/globals';
import { type AuditRecord, chain, GENESIS, type RecordDraft } from '../../src/domain/audit/record.ts';
import type { Step } from '../../src/domain/change/plan.ts';
import type { Proposal } from '../../src/domain/change/propose.ts';
import { refuse } from '../../src/domain/refusal.ts';
import type { Store } from '../../src/ports/store.ts';
import { LeaseLost, openLedger, recordsSince } from '../../src/workflow/ledger.ts';
import { aChange } from '../contracts/a-stored-change.ts';
import { fakeClock, MONDAY_MORNING_MS } from '../doubles/fake-clock.ts';
import { memoryLeases } from '../doubles/memory-leases.ts';
import { memoryStore } from '../doubles/memory-store.ts';

const alice = { userId: 'U01ALICE', teamId: 'T01RACK' };
const bob = { userId: 'U02BOB', teamId: 'T01RACK' };
const carol = { userId: 'U03CAROL', teamId: 'T01RACK' };
const IN_AN_HOUR_MS = MONDAY_MORNING_MS + 3_600_000;

/** A ledger on a store of its own; `meddle` runs once, right before the next append. */
function open() {
  const clock = fakeClock();
  const leases = memoryLeases(clock);
  const store = memoryStore(leases);
  const meddling: (() => Promise<unknown>)[] = [];
  const append: Store['append'] = async (one) => {
    await meddling.shift()?.();
    return store.append(one);
  };
  return {
    clock,
    leases,
    store,
    ledger: openLedger({ append, change: store.change }, clock),
    undisturbed: openLedger(store, clock),
    meddle: (act: () => Promise<unknown>) => void meddling.push(act),
    events: () => store.trail.map(({ event }) => event),
  };
}

function proposal(more: Partial<Proposal> = {}): Proposal {
  const { version: _, state: __, journal: ___, outcome: ____, ...held } = aChange('BGP-1');
  return { ...held, decisions: [], approveByMs: IN_AN_HOUR_MS, executeWithinMs: 60_000, ...more };
}

function approval(by: typeof bob) {
  const decision = { kind: 'approval', by, digest: 'd', groups: ['leads'], atMs: MONDAY_MORNING_MS } as const;
  return { kind: 'approve', decision } as const;
}

test('a proposed change and its record are there together, and the record says what it is about', async () => {
  const { ledger, store } = open();
  const change = await ledger.propose(proposal(), alice);
  expect(await store.change('BGP-1')).toEqual(change);
  expect(store.trail).toMatchObject([
    {
      event: 'change.proposed',
      actor: { user: 'U01ALICE', team: 'T01RACK' },
      at: new Date(MONDAY_MORNING_MS).toISOString(),
      target: 'rack',
      change: 'BGP-1',
      digest: 'd',
      reason_code: null,
    },
  ]);
});

test('a change that needs no approval is approved by the record that proposes it: nothing fits in between', async () => {
  const { ledger, store, events } = open();
  const change = await ledger.propose(proposal({ requiredApprovals: [] }), alice);
  expect(change).toMatchObject({ state: 'approved', version: 1 });
  expect(events()).toEqual(['change.proposed']);
  expect(store.trail[0]?.reason_code).toBe('approval_waived');
});

test('an id that is taken is not overwritten', async () => {
  const { ledger, store } = open();
  await ledger.propose(proposal(), alice);
  await expect(ledger.propose(proposal({ digest: 'other' }), bob)).rejects.toThrow('version_conflict');
  expect((await store.change('BGP-1'))?.digest).toBe('d');
});

test('an event moves the change and is recorded in the same append', async () => {
  const { ledger, store, events } = open();
  const change = await ledger.propose(proposal(), alice);
  const committed = await ledger.commit(change, approval(bob), bob);
  expect(committed).toMatchObject({ kind: 'committed', change: { state: 'approved', version: 2 } });
  expect(await store.change('BGP-1')).toMatchObject({ state: 'approved', version: 2 });
  expect(events()).toEqual(['change.proposed', 'change.approved']);
  expect('record' in committed && committed.record).toEqual(store.trail.at(-1));
});

test('what is refused appends nothing, whoever refuses it', async () => {
  const { ledger, events } = open();
  const change = await ledger.propose(proposal(), alice);
  expect(await ledger.commit(change, { kind: 'resume', atMs: 1 }, bob)).toMatchObject({
    reasonCode: 'not_open',
  });
  const no = refuse('frozen', 'It is frozen.', 'Wait.');
  expect(await ledger.commit(change, async () => no, bob)).toEqual(no);
  expect(events()).toEqual(['change.proposed']);
});

test('whoever comes second decides again, about what the first one made of the change', async () => {
  const { ledger, undisturbed, meddle, events } = open();
  const two = proposal({ requiredApprovals: [{ groups: ['leads'], count: 2 }] });
  const change = await ledger.propose(two, alice);
  meddle(() => undisturbed.commit(change, approval(bob), bob));
  const seen: number[] = [];
  const committed = await ledger.commit(
    change,
    async (current) => {
      seen.push(current.decisions.length);
      return approval(carol);
    },
    carol,
  );
  expect(seen).toEqual([0, 1]);
  expect(committed).toMatchObject({ change: { state: 'approved', version: 3 } });
  expect(events()).toEqual(['change.proposed', 'change.approval', 'change.approved']);
});

test('what was right before somebody else moved the change, and is not any more, is refused', async () => {
  const { ledger, undisturbed, meddle, events } = open();
  const change = await ledger.propose(proposal(), alice);
  meddle(() => undisturbed.commit(change, { kind: 'withdraw', by: alice, atMs: 1 }, alice));
  expect(await ledger.commit(change, approval(bob), bob)).toMatchObject({ reasonCode: 'not_open' });
  expect(events()).toEqual(['change.proposed', 'change.withdrawn']);
});

test('an old copy of a change is no way around what happened since', async () => {
  const { ledger, events } = open();
  const old = await ledger.propose(proposal(), alice);
  await ledger.commit(old, approval(bob), bob);
  expect(await ledger.commit(old, approval(carol), carol)).toMatchObject({ reasonCode: 'not_open' });
  expect(events()).toEqual(['change.proposed', 'change.approved']);
});

test('under a lease that is lost nothing moves, and the worker is told to stop', async () => {
  const { ledger, leases, store, clock, events } = open();
  const change = await ledger.propose(proposal({ requiredApprovals: [] }), alice);
  const lease = await leases.acquire('rack', 'BGP-1');
  if (lease === undefined) throw new Error('the lease was not free');
  expect(await ledger.commit(change, { kind: 'start', atMs: 0 }, 'bot', lease.fence)).toMatchObject({
    change: { state: 'running' },
  });
  leases.seize('rack', 'another worker');
  const running = await store.change('BGP-1');
  if (running === undefined) throw new Error('the change is gone');
  const wait = { kind: 'wait', progress: 'still here' } as const;
  await expect(ledger.commit(running, wait, 'bot', lease.fence)).rejects.toThrow(LeaseLost);
  await clock.advance(60_000);
  await expect(ledger.commit(running, wait, 'bot', lease.fence)).rejects.toThrow(LeaseLost);
  expect(events()).toEqual(['change.proposed', 'change.started']);
});

test('a person never causes what is for the bot alone', async () => {
  const { ledger, events } = open();
  const change = await ledger.propose(proposal({ requiredApprovals: [] }), alice);
  await expect(ledger.commit(change, { kind: 'start', atMs: 0 }, alice)).rejects.toThrow('for the bot alone');
  expect(events()).toEqual(['change.proposed']);
});

test('a change that others keep moving is an outage in the end, not an endless loop', async () => {
  const { ledger, undisturbed, meddle, store } = open();
  const change = await ledger.propose(proposal({ requiredApprovals: [] }), alice);
  const current = async () => (await store.change('BGP-1')) ?? change;
  let moved = 0;
  for (let times = 0; times < 40; times += 1)
    meddle(async () => {
      moved += 1;
      return undisturbed.commit(await current(), { kind: 'wait', progress: `${times}` }, 'bot');
    });
  await expect(ledger.commit(change, { kind: 'start', atMs: 0 }, 'bot')).rejects.toThrow(
    'kept moving it first',
  );
  expect(moved).toBe(20);
});

test('a change that the store lost is an outage, not a refusal', async () => {
  const { store, clock } = open();
  const forgetful = openLedger(
    { append: async () => ({ kind: 'version_conflict' }), change: async () => undefined },
    clock,
  );
  const change = await openLedger(store, clock).propose(proposal(), alice);
  await expect(forgetful.commit(change, approval(bob), bob)).rejects.toThrow('gone from the store');
});

/** The numbers of the records of BGP-1 since it last intended to evict tmm-1, of a trail with these. */
async function since(...drafts: readonly Pick<RecordDraft, 'event' | 'change' | 'data'>[]) {
  const trail: AuditRecord[] = [];
  for (const draft of drafts) {
    const { seq, hash } = trail.at(-1) ?? { seq: 0, hash: GENESIS };
    trail.push(chain({ atMs: 0, actor: 'bot', ...draft }, seq + 1, hash));
  }
  const latestRecords = async function* () {
    yield* trail.toReversed();
  };
  const found = await recordsSince(EVICTION, 'BGP-1', { latestRecords });
  expect(found.every(({ seq, hash }) => trail[seq - 1]?.hash === hash)).toBe(true);
  return found.map(({ seq }) => seq);
}

const EVICTION: Step = { kind: 'evict', node: 'worker1', pod: 'tmm-1', uid: 'u1' };
const intended = { event: 'step.intended', change: 'BGP-1', data: { step: EVICTION } } as const;
const done = { event: 'step.done', change: 'BGP-1', data: { step: EVICTION } } as const;

test('the records since a step was last intended end with that intent, whatever other steps were intended since', async () => {
  const other = { ...intended, data: { step: { ...EVICTION, pod: 'tmm-2', uid: 'u2' } } };
  expect(await since(intended, done, intended, other)).toEqual([4, 3]);
  expect(await since(intended, other, done)).toEqual([3, 2, 1]);
});

test('the records of a step that was never intended are those since the change started, and of no other change', async () => {
  const started = { event: 'change.started', change: 'BGP-1' } as const;
  const proposed = { event: 'change.proposed', change: 'BGP-1' } as const;
  const elsewhere = { ...intended, change: 'BGP-2' };
  expect(await since(proposed, started, elsewhere, { ...started, change: 'BGP-2' })).toEqual([2]);
});
