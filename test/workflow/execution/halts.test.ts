import { beforeEach, describe, expect, test } from '@jest/globals';
import { type AuditRecord, chain, GENESIS } from '../../../src/domain/audit/record.ts';
import type { Change } from '../../../src/domain/change/change.ts';
import type { ChangeEvent } from '../../../src/domain/change/events.ts';
import { journalled } from '../../../src/domain/change/journal.ts';
import type { DeclaredFreeze } from '../../../src/domain/policy/freeze.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import { haltOn } from '../../../src/workflow/execution/halt.ts';
import { openRun, type Run } from '../../../src/workflow/execution/run.ts';
import { givenUp, targetChanged, targetGone } from '../../../src/workflow/execution/unrecoverable-halts.ts';
import type { Ledger } from '../../../src/workflow/ledger.ts';
import { aChange } from '../../contracts/a-stored-change.ts';
import { TARGET } from '../../domain/checks/an-inspection.ts';
import { aSite, type Site } from './a-site.ts';

const BOB = { userId: 'U02BOB', teamId: 'T01RACK' };
const record = (seq: number): AuditRecord =>
  chain({ atMs: 0, event: 'change.progress', actor: 'bot', data: {} }, seq, GENESIS);

let site: Site;
let change: Change;
let committed: (readonly [ChangeEvent, number])[];
let commit: Ledger['commit'];
let freezes: Map<string, DeclaredFreeze>;
let newest: readonly AuditRecord[];
let run: Run;
beforeEach(() => {
  site = aSite();
  change = { ...aChange('BGP-1'), state: 'running', journal: [] };
  committed = [];
  freezes = new Map();
  newest = [record(3), record(2)];
  commit = async (before, event) => {
    if (typeof event === 'function') throw new Error('a worker knows what it commits');
    committed.push([event, site.clock.monotonicMs()]);
    return { kind: 'committed', change: { ...before, version: before.version + 1 }, record: record(9) };
  };
  run = openRun(change, {
    target: TARGET,
    cluster: site.rack,
    clock: site.clock,
    store: {
      change: async () => change,
      freezes: async () => freezes,
      async *latestRecords() {
        yield* newest;
      },
    },
    ledger: {
      propose: () => Promise.reject(new Error('a worker proposes nothing')),
      commit: (...args) => commit(...args),
    },
    lease: {
      fence: { scope: 'rack', token: 1, owner: 'this test' },
      lost: new AbortController().signal,
      held: () => true,
      release: async () => undefined,
    },
    signal: new AbortController().signal,
  });
});

describe('what a worker appends', () => {
  test('moves the change that it knows', async () => {
    const { version } = run.change();
    await run.commit({ kind: 'wait', progress: 'x' });
    expect(run.change().version).toBe(version + 1);
  });

  test('that is refused means that another one has it', async () => {
    commit = async () => refuse('not_open', 'BGP-1 is closed.', '');
    await expect(run.commit({ kind: 'wait', progress: 'x' })).rejects.toThrow(
      'carrying out BGP-1: wait: BGP-1 is closed.',
    );
  });

  test('is what it notes in the cluster: its own newest record, else the newest there is', async () => {
    expect((await run.anchor()).seq).toBe(3);
    await run.commit({ kind: 'wait', progress: 'x' });
    expect((await run.anchor()).seq).toBe(9);
  });

  test('cannot be noted where the trail has no record', async () => {
    newest = [];
    await expect(run.anchor()).rejects.toThrow('carrying out BGP-1: the audit trail has no record');
  });
});

test('what is waited for is said at once when it is new, and again after five seconds', async () => {
  await run.sayProgress('a', 'a 0');
  await run.sayProgress('a', 'a 1');
  await site.clock.sleep(4_999);
  await run.sayProgress('a', 'a 2');
  await site.clock.sleep(1);
  await run.sayProgress('a', 'a 3');
  await run.sayProgress('b', 'b 0');
  expect(committed.map(([event]) => event)).toEqual([
    { kind: 'wait', progress: 'a 0' },
    { kind: 'wait', progress: 'a 3' },
    { kind: 'wait', progress: 'b 0' },
  ]);
});

test.each<Partial<Change>>([{ state: 'halted' }, { laterRelease: true }])(
  'a change that somebody else moved on, to %j, is left to them',
  async (moved) => {
    change = { ...change, ...moved };
    await expect(run.stoppedByPeople()).rejects.toThrow('carrying out BGP-1: somebody else moved it on');
  },
);

describe('somebody stops it', () => {
  test('by a freeze of its target, after which it goes on', async () => {
    change = { ...change, journal: aChange('BGP-1').journal };
    freezes.set('rack', { reason: 'incident', by: BOB, atMs: 0 });
    expect(await run.stoppedByPeople()).toEqual({
      kind: 'halt',
      state: 'halted',
      reasonCode: 'frozen',
      sentence: 'Somebody froze rack: incident. Stopped after 1 of 3 steps.',
      next: 'After unfreeze, Check again continues from here: resume BGP-1',
    });
    expect(run.change()).toBe(change);
  });

  test('not by a freeze of another target, nor where break-glass stands for the approvals', async () => {
    freezes.set('attic', { reason: 'incident', by: BOB, atMs: 0 });
    expect(await run.stoppedByPeople()).toBeUndefined();
    freezes.set('rack', { reason: 'incident', by: BOB, atMs: 0 });
    change = { ...change, breakGlassUse: { by: BOB, reason: 'r1 is dead', atMs: 0 } };
    expect(await run.stoppedByPeople()).toBeUndefined();
  });

  test('while work is under way that takes no time to end: nothing of it is said', async () => {
    let ends = (): void => undefined;
    const work = new Promise<void>((resolve) => {
      ends = resolve;
    });
    const said: string[] = [];
    site.clock.after(1_500, () => {
      change = { ...change, cancelledBy: BOB };
    });
    await run.whenStopped(work, () => {
      ends();
      said.push('stopping');
      return 'Stopping';
    });
    expect([said, committed]).toEqual([['stopping'], []]);
  });
});

describe('a halt', () => {
  const complaint = { reasonCode: 'session_down', sentence: 'x is down' } as const;

  test('has all that the check said, and nothing that it did not say', () => {
    const more = { traffic: 'T.', next: 'N.', hint: 'H.', node: 'worker1' };
    expect(haltOn({ ...complaint, ...more })).toEqual({
      kind: 'halt',
      state: 'halted',
      reasonCode: 'session_down',
      sentence: 'x is down',
      ...more,
    });
    expect(Object.keys(haltOn(complaint)).toSorted()).toEqual(['kind', 'reasonCode', 'sentence', 'state']);
  });

  test('of a check that waited says for how long, and what did not come up', () => {
    expect(haltOn(complaint, 30_000).sentence).toBe('x is down after 30 s.');
    const overdue = [
      { what: 'x → y', why: 'Connect' },
      { what: 'x → z', why: 'Active' },
    ];
    expect(haltOn({ ...complaint, overdue }, 180_000).sentence).toBe(
      'x → y did not come up in 3 min (Connect). x → z did not come up in 3 min (Active).',
    );
    expect(haltOn({ ...complaint, overdue }).sentence).toBe('x is down');
  });

  test('of what nobody can go on with says whether its last step may have been done', () => {
    const one = { ...aChange('BGP-1'), state: 'running' as const, journal: [] };
    const [intended] = aChange('BGP-1').journal;
    if (intended === undefined) throw new Error('there is one');
    const begun = { ...one, journal: [intended] };
    const blue = { ...TARGET, namespace: 'spk-blue', tmm: { ...TARGET.tmm, selector: 'app=blue' } };
    expect(targetGone(one, 5)).toEqual({
      kind: 'end',
      state: 'halted',
      outcome: {
        reasonCode: 'target_gone',
        sentence: 'The policy has no target rack any more.',
        next: 'Put target rack back into the policy and resume BGP-1, or close BGP-1.',
        atMs: 5,
      },
    });
    expect(targetChanged(begun, blue, 5)).toEqual({
      kind: 'end',
      state: 'outcome_unknown',
      outcome: {
        reasonCode: 'target_gone',
        sentence:
          'Target rack of the policy now means lookups in spk-blue and TMM pods app=blue in spk-ingress; BGP-1 is for lookups in spk-ingress and TMM pods app=f5-tmm in spk-tmm. Whether its last step was done is not known.',
        next: 'Put target rack back as it was and resume BGP-1, or close BGP-1.',
        atMs: 5,
      },
    });
    expect(givenUp(one, 5)).toMatchObject({
      state: 'halted',
      outcome: {
        reasonCode: 'internal_error',
        next: "Look for BGP-1 in the bot's log, then resume BGP-1 or close BGP-1.",
      },
    });
  });
});

test('the journal is asked for the newest entry of one step in one phase', () => {
  const pod = { node: 'worker1', pod: 'tmm-1', uid: 'tmm-1' };
  const write = { kind: 'write', lookup: 'tor', node: 'worker1' } as const;
  const evict = { kind: 'evict', ...pod } as const;
  const journal = [
    { step: write, phase: 'intended', atMs: 1 },
    { step: evict, phase: 'intended', atMs: 2 },
    { step: evict, phase: 'intended', atMs: 3 },
    { step: { kind: 'check', ...pod }, phase: 'found', atMs: 4 },
  ] as const;
  const one = { ...aChange('BGP-1'), journal };
  const at = (...args: readonly [Parameters<typeof journalled>[1], 'intended' | 'found']) =>
    journalled(one, ...args)?.atMs;
  expect(at(write, 'intended')).toBe(1);
  expect(at({ ...write, lookup: 'tor-v6' }, 'intended')).toBeUndefined();
  expect(at({ ...write, node: 'worker2' }, 'intended')).toBeUndefined();
  expect(at(evict, 'intended')).toBe(3);
  expect(at({ ...evict, uid: 'tmm-2' }, 'intended')).toBeUndefined();
  expect(at(evict, 'found')).toBeUndefined();
  expect(at({ ...evict, kind: 'check' }, 'found')).toBe(4);
});
