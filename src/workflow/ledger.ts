import type { AuditRecord } from '../domain/audit/record.ts';
import type { Change } from '../domain/change/change.ts';
import { type ChangeEvent, type EventRecord, move } from '../domain/change/events.ts';
import { type Proposal, propose } from '../domain/change/propose.ts';
import type { Person } from '../domain/person.ts';
import { isRefusal, type Refusal } from '../domain/refusal.ts';
import type { Clock } from '../ports/clock.ts';
import type { Fence, Store } from '../ports/store.ts';

/** The only way to add or move a change: each call is one append of its record together with its new state. */
export interface Ledger {
  /** Adds a change, approved at once where no approval is missing. */
  propose(proposal: Proposal, requester: Person): Promise<Change>;
  /**
   * Moves a change by an event, or by what `decide` makes of the change as it is at that moment. When somebody else
   * moved it first, it is read and decided again. A refusal appends nothing. Throws `LeaseLost` when `fence` is stale.
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
  const append = (next: Change, record: EventRecord, actor: Person | 'bot', fence?: Fence) =>
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
        const appended = await append(moved.next, moved.record, actor, fence);
        if (appended.kind === 'appended')
          return { kind: 'committed', change: moved.next, record: appended.record };
        if (appended.kind === 'fence_lost')
          throw new LeaseLost(`${decided.kind} of ${change.id}: its lease is held by another worker`);
        const found = await store.change(change.id);
        if (found === undefined)
          throw new Error(`${decided.kind} of ${change.id}: its state is gone from the store`);
        current = found;
      }
      throw new Error(`moving ${change.id}: others kept moving it first`);
    },
  };
}
