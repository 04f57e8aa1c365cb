import type { AuditRecord } from '../../../domain/record.ts';
import { escapeMrkdwn } from './escape.ts';
import { stepWords } from './step-words.ts';

/** One line for the audit channel: who did what, in few words. */
export function noticeLine(record: AuditRecord): string {
  const { change, target, reason_code: reasonCode } = record;
  const about = change ?? (target === null ? '' : escapeMrkdwn(target));
  const why = reasonCode === null || reasonCode === 'done' ? '' : ` (${escapeMrkdwn(reasonCode)})`;
  return `${about === '' ? '' : `*${escapeMrkdwn(about)}* `}${sentence(record)}${why}`;
}

function sentence({ event, actor, data }: AuditRecord): string {
  const who = actor === 'bot' ? 'the bot' : `<@${actor.user}>`;
  const said = (key: string): string =>
    typeof data[key] === 'string' ? escapeMrkdwn(data[key]).slice(0, 300) : '';
  const typed = [
    said('verb'),
    ...(Array.isArray(data.args) ? data.args.map((arg) => escapeMrkdwn(String(arg))) : []),
  ]
    .join(' ')
    .slice(0, 300);
  switch (event) {
    case 'bot.started':
      return `the bot ${said('version')} started, policy ${said('policy').slice(0, 12)}`;
    case 'bot.stopped':
      return 'the bot stopped';
    case 'request.refused':
      return `${who} was refused: ${said('said')}`;
    case 'question.asked':
      return `${who} asked: ${typed}`;
    case 'question.answered':
      return `answered <@${said('for')}>: ${said('verb')}`;
    case 'change.proposed':
      return `${who} proposed: ${typed}`;
    case 'change.approval':
    case 'change.approved':
      return `approved by ${who}${event === 'change.approval' ? ', more approvals are needed' : ''}`;
    case 'change.rejected':
      return `rejected by ${who}${said('reason') === '' ? '' : `: ${said('reason')}`}`;
    case 'change.withdrawn':
      return `withdrawn by ${who}`;
    case 'change.cancel_requested':
      return `${who} asked to stop it`;
    case 'change.expired':
      return 'expired';
    case 'change.stale':
      return 'became stale: the cluster changed';
    case 'change.started':
      return 'started';
    case 'step.intended':
      return `is about to ${escapeMrkdwn(stepWords(data.step))}`;
    case 'step.found':
      return `${escapeMrkdwn(stepWords(data.step))}: ${said('found')}`;
    case 'gate.passed':
      return `gate passed: ${said('gate')}`;
    case 'change.progress':
      return said('progress');
    case 'change.succeeded':
      return 'is done';
    case 'change.failed':
    case 'change.halted':
    case 'change.outcome_unknown':
      return `${event.replace('change.', '').replace('_', ' ')}: ${said('sentence')}`;
  }
}
