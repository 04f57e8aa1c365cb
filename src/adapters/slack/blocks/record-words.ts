import type { AuditRecord } from '../../../domain/audit/record.ts';
import { escapeInline, quoted } from './escape.ts';
import { mention } from './mention.ts';

/** What a record's data says, ready to stand in a line of markup; empty where it says nothing. */
export interface RecordWords {
  readonly who: string;
  /** One entry of the data as a sentence of ours, which may quote a cluster. */
  said(key: string): string;
  /** One entry of the data as somebody typed it. */
  parsed(key: string): string;
  /** The whole command as it was typed. */
  readonly command: string;
}

const LONGEST = 600;

export function recordWords({ actor, data }: AuditRecord, bot: string): RecordWords {
  const text = (key: string): string => {
    const value = data[key];
    return typeof value === 'string' ? value : '';
  };
  const args: readonly unknown[] = Array.isArray(data.args) ? data.args : [];
  return {
    who: actor === 'bot' ? bot : mention(actor.user),
    said: (key) => escapeInline(text(key), LONGEST),
    parsed: (key) => quoted(text(key), LONGEST),
    command: escapeInline([text('verb'), ...args.map(String)].join(' '), LONGEST),
  };
}
