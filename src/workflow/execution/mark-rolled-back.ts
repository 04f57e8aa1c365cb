import { transition } from '../../domain/change/transition.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Dependencies } from '../dependencies.ts';

const TRIES = 10;

/** Once a rollback succeeded, what it undid is rolled back; said once, however often the record is handed over. */
export async function markRolledBack(
  changeId: string,
  {
    store,
    now,
  }: { readonly store: Pick<Dependencies['store'], 'change' | 'append'>; readonly now: Dependencies['now'] },
): Promise<void> {
  const undoing = await store.change(changeId);
  const undone = undoing?.plan.rollsBack?.change;
  if (undone === undefined) return;
  for (let tried = 0; tried < TRIES; tried += 1) {
    const change = await store.change(undone);
    if (change === undefined) return;
    const atMs = now();
    const next = transition(change, { kind: 'roll back', by: changeId, atMs });
    if (isRefusal(next)) return;
    const { plan, digest, id } = next;
    const appended = await store.append({
      change: { next, expectedVersion: change.version },
      record: {
        atMs,
        event: 'change.rolled_back',
        actor: 'bot',
        target: plan.target,
        change: id,
        digest,
        reasonCode: 'rolled_back',
        data: { by: changeId },
      },
    });
    if (appended.kind === 'appended') return;
  }
  throw new Error(`rolling back ${undone}: others kept changing it first`);
}
