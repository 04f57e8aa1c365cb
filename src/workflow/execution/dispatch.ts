import type { AuditRecord, EventName } from '../../domain/audit/record.ts';
import type { Jobs } from '../../ports/jobs.ts';
import type { Store } from '../../ports/store.ts';
import { markRolledBack } from './mark-rolled-back.ts';

/** A projection of the trail: what was asked or approved becomes a job, each clock a delayed one. */
export async function dispatch(
  record: AuditRecord,
  bot: { readonly jobs: Jobs; readonly store: Pick<Store, 'change' | 'append'>; readonly now: () => number },
): Promise<void> {
  if (record.event === 'query.requested' && typeof record.data.query === 'string') {
    await bot.jobs.add({ kind: 'query', id: record.data.query });
    return;
  }
  if (record.change === null) return;
  if (STARTS.includes(record.event)) {
    await bot.jobs.add({ kind: 'change', id: `${record.change}.${record.seq}` });
  }
  if (record.event === 'change.succeeded') await markRolledBack(record.change, bot);
  if (record.event !== 'change.proposed' && !APPROVES.includes(record.event)) return;
  const change = await bot.store.change(record.change);
  const approved = APPROVES.includes(record.event);
  const dueMs = approved ? change?.executeByMs : change?.approveByMs;
  if (dueMs === undefined) return;
  const clock = approved ? 'execute' : 'approve';
  await bot.jobs.add({
    kind: 'expiry',
    id: `${record.change}.${clock}-by`,
    delayMs: Math.max(0, dueMs - bot.now()),
  });
}

/** After these a worker takes it up, or takes it up again. */
const STARTS: readonly EventName[] = ['change.approved', 'change.resumed', 'change.break_glass'];
const APPROVES: readonly EventName[] = ['change.approved', 'change.break_glass'];

/** The change that a job is about. */
export function changeOfJob(jobId: string): string {
  return jobId.replace(/\.(?:[a-z]+-by|\d+)$/, '');
}
