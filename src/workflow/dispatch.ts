import type { AuditRecord } from '../domain/record.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Store } from '../ports/store.ts';
import { settleRollback } from './settle-rollback.ts';

/** A projection of the trail: what was asked or approved becomes a job, each clock a delayed one. */
export async function dispatch(
  record: AuditRecord,
  bot: { readonly jobs: Jobs; readonly store: Pick<Store, 'change' | 'append'>; readonly now: () => number },
): Promise<void> {
  if (record.event === 'question.asked' && typeof record.data.question === 'string') {
    await bot.jobs.add({ kind: 'question', id: record.data.question });
    return;
  }
  if (record.change === null) return;
  if (record.event === 'change.approved' || record.event === 'change.resumed') {
    await bot.jobs.add({ kind: 'change', id: `${record.change}.${record.seq}` });
  }
  if (record.event === 'change.succeeded') await settleRollback(record.change, bot);
  if (record.event !== 'change.approved' && record.event !== 'change.proposed') return;
  const change = await bot.store.change(record.change);
  const dueMs = record.event === 'change.approved' ? change?.executeByMs : change?.approveByMs;
  if (dueMs === undefined) return;
  const clock = record.event === 'change.approved' ? 'execute' : 'approve';
  await bot.jobs.add({
    kind: 'expiry',
    id: `${record.change}.${clock}-by`,
    delayMs: Math.max(0, dueMs - bot.now()),
  });
}

/** The change that a job is about. */
export function changeOfJob(jobId: string): string {
  return jobId.replace(/\.(?:[a-z]+-by|\d+)$/, '');
}
