import type { Writable } from 'node:stream';
import type { AuditRecord } from '../../domain/audit/record.ts';

/** Writes each record as one JSON line, as `audit export` does. Rejects when the line could not be written. */
export function recordStream(out: Writable): (record: AuditRecord) => Promise<void> {
  // Each write gets its own error; without a listener the same error would end the process.
  out.on('error', () => undefined);
  return (record) =>
    new Promise((resolve, reject) => {
      out.write(`${JSON.stringify(record)}\n`, (error) => {
        if (error) reject(new Error(`writing on standard output: ${error.message}`));
        else resolve();
      });
    });
}
