import { acceptanceOf, type LostRecords } from '../../domain/audit/lost-records.ts';
import { activeBreakGlass, isApproved, isCounted } from '../../domain/change/approvals.ts';
import { type Change, isHalted } from '../../domain/change/change.ts';
import type { ChangeEvent } from '../../domain/change/events.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store, TrailEnd } from '../../ports/store.ts';
import { openLedger } from '../ledger.ts';

export interface RestoreDependencies {
  readonly end: TrailEnd;
  readonly store: Pick<Store, 'append' | 'change' | 'recentChanges'>;
  readonly clock: Clock;
}

/**
 * Accepts a loss of records: appends the acceptance record, numbered above every number ever published; then voids the approvals
 * of every change in the restored store, since what they approved may have been done already; only then may other replicas
 * append. Resolves to the number of that record, and the ids of the changes that need a person; undefined when the trail has
 * moved since. A repeated call completes an interrupted one.
 */
export async function acceptRestore(
  lost: LostRecords,
  reason: string,
  { end, store, clock }: RestoreDependencies,
): Promise<{ readonly seq: number; readonly changes: readonly string[] } | undefined> {
  const seq = await end.accept(lost, {
    atMs: clock.now(),
    event: 'audit.restore_accepted',
    actor: 'bot',
    data: { ...acceptanceOf(lost, reason) },
  });
  if (seq === undefined) return undefined;
  const ledger = openLedger(store, clock);
  const changes: string[] = [];
  for (const { id } of await store.recentChanges(Number.MAX_SAFE_INTEGER)) {
    // In steps: a change that was running first becomes outcome_unknown, and then loses its approvals.
    for (let change = await store.change(id); change !== undefined; change = await store.change(id)) {
      const event = afterRestore(change, clock.now());
      if (event === undefined) break;
      if (changes.at(-1) !== id) changes.push(id);
      const committed = await ledger.commit(change, event, 'bot');
      if (isRefusal(committed)) throw new Error(`${event.kind} of ${id}: ${committed.sentence}`);
    }
  }
  await end.resume();
  return { seq, changes };
}

/** The next event for a change of a restored store; undefined when no approval is left that could let it run. */
function afterRestore(change: Change, atMs: number): ChangeEvent | undefined {
  const { id, state, decisions } = change;
  if (state === 'running')
    return {
      kind: 'end',
      state: 'outcome_unknown',
      outcome: {
        reasonCode: 'records_lost',
        sentence:
          'The store was restored while this change ran: what was done after that moment is not known.',
        next: `Check mapping and sessions with show, then resume ${id} or close ${id}.`,
        atMs,
      },
    };
  if (state !== 'proposed' && state !== 'approved' && !isHalted(change)) return undefined;
  const isUsed = activeBreakGlass(change) !== undefined;
  if (decisions.some(isCounted) || isUsed)
    return {
      kind: 'void approvals',
      atMs,
      reasonCode: 'approval_void',
      decisions: decisions.map((one) => (isCounted(one) ? { ...one, void: 'records_lost' as const } : one)),
      approveByMs: atMs + Math.max(0, change.approveByMs - change.createdAtMs),
      ...(isUsed ? { breakGlass: 'records_lost' as const } : {}),
    };
  // It was approved without anybody's approval: nothing can be voided, so it has to be requested again.
  if (state !== 'approved' || !isApproved(change)) return undefined;
  const sentence = 'The store was restored since this was approved, and records of the audit trail are lost.';
  return { kind: 'mark stale', atMs, fresh: refuse('records_lost', sentence, 'Request it again.') };
}
