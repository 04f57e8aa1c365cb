import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { AuditRecord } from '../../src/domain/audit/record.ts';
import { InjectedFault } from './caller.ts';
import type { Observer } from './observer.ts';
import type { Shared } from './shared.ts';

/** What must hold when everything has calmed down and time has passed. */
export function judgeAtRest({ calls: { clock }, jobs, stream, store }: Shared, observer: Observer): void {
  for (const { id, now, effects, done } of observer.changes.values()) {
    const { state } = now;
    if (state === 'running' || (state === 'approved' && (now.executeByMs ?? 0) <= clock.now()))
      observer.violate(
        'nothing is left lying',
        `${id} is ${state}: ${now.progress ?? 'it waits for nothing'}`,
      );
    if (state === 'proposed' && now.approveByMs <= clock.now())
      observer.violate('nothing is left lying', `${id} is proposed and past its time`);
    const ended = ['halted', 'outcome_unknown', 'failed', 'closed', 'rolled_back'].includes(state);
    const missing = effects.filter(({ key }) => !done.has(key));
    if (missing.length > 0 && !ended)
      observer.violate('a record after', `${id} is ${state}: ${missing.map(({ key }) => key).join(', ')}`);
  }
  for (const { error, ...about } of [...jobs.failures, ...stream.failures]) {
    if (error instanceof InjectedFault) continue;
    const where = 'job' in about ? `job ${about.job.id}` : `${about.group} #${about.seq}`;
    observer.violate('nothing throws of itself', `${where}: ${error instanceof Error ? error.stack : error}`);
  }
  const broken = firstBroken(store.trail);
  if (broken !== undefined) observer.violate('the trail verifies', broken);
}

/** The first record that does not follow from the one before it, calculated here and not by the bot. */
function firstBroken(trail: readonly AuditRecord[]): string | undefined {
  let prev = '0'.repeat(64);
  for (const [at, record] of trail.entries()) {
    const { hash, ...rest } = record;
    if (record.seq !== at + 1) return `#${record.seq} stands where #${at + 1} should be`;
    if (record.prev !== prev) return `#${record.seq} does not follow #${at}`;
    const own = createHash('sha256')
      .update(canonicalize(rest) ?? '')
      .digest('hex');
    if (own !== hash) return `#${record.seq} has another hash`;
    prev = hash;
  }
  return undefined;
}
