import type { Handled } from '../domain/audit/retention.ts';

/** The audit trail at its old end. */
export interface AuditRetention {
  /** Every group that follows the records, and how far it has handled all of them. */
  handled(): Promise<readonly Handled[]>;
  /** Removes every record up to this sequence number. Done twice it changes nothing. */
  removeThrough(seq: number): Promise<void>;
}
