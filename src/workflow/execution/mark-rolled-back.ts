import type { Dependencies } from '../dependencies.ts';

/** Once a rollback succeeded, what it undid is rolled back. A change that is so already, or moved on, stays as it is. */
export async function markRolledBack(
  changeId: string,
  { store, ledger, now }: Pick<Dependencies, 'store' | 'ledger' | 'now'>,
): Promise<void> {
  const undoing = await store.change(changeId);
  const undone = undoing?.plan.rollsBack?.change;
  const change = undone === undefined ? undefined : await store.change(undone);
  if (change === undefined) return;
  await ledger.commit(change, { kind: 'mark rolled back', by: changeId, atMs: now() }, 'bot');
}
