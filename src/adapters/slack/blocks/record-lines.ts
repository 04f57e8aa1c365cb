import { type DescribedRecord, describeRecord } from '../../../domain/audit/describe-record.ts';
import type { AuditRecord } from '../../../domain/audit/record.ts';
import { escapeInline } from './escape.ts';
import { mrkdwn } from './mrkdwn.ts';

/** One line for the audit channel: what it is about, who did what and why, and the reason code for support. */
export function noticeLine(record: DescribedRecord & Pick<AuditRecord, 'change'>): string {
  const { icon, sentence } = describeRecord(record);
  const about = escapeInline(record.change ?? record.target ?? '', 80);
  const code = record.reason_code;
  const reasonCode = code === null || code === 'done' ? '' : ` (${escapeInline(code, 60)})`;
  return `${about === '' ? '' : `*${about}* `}${icon} ${mrkdwn(sentence)}${reasonCode}`;
}

/** One line for the thread below the card; undefined for what the card itself says well enough. */
export function threadLine(record: DescribedRecord): string | undefined {
  const { icon, inThread } = describeRecord(record);
  if (inThread === undefined) return undefined;
  const line = mrkdwn(inThread);
  const ended = /[.!?…`]$/.test(line) ? line : `${line}.`;
  return `${icon} ${ended.charAt(0).toUpperCase()}${ended.slice(1)}`;
}
