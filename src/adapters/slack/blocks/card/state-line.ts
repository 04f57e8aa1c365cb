import type { Change, ChangeState } from '../../../../domain/change.ts';

/** Where a change stands, in the words of its card's title. */
export function stateLine({ state, cancelledBy }: Change): string {
  return state === 'running' && cancelledBy !== undefined ? '⏹️ stopping before the next step' : LINES[state];
}

const LINES: Readonly<Record<ChangeState, string>> = {
  proposed: '🕓 waiting for approval',
  approved: '👍 approved, starting',
  running: '⏳ running',
  succeeded: '✅ done',
  failed: '❌ nothing was done',
  halted: '🛑 halted',
  outcome_unknown: '❓ stopped, outcome unknown',
  rejected: '⛔ rejected',
  withdrawn: '↩️ withdrawn',
  expired: '⌛ expired',
  stale: '♻️ stale, the cluster changed',
  rolled_back: '↩️ rolled back',
  abandoned: '🏳️ left as it is',
};
