import { keepsAll } from '../domain/audit/retention.ts';
import type { Diagnostic } from '../domain/fault.ts';
import type { Environment } from './environment.ts';

const DAY_MS = 86_400_000;

/** What becomes of the audit trail with these settings, as `doctor` says it: what is kept, who signs it, where else it goes. */
export function describeAudit({
  audit: { retention, stream },
  auditSigningKey,
  auditSignedHeadFile,
}: Pick<Environment, 'audit' | 'auditSigningKey' | 'auditSignedHeadFile'>): readonly Diagnostic[] {
  const { keepForMs, keepRecords } = retention;
  const rules = [
    ...(keepForMs === undefined ? [] : [`records of the last ${keepForMs / DAY_MS} days`]),
    ...(keepRecords === undefined ? [] : [`the newest ${keepRecords} records`]),
  ];
  const kept = keepsAll(retention) ? 'all records are kept' : `${rules.join(' and ')} are kept`;
  const streamed = stream === 'off' ? 'not streamed' : 'streamed to standard output';
  const text = `audit trail: ${kept}, heads ${auditSigningKey === undefined ? 'are not' : 'are'} signed, ${streamed}`;
  const settings: Diagnostic = { tone: 'good', text };
  if (auditSigningKey === undefined || auditSignedHeadFile !== undefined) return [settings];
  return [
    settings,
    {
      tone: 'warning',
      text: 'which head was signed last is remembered in no file: each start goes by the anchors of the audit channel and the lookups',
      remedy: 'Set AUDIT_SIGNED_HEAD_FILE to a file on a volume that outlives the pod.',
    },
  ];
}
