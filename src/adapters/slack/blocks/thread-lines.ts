import type { AuditRecord } from '../../../domain/record.ts';
import { escapeMrkdwn } from './escape.ts';
import { stepWords } from './step-words.ts';

/** What the card's thread says of a record; undefined for what the card itself says well enough. */
export function threadLine(record: AuditRecord): string | undefined {
  const { event, data, actor } = record;
  const who = actor === 'bot' ? 'The bot' : `<@${actor.user}>`;
  const said = (key: string): string =>
    typeof data[key] === 'string' ? escapeMrkdwn(data[key]).slice(0, 1_000) : '';
  switch (event) {
    case 'change.approval':
      return `${who} approved; more approvals are needed.`;
    case 'change.approved':
      return `${who} approved.`;
    case 'change.rejected':
      return `${who} rejected it.${said('reason') === '' ? '' : ` Reason: ${said('reason')}`}`;
    case 'change.withdrawn':
      return `${who} withdrew it.`;
    case 'change.cancel_requested':
      return `${who} asked to stop before the next step.`;
    case 'change.started':
      return 'Started.';
    case 'step.intended':
      return `Now: ${escapeMrkdwn(stepWords(data.step))}`;
    case 'step.found':
      return `✓ ${escapeMrkdwn(stepWords(data.step))}: ${said('found')}`;
    case 'gate.passed':
      return `✓ ${said('gate')}`;
    case 'change.progress':
      return said('progress');
    case 'change.succeeded':
      return '✅ Done.';
    case 'change.halted':
    case 'change.failed':
    case 'change.outcome_unknown':
      return `🛑 ${said('sentence') || event.replace('change.', '')}`;
    case 'change.expired':
      return '⌛ Expired.';
    case 'change.stale':
      return '♻️ The cluster changed meanwhile; the plan is stale.';
    default:
      return undefined;
  }
}
