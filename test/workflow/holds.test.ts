import { describe, expect, test } from '@jest/globals';
import { chain, GENESIS } from '../../src/domain/audit/record.ts';
import type { Change } from '../../src/domain/change/change.ts';
import type { ChangeEvent } from '../../src/domain/change/events.ts';
import { isRefusal } from '../../src/domain/refusal.ts';
import type { Hold } from '../../src/ports/store.ts';
import { LeaseLost, openLedger } from '../../src/workflow/ledger.ts';
import { aChange } from '../contracts/a-stored-change.ts';
import { fakeClock } from '../doubles/fake-clock.ts';

const bob = { userId: 'U02BOB', teamId: 'T01RACK' };

describe('the hold on a set of TMM pods', () => {
  /** What the append of one event does to the hold of a change that is as given. */
  async function holdAfter(given: Partial<Change>, event: ChangeEvent): Promise<Hold | undefined> {
    const holds: (Hold | undefined)[] = [];
    const ledger = openLedger(
      {
        async append({ record, hold }) {
          holds.push(hold);
          return { kind: 'appended', record: chain(record, 1, GENESIS) };
        },
        change: async () => undefined,
      },
      fakeClock(),
    );
    const { outcome: _, ...change } = aChange('BGP-1');
    const committed = await ledger.commit(
      { ...change, decisions: [], requiredApprovals: [], ...given },
      event,
      'bot',
    );
    if (isRefusal(committed)) throw new Error(committed.sentence);
    return holds[0];
  }
  const scope = 'uid-of-kube-system/spk-tmm/app=f5-tmm';
  const step = { kind: 'write', lookup: 'spk-tor-bgp', node: 'worker1' } as const;
  const outcome = { reasonCode: 'done', sentence: 'Done.', atMs: 9 } as const;
  const { plan } = aChange('BGP-1');
  const rollback = { ...plan, rollsBack: { change: 'BGP-0', verb: 'rotate' } };
  const broken = { by: bob, reason: 'r1 is dead', atMs: 1 };

  test.each<[string, Partial<Change>, ChangeEvent, Hold | undefined]>([
    ['is taken by a start', { state: 'approved' }, { kind: 'start', atMs: 1 }, { scope, kind: 'take' }],
    [
      'is taken again when a halted change goes on',
      { state: 'halted' },
      { kind: 'resume', atMs: 9 },
      { scope, kind: 'take' },
    ],
    [
      'is taken again by each step',
      { state: 'running' },
      { kind: 'intend', step, atMs: 9 },
      { scope, kind: 'take' },
    ],
    [
      'is kept while a change runs',
      { state: 'running' },
      { kind: 'wait', progress: 'worker1' },
      { scope, kind: 'keep' },
    ],
    [
      'is kept by a halt',
      { state: 'running' },
      { kind: 'end', state: 'halted', outcome },
      { scope, kind: 'keep' },
    ],
    [
      'is left by a success',
      { state: 'running' },
      { kind: 'end', state: 'succeeded', outcome },
      { scope, kind: 'leave' },
    ],
    [
      'is left when a halted change is closed',
      { state: 'halted' },
      { kind: 'close', by: bob, atMs: 9 },
      { scope, kind: 'leave' },
    ],
    [
      'is nothing to a change that has not started',
      { state: 'approved' },
      { kind: 'wait', progress: 'x' },
      undefined,
    ],
    [
      'is nothing to a query that needed approval',
      { state: 'approved', plan: { ...plan, differences: [], restarts: [] } },
      { kind: 'start', atMs: 1 },
      undefined,
    ],
    [
      'is taken by a rollback from the change that it undoes',
      { state: 'approved', plan: rollback },
      { kind: 'start', atMs: 1 },
      { scope, kind: 'take', passes: { kind: 'change', id: 'BGP-0' } },
    ],
    [
      'is taken by break-glass from whoever holds it',
      { state: 'approved', plan: rollback, breakGlassUse: broken },
      { kind: 'start', atMs: 1 },
      { scope, kind: 'take', passes: { kind: 'all' } },
    ],
    [
      'is taken from nobody by a use of break-glass that does not count any more',
      { state: 'approved', breakGlassUse: { ...broken, void: 'not_allowed' } },
      { kind: 'start', atMs: 1 },
      { scope, kind: 'take' },
    ],
  ])('%s', async (_, given, event, hold) => {
    expect(await holdAfter(given, event)).toEqual(hold);
  });

  test.each([
    ['a start is refused', { state: 'approved' }, { kind: 'start', atMs: 1 }],
    ['a step is the end of its worker', { state: 'running' }, { kind: 'intend', step, atMs: 9 }],
  ] as const)('when another change has it, %s', async (_, given, event) => {
    const ledger = openLedger(
      { append: async () => ({ kind: 'scope_held', by: 'BGP-7' }), change: async () => undefined },
      fakeClock(),
    );
    const { outcome: __, ...change } = aChange('BGP-1');
    const committing = ledger.commit({ ...change, ...given }, event, 'bot');
    if (event.kind === 'intend') await expect(committing).rejects.toThrow(LeaseLost);
    else
      expect(await committing).toMatchObject({
        reasonCode: 'scope_held',
        next: expect.stringContaining('BGP-7'),
      });
  });
});
