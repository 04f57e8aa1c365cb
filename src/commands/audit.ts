import type { Answer } from '../domain/answer.ts';
import { describeRecord } from '../domain/audit/describe-record.ts';
import type { AuditRecord } from '../domain/audit/record.ts';
import { type ParsedCommand, readChangeId, unknownChange } from '../domain/change/change.ts';
import type { Refusal } from '../domain/refusal.ts';
import { plainText } from '../domain/segments.ts';
import type { LocalQuery, LocalQueryContext } from './grammar/declaration.ts';

/** The records of one change in words, with their events, reason codes and hashes. */
export const command: LocalQuery = {
  kind: 'local query',
  audience: 'requesters',
  verb: 'audit',
  summary: 'The records of one change: who did what, when, and their hashes',
  forms: [[{ name: 'ID', kind: 'change', need: 'required' }]],
  flags: ['public'],
  examples: ['audit BGP-142'],
  rights: [],
  answer,
};

async function answer(parsed: ParsedCommand, { store }: LocalQueryContext): Promise<Answer | Refusal> {
  const id = readChangeId(parsed.args[0] ?? '');
  const change = await store.change(id);
  if (change === undefined) return unknownChange(id);
  const records: AuditRecord[] = [];
  for await (const record of store.latestRecords()) {
    if (record.change === id) records.unshift(record);
    if (record.change === id && record.event === 'change.proposed') break;
  }
  return {
    title: `The records of ${id}`,
    parts: [
      { kind: 'table', columns: ['#', 'When (UTC)', 'Hash', 'What'], rows: records.map(row) },
      {
        kind: 'text',
        text: `tor-bgp-bot audit export --change ${id} exports them in full; audit verify checks an export of the whole trail.`,
      },
    ],
  };
}

function row(record: AuditRecord): readonly string[] {
  const { seq, at, event, reason_code: code, hash } = record;
  const when = at.slice(0, 19).replace('T', ' ');
  const name = code === null || code === 'done' ? event : `${event}, ${code}`;
  return [String(seq), when, hash.slice(0, 12), `${plainText(describeRecord(record).sentence)} (${name})`];
}
