import type { AuditRecord } from '../../domain/audit/record.ts';
import { assertAuditRecord } from '../../domain/audit/record-schema.ts';

/** The record in the fields of a stream entry. Throws on what is not one. */
export function readStoredRecord(fields: readonly string[]): AuditRecord {
  const record: unknown = JSON.parse(fields[fields.indexOf('record') + 1] ?? '');
  assertAuditRecord(record);
  return record;
}
