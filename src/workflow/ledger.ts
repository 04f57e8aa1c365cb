import type { AuditRecord } from '../domain/audit/record.ts';
import { activeBreakGlass } from '../domain/change/approvals.ts';
import { type Change, holdsScope, isHalted, touchesPods } from '../domain/change/change.ts';
import { type ChangeEvent, type EventRecord, move } from '../domain/change/events.ts';
import { tmmScope } from '../domain/change/plan.ts';
import { type Proposal, propose } from '../domain/change/propose.ts';
import type { Person } from '../domain/person.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import type { Clock } from '../ports/clock.ts';
import type { Append, Fence, Hold, Store } from '../ports/store.ts';

/** The only way to add or move a change: each call is one append of its record together with its new state. */
export interface Ledger {
  /** Adds a change, approved at once where no approval is missing. */
  propose(proposal: Proposal, requester: Person): Promise<Change>;
  /**
   * Moves a change by an event, or by what `decide` makes of the change as it is at that moment. When somebody else
   * moved it first, it is read and decided again. A refusal appends nothing; one of them is `scope_held`, when the change would
   * start to act while another one holds its TMM pods. Throws `LeaseLost` when `fence` is stale.
   */
  commit(
    change: Change,
    event: ChangeEvent | ((current: Change) => Promise<ChangeEvent | Refusal>),
    actor: Person | 'bot',
    fence?: Fence,
  ): Promise<Committed | Refusal>;
}

export interface Committed {
  readonly kind: 'committed';
  readonly change: Change;
  readonly record: AuditRecord;
}

/** Another worker has the lease, or may have it: this one must not act any more. */
export class LeaseLost extends Error {}

/** How often an event is tried again because somebody else moved the change first. */
const TRIES = 20;

export function openLedger(store: Pick<Store, 'append' | 'change'>, clock: Pick<Clock, 'now'>): Ledger {
  const append = (
    next: Change,
    record: EventRecord,
    actor: Person | 'bot',
    { fence, hold }: Pick<Append, 'fence' | 'hold'> = {},
  ) =>
    store.append({
      record: {
        ...record,
        atMs: clock.now(),
        actor,
        target: next.plan.target,
        change: next.id,
        digest: next.digest,
      },
      change: { next, expectedVersion: next.version - 1 },
      ...(fence === undefined ? {} : { fence }),
      ...(hold === undefined ? {} : { hold }),
    });
  return {
    async propose(proposal, requester) {
      const { change, record } = propose(proposal);
      const appended = await append(change, record, requester);
      if (appended.kind !== 'appended') throw new Error(`proposing ${change.id}: ${appended.kind}`);
      return change;
    },
    async commit(change, event, actor, fence) {
      let current = change;
      for (let tried = 0; tried < TRIES; tried += 1) {
        const decided = typeof event === 'function' ? await event(current) : event;
        if (isRefusal(decided)) return decided;
        const moved = move(current, decided, actor);
        if (isRefusal(moved)) return moved;
        const hold = holdOf(current, moved.next, decided);
        const appended = await append(moved.next, moved.record, actor, {
          ...(fence === undefined ? {} : { fence }),
          ...(hold === undefined ? {} : { hold }),
        });
        if (appended.kind === 'appended')
          return { kind: 'committed', change: moved.next, record: appended.record };
        if (appended.kind === 'fence_lost')
          throw new LeaseLost(`${decided.kind} of ${change.id}: its lease is held by another worker`);
        if (appended.kind === 'scope_held') {
          // In the middle of its work it leaves off, as when its lease is lost: another change took over.
          if (decided.kind === 'intend')
            throw new LeaseLost(`${decided.kind} of ${change.id}: ${appended.by} took over its TMM pods`);
          return scopeHeld(appended.by);
        }
        const found = await store.change(change.id);
        if (found === undefined)
          throw new Error(`${decided.kind} of ${change.id}: its state is gone from the store`);
        current = found;
      }
      throw new Error(`moving ${change.id}: others kept moving it first`);
    },
  };
}

/** What becomes of the change's hold on its TMM pods. It takes them when it starts or goes on, and at each step anew. */
function holdOf(before: Change, next: Change, { kind }: ChangeEvent): Hold | undefined {
  const scope = tmmScope(next.plan);
  if (!holdsScope(next)) return holdsScope(before) ? { scope, kind: 'leave' } : undefined;
  const takes = next.state === 'running' && (before.state !== 'running' || kind === 'intend');
  if (!takes) return { scope, kind: 'keep' };
  const undone = next.plan.rollsBack?.change;
  if (activeBreakGlass(next) !== undefined) return { scope, kind: 'take', passes: { kind: 'all' } };
  return undone === undefined
    ? { scope, kind: 'take' }
    : { scope, kind: 'take', passes: { kind: 'change', id: undone } };
}

/**
 * The change that has begun on these TMM pods and is not at its end; break-glass, and its own rollback, pass one that halted, not one
 * that runs and only lost its worker. The append by which a change starts or goes on asks once more.
 */
export async function holderInTheWay(
  change: Change,
  { store }: { readonly store: Pick<Store, 'change' | 'scopeHolders'> },
): Promise<Change | undefined> {
  if (!touchesPods(change)) return undefined;
  const undone = change.plan.rollsBack?.change;
  const passes = activeBreakGlass(change) !== undefined;
  for (const id of await store.scopeHolders(tmmScope(change.plan))) {
    if (id === change.id) continue;
    const holder = await store.change(id);
    if (holder !== undefined && !((passes || id === undone) && isHalted(holder))) return holder;
  }
  return undefined;
}

/** Refuses what would act on TMM pods that this change holds. */
export function scopeHeld(by: string): Refusal {
  return refuse(
    'scope_held',
    `${by} holds the same TMM pods: no other change starts on them until it has ended.`,
    `Decide about ${by} first: status ${by} shows its state.`,
  );
}
