import { activeBreakGlass } from '../../domain/change/approvals.ts';
import { type Change, isHalted, touchesPods } from '../../domain/change/change.ts';
import { STATE_WORDS } from '../../domain/change/describe-state.ts';
import type { ChangeEvent } from '../../domain/change/events.ts';
import { tmmScope } from '../../domain/change/plan.ts';
import { describeFrozen } from '../../domain/policy/freeze.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { type Lease, Unreadable } from '../../ports/store.ts';
import type { Dependencies } from '../dependencies.ts';
import { frozenNow } from '../frozen.ts';
import { stillAuthorized } from '../still-authorized.ts';
import { replan } from './replan.ts';

/**
 * Checks clock, freezes, who else holds the TMM pods, plan and rights once more, then starts. Undefined when somebody else decided in
 * the same moment.
 */
export async function begin(
  change: Change,
  lease: Lease,
  worker: Dependencies,
): Promise<Change | 'waits' | undefined> {
  const event = await startOf(change, worker);
  if (event.kind === 'waits') return waitFor(event, change, lease, worker);
  const committed = await worker.ledger.commit(change, event, 'bot', lease.fence);
  return isRefusal(committed) ? undefined : committed.change;
}

/** Why a change cannot start yet, as its card says it. */
interface Waits {
  readonly kind: 'waits';
  readonly progress: string;
  /** The change that is waited for. */
  readonly waitsFor?: string;
}

async function waitFor(
  { progress, waitsFor }: Waits,
  change: Change,
  lease: Lease,
  { ledger }: Dependencies,
): Promise<'waits' | undefined> {
  if (change.progress === progress) return 'waits';
  const event = { kind: 'wait' as const, progress, ...(waitsFor === undefined ? {} : { waitsFor }) };
  const committed = await ledger.commit(change, event, 'bot', lease.fence);
  return isRefusal(committed) ? undefined : 'waits';
}

/** What becomes of an approved change at this moment: it starts, waits, or ends because it may not start. */
async function startOf(change: Change, worker: Dependencies): Promise<ChangeEvent | Waits> {
  const atMs = worker.clock.now();
  if (change.executeByMs !== undefined && atMs >= change.executeByMs) return { kind: 'expire', atMs };
  const frozen = await waitsFrozen(change, worker);
  if (frozen !== undefined) return frozen;
  const holder = await holderInTheWay(change, worker).catch(asUnreadable);
  if (holder instanceof Unreadable) return { ...waits(`Waits: ${holder.message}`), waitsFor: holder.id };
  if (holder !== undefined) return { ...waits(`Waits: ${describeHolder(holder)}`), waitsFor: holder.id };
  const replanned = await replan(change, worker);
  switch (replanned.kind) {
    case 'same':
      return startAuthorized(change, worker);
    case 'other':
      return { kind: 'mark stale', atMs, fresh: replanned.fresh };
    case 'unreadable':
      // One failed read ends nothing, whatever the API server says; how long it may go on is for execute-by to say.
      return waits(`Waits: ${replanned.refusal.sentence}`);
  }
}

async function waitsFrozen(change: Change, worker: Dependencies): Promise<Waits | undefined> {
  if (activeBreakGlass(change) !== undefined) return undefined;
  const freeze = await frozenNow(change.plan, worker);
  return freeze === undefined ? undefined : waits(`Frozen, waiting: ${describeFrozen(freeze)}`);
}

/** The last thing before the start, so that nothing changes between who may and what is done; cluster and Slack may take long. */
async function startAuthorized(change: Change, worker: Dependencies): Promise<ChangeEvent | Waits> {
  const still = await stillAuthorized(change, worker);
  switch (still.kind) {
    case 'yes':
      return (await waitsFrozen(change, worker)) ?? { kind: 'start', atMs: worker.clock.now() };
    case 'void':
      return { kind: 'void approvals', ...still.approvals };
    case 'requester refused':
      return failed(still.refusal, worker.clock.now());
    case 'unknown':
      return waits(`Waits: ${still.refusal.sentence}`);
  }
}

/**
 * The change that has begun on these TMM pods and is not at its end; break-glass, and its own rollback, pass one that halted, not one
 * that runs and only lost its worker. The append by which a change starts or goes on asks once more.
 */
export async function holderInTheWay(
  change: Change,
  { store }: Pick<Dependencies, 'store'>,
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

function asUnreadable(error: unknown): Unreadable {
  if (error instanceof Unreadable) return error;
  throw error;
}

/** `BGP-6 halted (worker1 → 10.20.1.9 is Connect after 30 s.)`. */
function describeHolder({ id, state, outcome }: Change): string {
  const why = outcome === undefined ? '' : ` (${outcome.sentence})`;
  return `${id} ${state === 'running' ? 'is running' : STATE_WORDS[state].words}${why}`;
}

function waits(progress: string): Waits {
  return { kind: 'waits', progress };
}

function failed({ reasonCode, sentence, next }: Refusal, atMs: number): ChangeEvent {
  const outcome = { reasonCode, sentence: `Nothing was done: ${sentence}`, next, atMs };
  return { kind: 'end', state: 'failed', outcome };
}
