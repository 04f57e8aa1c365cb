import type { AuditRecord } from '../../src/domain/audit/record.ts';
import { type Change, touchesPods } from '../../src/domain/change/change.ts';
import type { MemoryCluster } from '../doubles/memory-cluster.ts';
import { authorizationOf } from './authorization-truth.ts';
import type { Caller } from './caller.ts';
import { notDone } from './done-truth.ts';
import type { Invariant } from './invariants.ts';
import { type KnownChange, scopeOf } from './known-change.ts';

export interface RecordNow {
  readonly record: AuditRecord;
  readonly change: KnownChange;
  /** As it was before this record. */
  readonly before: Change;
  readonly caller: Caller | undefined;
  /** The one for which it was planned. */
  readonly cluster: MemoryCluster | undefined;
  readonly nowMs: number;
}

/** What must hold when a change moves. */
export const RECORD_INVARIANTS: readonly Invariant<RecordNow>[] = [
  [
    'break-glass is for whom a rule names',
    (moved, observer) =>
      moved.record.event === 'change.break_glass' ? authorizationOf(moved, observer) : undefined,
  ],
  [
    'one change runs at a time',
    ({ change, before, caller, nowMs }, { changes }) => {
      const { now } = change;
      // The append of a rollback or a break-glass passes whoever holds the pods: one that went on since it was asked is not known.
      const askedAtMs = caller?.chainSinceMs ?? nowMs;
      if (now.state !== 'running' || before.state === 'running' || !touchesPods(now)) return undefined;
      const other = [...changes.values()].find(
        (one) =>
          one !== change &&
          one.now.state === 'running' &&
          one.runsSinceMs < askedAtMs &&
          touchesPods(one.now) &&
          scopeOf(one.now) === scopeOf(now),
      );
      return other === undefined ? undefined : `${other.id} runs on the same TMM pods`;
    },
  ],
  [
    'a halt says what was done',
    ({ change: { now, effects, done }, before }, observer) => {
      if (now.state !== 'halted' || before.state !== 'running' || observer.severalClusters())
        return undefined;
      const missing = effects.filter(({ key, stands }) => stands && !done.has(key));
      return missing.length === 0
        ? undefined
        : `${now.outcome?.reasonCode}, without ${missing.map(({ key }) => key).join(', ')}`;
    },
  ],
  [
    'a stop is recorded',
    ({ change: { now, stop, stoppers } }) => {
      if (stop === undefined || now.state === 'running') return undefined;
      // What was under way when it was pressed may end as it ends.
      if (stop.idleMs === 0 || now.state === 'succeeded' || now.state === 'outcome_unknown') return undefined;
      // Only a deletion that was under way is refused so here: it is looked for first what became of those beside it.
      if (now.outcome?.reasonCode === 'cluster_forbidden') return undefined;
      const by = [...stoppers].join(' and ');
      if (now.outcome?.reasonCode !== 'cancelled')
        return `${by} stopped it, and it is ${now.outcome?.reasonCode}`;
      return stoppers.has(now.cancelledBy?.userId ?? '')
        ? undefined
        : `${by} stopped it, not ${now.cancelledBy?.userId}`;
    },
  ],
  [
    'a stop is undone by who stopped it, or an approver',
    ({ record, change: { stoppers }, before, caller, nowMs }, { people }) => {
      const { requiredApprovals, requester } = before;
      if (record.event !== 'change.resumed' || record.actor === 'bot') return undefined;
      const { user } = record.actor;
      if (user !== requester.userId) return undefined;
      const [another] = [...stoppers].filter((stopper) => stopper !== user);
      if (another === undefined) return undefined;
      const groups = requiredApprovals.flatMap((one) => one.groups);
      const approver = groups.some((group) => people.held(user, group, caller?.chainSinceMs ?? nowMs, nowMs));
      return approver ? undefined : `${user} undid what ${another} stopped`;
    },
  ],
  [
    'an old halt needs new approvals',
    ({ record, before, change, caller, nowMs }) => {
      const { outcome, executeByMs = 0, executeWithinMs, requiredApprovals } = before;
      if (record.event !== 'change.resumed' || outcome === undefined || requiredApprovals.length === 0)
        return undefined;
      const askedAtMs = Date.parse(record.at) - (nowMs - (caller?.chainSinceMs ?? nowMs));
      if (askedAtMs < Math.max(outcome.atMs + executeWithinMs, executeByMs)) return undefined;
      const renewed = change.now.decisions.some(({ atMs }) => atMs >= outcome.atMs);
      return renewed || before.breakGlassUse !== undefined ? undefined : 'nobody approved it again';
    },
  ],
  [
    'done means done',
    (moved, observer) =>
      moved.record.event === 'change.succeeded' ? notDone(moved, moved.cluster, observer) : undefined,
  ],
];
