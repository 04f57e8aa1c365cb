import type { KeyObject } from 'node:crypto';
import type { AuditRecord, EventName } from '../../domain/audit/record.ts';
import { signHead } from '../../domain/audit/signed-head.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';

/** What is needed to sign the trail. */
export interface Signer {
  readonly key: KeyObject;
  /** The first record of this process: the signature of that record covers everything before it. */
  readonly sinceSeq: number;
  readonly store: Pick<Store, 'append'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Signs a record that ends something, and with it every record before. Signing the same one twice does no harm. */
export async function signHeads(record: AuditRecord, signer: Signer): Promise<void> {
  if (!SIGNED.includes(record.event) || record.seq < signer.sinceSeq) return;
  const data = { ...signHead(signer.key, { seq: record.seq, hash: record.hash }) };
  await signer.store.append({
    record: { atMs: signer.clock.now(), event: 'audit.signed', actor: 'bot', data },
  });
}

const SIGNED: readonly EventName[] = [
  'bot.started',
  'change.break_glass',
  'change.rejected',
  'change.withdrawn',
  'change.expired',
  'change.stale',
  'change.succeeded',
  'change.failed',
  'change.halted',
  'change.outcome_unknown',
  'change.closed',
  'change.rolled_back',
  'freeze.declared',
  'freeze.lifted',
  'audit.checkpoint',
];
