import type { Handled } from '../domain/audit/retention.ts';

/** The oldest records of the audit trail, and who still needs them. */
export interface AuditRetention {
  /** Every group that follows the records, and how far it has handled all of them. */
  handled(): Promise<readonly Handled[]>;
  /** Removes every record up to this sequence number. Done twice it changes nothing. */
  removeThrough(seq: number): Promise<void>;
}
