import type { Target } from '../../domain/bgp/target.ts';
import type { LastSeenSessions } from '../../domain/drift/last-seen-sessions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DriftState, DriftStore } from '../../ports/store.ts';

/** Somebody who types asks several times a second. */
const SHARED_FOR_MS = 5_000;
/** What was seen before so many checks ago says nothing of now. */
const CHECKS_THAT_COUNT = 3;

/** How the sessions of a target stood at the drift monitor's last check: no TMM pod is asked. Empty where that is too long ago. */
export function openLastSessions(
  driftStore: Pick<DriftStore, 'read'>,
  clock: Pick<Clock, 'now'>,
): (target: Pick<Target, 'name' | 'driftCheckEveryMs'>) => Promise<LastSeenSessions> {
  const shared = new Map<
    string,
    { readonly atMs: number; readonly state: Promise<DriftState | undefined> }
  >();
  return async ({ name, driftCheckEveryMs }) => {
    const atMs = clock.now();
    let held = shared.get(name);
    if (held === undefined || Math.abs(atMs - held.atMs) >= SHARED_FOR_MS) {
      // Nodes are offered without it too; an outage of the store is told wherever it keeps something from being done.
      held = { atMs, state: driftStore.read(name).catch(() => undefined) };
      shared.set(name, held);
    }
    const state = await held.state;
    const isRecent = state !== undefined && atMs - state.atMs <= CHECKS_THAT_COUNT * driftCheckEveryMs;
    return isRecent ? (state.sessions ?? {}) : {};
  };
}
