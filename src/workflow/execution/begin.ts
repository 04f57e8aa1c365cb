import { activeBreakGlass } from '../../domain/change/approvals.ts';
import type { Change } from '../../domain/change/change.ts';
import { STATE_WORDS } from '../../domain/change/describe-state.ts';
import type { ChangeEvent } from '../../domain/change/events.ts';
import { describeFrozen } from '../../domain/policy/freeze.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { type Lease, Unreadable } from '../../ports/store.ts';
import type { Dependencies } from '../dependencies.ts';
import { frozenNow } from '../frozen.ts';
import { holderInTheWay } from '../ledger.ts';
import { stillAuthorized } from '../still-authorized.ts';
import { replan } from './replan.ts';

/**
 * Checks clock, freezes, other holders of the TMM pods, plan and rights once more, then starts. Undefined when somebody decided
 * about the change concurrently.
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

/** Why a change cannot start yet, in the words of its card. */
interface Waits {
  readonly kind: 'waits';
  readonly progress: string;
  /** The change that has to end first. */
  readonly waitsFor?: string;
}

async function waitFor(
  waits: Waits,
  change: Change,
  lease: Lease,
  { ledger }: Dependencies,
): Promise<'waits' | undefined> {
  if (change.progress === waits.progress) return 'waits';
  const committed = await ledger.commit(change, { ...waits, kind: 'wait' }, 'bot', lease.fence);
  return isRefusal(committed) ? undefined : 'waits';
}

/** The next event of an approved change: it starts or ends; or what it waits for. */
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
      // A failed read ends nothing, whatever the API server says; the deadline to start limits the retries.
      return waits(`Waits: ${replanned.refusal.sentence}`);
  }
}

async function waitsFrozen(change: Change, worker: Dependencies): Promise<Waits | undefined> {
  if (activeBreakGlass(change) !== undefined) return undefined;
  const freeze = await frozenNow(change.plan, worker);
  return freeze === undefined ? undefined : waits(`Frozen, waiting: ${describeFrozen(freeze)}`);
}

/**
 * The last check before the start, so that nothing can change between authorization and start; cluster and Slack may take long.
 */
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
