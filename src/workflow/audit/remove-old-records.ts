import {
  type ChangeProgress,
  type Holder,
  planRemoval,
  type Removal,
  type Retention,
} from '../../domain/audit/retention.ts';
import type { Change } from '../../domain/change/change.ts';
import type { AuditRetention } from '../../ports/audit-retention.ts';
import type { Fence, Store } from '../../ports/store.ts';
import type { Dependencies } from '../dependencies.ts';

export interface RetentionDependencies extends Pick<Dependencies, 'store' | 'leases' | 'now'> {
  readonly trail: AuditRetention;
}

/**
 * Cuts the old end of the trail as far as the retention lets it: first a checkpoint that closes what goes, then the cut,
 * so that a crash in between leaves a whole trail and a cut that is due. Answers who held up more, if anybody.
 */
export async function removeOldRecords(
  retention: Retention,
  fence: Fence,
  keeper: RetentionDependencies,
): Promise<Holder | undefined> {
  const { store, trail, now } = keeper;
  const { removal, holder } = await plan(retention, keeper);
  if (removal === undefined) return holder;
  const closed = await closedThrough(store);
  if (closed >= removal.first) {
    // A cut that a crash left due: further than this checkpoint says would leave a trail that nothing closes.
    if (closed <= removal.through) await trail.removeThrough(closed);
    return holder;
  }
  const { first: _, ...data } = removal;
  const appended = await store.append({
    record: { atMs: now(), event: 'audit.checkpoint', actor: 'bot', data },
    fence,
  });
  if (appended.kind === 'appended') await trail.removeThrough(removal.through);
  return holder;
}

async function plan(
  retention: Retention,
  { store, trail, now }: RetentionDependencies,
): Promise<{ readonly removal?: Removal; readonly holder?: Holder }> {
  const state = { nowMs: now(), head: await headOf(store), handled: await trail.handled() };
  const planned = planRemoval(retention, state);
  const known = new Map<string, ChangeProgress | undefined>();
  for await (const record of store.records(1)) {
    const id = record.change;
    if (id !== null && !known.has(id)) known.set(id, progressOf(await store.change(id)));
    if (!planned.take(record, id === null ? undefined : known.get(id))) break;
  }
  return planned.end();
}

/** Without the rest of it: there may be many changes. */
function progressOf(change: Change | undefined): ChangeProgress | undefined {
  if (change === undefined) return undefined;
  const { state, breakGlassUse } = change;
  return { state, ...(breakGlassUse === undefined ? {} : { breakGlassUse }) };
}

async function headOf(store: Pick<Store, 'latestRecords'>): Promise<number> {
  for await (const { seq } of store.latestRecords()) return seq;
  return 0;
}

/** Through which record the newest checkpoint closes what was removed; 0 before the first one. */
async function closedThrough(store: Pick<Store, 'latestRecords'>): Promise<number> {
  for await (const { event, data } of store.latestRecords()) {
    if (event === 'audit.checkpoint' && typeof data.through === 'number') return data.through;
  }
  return 0;
}
