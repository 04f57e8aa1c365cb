import type { AuditRecord } from '../../../domain/audit/record.ts';
import { escapeInline } from './escape.ts';
import { recordWords } from './record-words.ts';
import { stepWords } from './step-words.ts';

/** What the card's thread says of a record, in one line; undefined for what the card itself says well enough. */
export function threadLine(record: AuditRecord): string | undefined {
  const { event, data, reason_code: reasonCode } = record;
  const { who, said, parsed } = recordWords(record, 'The bot');
  const step = escapeInline(stepWords(data.step), 600);
  switch (event) {
    case 'change.approval':
      return `👍 ${who} approved; more approvals are needed.`;
    case 'change.approved':
      return reasonCode === 'approval_waived'
        ? '👍 The policy asks for no approval of the way back from a halt.'
        : `👍 ${who} approved.`;
    case 'change.break_glass':
      return `🚨 ${who} broke the glass: ${parsed('reason') || 'no reason'}`;
    case 'change.reviewed':
      return `👀 ${who} reviewed that the glass was broken${parsed('reason') === '' ? '.' : `: ${parsed('reason')}`}`;
    case 'change.rejected':
      return `⛔ ${who} rejected it${parsed('reason') === '' ? '.' : `: ${parsed('reason')}`}`;
    case 'change.withdrawn':
      return `↩️ ${who} withdrew it; nothing was changed.`;
    case 'change.stop_requested':
      return `⏹️ ${who} asked to stop before the next step.`;
    case 'change.started':
      return '▶️ Started.';
    case 'step.intended':
      return `… About to ${step}`;
    case 'step.done':
      return `✓ ${step}: ${said('found') || 'done'}`;
    case 'change.progress':
      return said('progress') === '' ? undefined : `⏳ ${said('progress')}`;
    case 'change.succeeded':
      return '✅ Done.';
    case 'change.halted':
      return `🛑 Halted: ${said('sentence') || because(reasonCode)}`;
    case 'change.failed':
      return `❌ Failed: ${said('sentence') || because(reasonCode)}`;
    case 'change.outcome_unknown':
      return `❓ Stopped, outcome unknown: ${said('sentence') || because(reasonCode)}`;
    case 'change.expired':
      return reasonCode === 'execution_window_passed'
        ? '⌛ Expired: it was approved, but could not start in time; nothing was changed.'
        : '⌛ Expired: it was not approved in time; nothing was changed.';
    case 'change.stale':
      return '♻️ The cluster changed meanwhile; the plan is stale and nothing was done.';
    case 'change.resumed':
      return `▶️ ${who} had it check again and go on.`;
    case 'change.closed':
      return `🏳️ ${who} left it as it is.`;
    case 'change.rolled_back':
      return `↩️ Rolled back by ${said('by') || 'another change'}.`;
    case 'drift.external_edit':
    case 'drift.detected':
    case 'drift.resolved':
    case 'freeze.declared':
    case 'freeze.lifted':
    case 'audit.checkpoint':
    case 'audit.signed':
    case 'change.proposed':
    case 'request.refused':
    case 'query.requested':
    case 'query.answered':
    case 'bot.started':
    case 'bot.stopped':
      return undefined;
  }
}

function because(reasonCode: string | null): string {
  return `${escapeInline(reasonCode ?? 'no reason was recorded', 100)}; the card says more.`;
}
