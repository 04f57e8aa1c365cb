import { approvalProgress } from '../../../../domain/change/approvals.ts';
import type { Change, ChangeState } from '../../../../domain/change/change.ts';
import type { Plan } from '../../../../domain/change/plan.ts';
import { clip, escapeInvisible } from '../escape.ts';

/** The title of a card: which change, what on which node, and where it stands. */
export function titleOf(change: Change): string {
  const { id, plan, breakGlassUse } = change;
  const marked = breakGlassUse !== undefined && breakGlassUse.review === undefined ? '🚨 ' : '';
  return `${short(id, 30)} · ${marked}${short(plan.verb, 20)}${subjectOf(plan)} · ${stateLine(change)}`;
}

function stateLine(change: Change): string {
  const { state, cancelledBy, journal } = change;
  if (state === 'running' && cancelledBy !== undefined) return '⏹️ stopping before the next step';
  const { given, wanted } = approvalProgress(change);
  if (state === 'proposed' && wanted > 1) return `${LINES.proposed} (${given} of ${wanted})`;
  // Nothing ends so after a first step today; should it, the title must not say otherwise.
  return state === 'failed' && journal.length > 0 ? '❌ failed' : LINES[state];
}

/** One node by the first label of its name; the difference below has the whole name. */
function subjectOf({ differences, restarts }: Plan): string {
  const nodes = [...new Set([...differences, ...restarts].map(({ node }) => node))];
  const [only] = nodes;
  if (only === undefined) return '';
  if (nodes.length > 1) return ` on ${nodes.length} nodes`;
  const [label = ''] = only.split('.');
  return ` on ${short(label, 25)}${label === only ? '' : '…'}`;
}

/** Cut after it was made visible, so that the state, which stands last, is never pushed out. */
function short(text: string, limit: number): string {
  return clip(escapeInvisible(text).replace(/\s+/g, ' '), limit);
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
  closed: '🏳️ left as it is',
};
