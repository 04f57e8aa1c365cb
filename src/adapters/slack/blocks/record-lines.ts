import { type DescribedRecord, describeRecord } from '../../../domain/audit/describe-record.ts';
import type { AuditRecord } from '../../../domain/audit/record.ts';
import type { Segment } from '../../../domain/segments.ts';
import { escapeInline } from './escape.ts';
import { mrkdwn } from './mrkdwn.ts';

/** One line for the audit channel: what it is about, who did what and why, and the reason code for support. */
export function noticeLine(record: DescribedRecord & Pick<AuditRecord, 'change'>): string {
  const { icon, sentence } = describeRecord(record);
  const about = escapeInline(record.change ?? record.target ?? '', 80);
  return `${about === '' ? '' : `*${about}* `}${icon} ${mrkdwn(sentence)}${reasonCodeOf(record)}`;
}

/** One line for the thread below the card; undefined for what the card itself says well enough. */
export function threadLine(record: DescribedRecord): string | undefined {
  const { icon, inThread } = describeRecord(record);
  if (inThread === undefined) return undefined;
  const line = mrkdwn(inThread.map((segment, index) => (index === 0 ? capitalized(segment) : segment)));
  return `${icon} ${/[.!?…`]$/.test(line) ? line : `${line}.`}`;
}

/** In brackets; empty where it is the name of the event. */
function reasonCodeOf({ event, reason_code: code }: DescribedRecord): string {
  return code === null || code === 'done' || event.endsWith(`.${code}`) ? '' : ` (${escapeInline(code, 60)})`;
}

/** Words of ours begin like a sentence; a name of somebody else's stays as it is. */
function capitalized(segment: Segment): Segment {
  if (segment.kind !== 'ours') return segment;
  return { kind: 'ours', text: segment.text.charAt(0).toUpperCase() + segment.text.slice(1) };
}
