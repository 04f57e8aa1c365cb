import type { AuditRecord } from '../../../domain/audit/record.ts';
import { escapeInline } from './escape.ts';
import { mention } from './mention.ts';
import { recordWords } from './record-words.ts';
import { stepWords } from './step-words.ts';

/** One line for the audit channel: who did what, in few words. */
export function noticeLine(record: AuditRecord): string {
  const about = escapeInline(record.change ?? record.target ?? '', 80);
  const code = record.reason_code;
  const why = code === null || code === 'done' ? '' : ` (${escapeInline(code, 60)})`;
  return `${about === '' ? '' : `*${about}* `}${sentence(record)}${why}`;
}

function sentence(record: AuditRecord): string {
  const { event, data, reason_code: reasonCode } = record;
  const { who, said, parsed, command } = recordWords(record, 'the bot');
  const step = escapeInline(stepWords(data.step), 600);
  const because = (key: string): string => (said(key) === '' ? '' : `: ${said(key)}`);
  switch (event) {
    case 'bot.started':
      return ['the bot', said('version'), 'started', policyWords(data.policy)]
        .filter((part) => part !== '')
        .join(' ');
    case 'bot.stopped':
      return 'the bot stopped';
    case 'request.refused':
      return `${who} was refused: ${parsed('said') || 'a request'}`;
    case 'query.requested':
      return `${who} asked: ${command || 'a question'}`;
    case 'query.answered': {
      const asker = typeof data.for === 'string' ? mention(data.for) : 'the asker';
      return `${reasonCode === null ? 'answered' : 'could not answer'} ${asker}: ${command || 'a question'}`;
    }
    case 'change.proposed':
      return `${who} proposed: ${command || 'a change'}${parsed('reason') === '' ? '' : `, because ${parsed('reason')}`}`;
    case 'change.approval':
      return `approved by ${who}, more approvals are needed`;
    case 'change.approved':
      return reasonCode === 'approval_waived' ? 'needs no approval, says the policy' : `approved by ${who}`;
    case 'change.break_glass':
      return `🚨 ${who} *broke the glass*: it runs without approval, because ${parsed('reason') || 'no reason'}`;
    case 'change.reviewed':
      return `${who} reviewed that the glass was broken${parsed('reason') === '' ? '' : `: ${parsed('reason')}`}`;
    case 'change.rejected':
      return `rejected by ${who}${parsed('reason') === '' ? '' : `: ${parsed('reason')}`}`;
    case 'change.withdrawn':
      return `withdrawn by ${who}`;
    case 'change.stop_requested':
      return `${who} asked to stop it`;
    case 'change.expired':
      return 'expired, nothing was changed';
    case 'change.stale':
      return 'became stale: the cluster changed, nothing was done';
    case 'change.started':
      return 'started';
    case 'step.intended':
      return `is about to ${step}`;
    case 'step.done':
      return `${step}: ${said('found') || 'done'}`;
    case 'change.progress':
      return said('progress') || 'goes on';
    case 'change.succeeded':
      return 'is done';
    case 'change.failed':
      return `failed${because('sentence')}`;
    case 'change.halted':
      return `halted${because('sentence')}`;
    case 'change.outcome_unknown':
      return `stopped, outcome unknown${because('sentence')}`;
    case 'drift.external_edit':
      return `👀 somebody else changed ${said('node') || 'a node'} in ${said('lookup') || 'a lookup'}: from ${said('before') || 'nothing'} to ${said('after') || 'nothing'}${said('manager') === '' ? '' : ` (by ${said('manager')} at ${said('written_at') || 'an unknown time'})`}`;
    case 'drift.detected':
      return `👀 ${[said('sentence') || 'something is wrong', said('next')].filter((part) => part !== '').join(' ')}`;
    case 'drift.resolved':
      return `👌 over: ${said('sentence') || 'what was noticed'}`;
    case 'freeze.declared':
      return `🧊 ${who} froze ${frozenWords(record)}: ${parsed('reason') || 'no reason'}`;
    case 'freeze.lifted':
      return `${who} lifted the freeze of ${frozenWords(record)}`;
    case 'audit.checkpoint':
      return `records up to #${escapeInline(String(data.through ?? '?'), 20)} were removed, as the retention says; this record closes them`;
    case 'audit.signed':
      return `the trail was signed up to #${escapeInline(String(data.seq ?? '?'), 20)}`;
    case 'change.resumed':
      return `${who} had it check again and go on`;
    case 'change.closed':
      return `${who} left it as it is`;
    case 'change.rolled_back':
      return `rolled back by ${said('by') || 'another change'}`;
  }
}

function frozenWords({ target }: AuditRecord): string {
  return target === null ? 'all targets' : escapeInline(target, 80);
}

/** Enough of the policy's hash to tell two policies apart. */
function policyWords(policy: unknown): string {
  return typeof policy === 'string' && policy !== ''
    ? `with policy ${escapeInline(policy, 64).slice(0, 12)}`
    : '';
}
