import type { AuditRecord } from '../../../domain/record.ts';
import { inert } from './escape.ts';
import { recordWords } from './record-words.ts';
import { stepWords } from './step-words.ts';

/** What the card's thread says of a record, in one line; undefined for what the card itself says well enough. */
export function threadLine(record: AuditRecord): string | undefined {
  const { event, data, reason_code: reasonCode } = record;
  const { who, said, typed } = recordWords(record, 'The bot');
  const step = inert(stepWords(data.step), 600);
  switch (event) {
    case 'change.approval':
      return `👍 ${who} approved; more approvals are needed.`;
    case 'change.approved':
      return reasonCode === 'approval_waived'
        ? '👍 The policy asks for no approval of the way back from a halt.'
        : `👍 ${who} approved.`;
    case 'change.glass_broken':
      return `🚨 ${who} broke the glass: ${typed('reason') || 'no reason'}`;
    case 'change.reviewed':
      return `👀 ${who} reviewed that the glass was broken${typed('reason') === '' ? '.' : `: ${typed('reason')}`}`;
    case 'change.rejected':
      return `⛔ ${who} rejected it${typed('reason') === '' ? '.' : `: ${typed('reason')}`}`;
    case 'change.withdrawn':
      return `↩️ ${who} withdrew it; nothing was changed.`;
    case 'change.cancel_requested':
      return `⏹️ ${who} asked to stop before the next step.`;
    case 'change.started':
      return '▶️ Started.';
    case 'step.intended':
      return `… About to ${step}`;
    case 'step.found':
      return `✓ ${step}: ${said('found') || 'done'}`;
    case 'gate.passed':
      return `✓ ${said('gate') || 'A gate holds.'}`;
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
    case 'change.abandoned':
      return `🏳️ ${who} left it as it is.`;
    case 'change.rolled_back':
      return `↩️ Rolled back by ${said('by') || 'another change'}.`;
    case 'watch.mapping_changed':
    case 'watch.noticed':
    case 'watch.over':
    case 'freeze.declared':
    case 'freeze.lifted':
    case 'audit.checkpoint':
    case 'audit.signed':
    case 'change.proposed':
    case 'request.refused':
    case 'question.asked':
    case 'question.answered':
    case 'bot.started':
    case 'bot.stopped':
      return undefined;
  }
}

function because(reasonCode: string | null): string {
  return `${inert(reasonCode ?? 'no reason was recorded', 100)}; the card says more.`;
}
