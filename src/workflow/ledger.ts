import { isDeepStrictEqual } from 'node:util';
import type { Anchor } from '../domain/audit/anchor.ts';
import type { AuditRecord } from '../domain/audit/record.ts';
import { activeBreakGlass } from '../domain/change/approvals.ts';
import { type Change, holdsScope, isHalted, touchesPods } from '../domain/change/change.ts';
import { type ChangeEvent, type EventRecord, move } from '../domain/change/events.ts';
import { type Step, tmmScope } from '../domain/change/plan.ts';
import { type Proposal, propose } from '../domain/change/propose.ts';
import type { Person } from '../domain/person.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import type { Clock } from '../ports/clock.ts';
import type { Append, Fence, Hold, Store } from '../ports/store.ts';

/** The only way to add or move a change: each call appends one record together with the new state. */
export interface Ledger {
  /** Adds a change, approved at once if no approval is missing. */
  propose(proposal: Proposal, requester: Person): Promise<Change>;
  /**
   * Moves a change by an event, or by the event that `decide` returns for its present state. If the change was moved
   * concurrently, it is read and decided again. A refusal appends nothing; one of them is `scope_held`, when the change would
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

/** Another worker has or may have the lease: this one must not act any more. */
export class LeaseLost extends Error {}

/** How often an event is tried again after concurrent moves of the change. */
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
          // In the middle of execution it stops as if its lease were lost: another change took over.
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

/** The effect on the change's hold of its TMM pods: it takes the hold when it starts or resumes, and again at each step. */
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
 * The change that holds these TMM pods, from its start to its end. Break-glass, and its own rollback, pass a halted holder, but
 * not a running one that only lost its worker. The append by which a change starts or resumes checks it again.
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

/** The records of a change from its last intent to do this step on, that one included; the newest first. */
export async function recordsSince(
  step: Step,
  changeId: string,
  store: Pick<Store, 'latestRecords'>,
): Promise<readonly Anchor[]> {
  const since: Anchor[] = [];
  for await (const { seq, hash, change, event, data } of store.latestRecords()) {
    if (change !== changeId) continue;
    since.push({ seq, hash });
    if (event === 'change.started' || (event === 'step.intended' && isDeepStrictEqual(data.step, step)))
      break;
  }
  return since;
}

/** Refuses an action on TMM pods that this change holds. */
export function scopeHeld(by: string): Refusal {
  return refuse(
    'scope_held',
    `${by} holds the same TMM pods: no other change starts on them until it has ended.`,
    `Decide about ${by} first: status ${by} shows its state.`,
  );
}
