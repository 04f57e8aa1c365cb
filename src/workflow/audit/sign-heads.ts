import type { KeyObject } from 'node:crypto';
import type { Anchor, FoundAnchor } from '../../domain/audit/anchor.ts';
import { compareAnchors } from '../../domain/audit/compare-anchors.ts';
import { type AuditRecord, type EventName, GENESIS, hashOf } from '../../domain/audit/record.ts';
import type { Retention } from '../../domain/audit/retention.ts';
import { signHead } from '../../domain/audit/signed-head.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SignerMemory, Store } from '../../ports/store.ts';

/** The dependencies of signing the trail. */
export interface Signer {
  readonly key: KeyObject;
  /** The first record of this process: the signature of that record covers everything before it. */
  readonly sinceSeq: number;
  readonly store: Pick<Store, 'append' | 'records'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly memory: SignerMemory;
  readonly retention: Retention;
  /** The anchors that are kept outside the store. */
  readonly readAnchors: () => Promise<readonly FoundAnchor[]>;
  /** Called once with the reason why nothing is signed from now on. */
  readonly onGap: (sentence: string) => void;
}

/**
 * Signs each record that ends something, and so every record before it, but only after verifying the trail up to it, record by
 * record, from where the last verification ended. Without that position it starts at the first record that is kept, and every
 * anchor outside the store has to agree. Otherwise it would sign a rewritten trail.
 */
export function openSigner(signer: Signer): (record: AuditRecord) => Promise<void> {
  let seen: Anchor | undefined;
  let gap: string | undefined;
  return async (record) => {
    if (gap !== undefined || !SIGNED.includes(record.event) || record.seq < signer.sinceSeq) return;
    seen ??= await signer.memory.read();
    if (seen !== undefined && record.seq <= seen.seq) return;
    gap = await whyNot(record, seen, signer);
    if (gap !== undefined) return signer.onGap(`Nothing is signed any more: ${gap}.`);
    seen = { seq: record.seq, hash: record.hash };
    // Before the signature: after a restart, verification continues from here.
    await signer.memory.write(seen);
    await signer.store.append({
      record: {
        atMs: signer.clock.now(),
        event: 'audit.signed',
        actor: 'bot',
        data: { ...signHead(signer.key, seen) },
      },
    });
  };
}

/** Why this record may not be signed; undefined when it follows from the verified part. */
async function whyNot(
  record: AuditRecord,
  seen: Anchor | undefined,
  { store, readAnchors, retention }: Signer,
): Promise<string | undefined> {
  const anchors =
    seen === undefined ? await readAnchors() : [{ anchor: seen, where: 'what was signed last' }];
  const comparison = compareAnchors(
    anchors.filter(({ anchor }) => anchor.seq <= record.seq),
    retention,
  );
  let last: Anchor | undefined;
  for await (const one of store.records(seen?.seq ?? 1)) {
    if (one.seq > record.seq) break;
    const broken = whyBroken(one, last);
    if (broken !== undefined) return broken;
    comparison.take(one);
    last = { seq: one.seq, hash: one.hash };
  }
  if (last?.seq !== record.seq || last.hash !== record.hash)
    return `the trail has no record #${record.seq} like the one to sign`;
  const { judged, findings } = comparison.end();
  const wrong = judged.find(({ verdict }) => verdict.kind === 'differs' || verdict.kind === 'missing');
  if (wrong !== undefined) return `#${wrong.anchor.seq} is not the record in ${wrong.where}`;
  // From a verified record on, the beginning of the trail was checked before.
  return seen === undefined ? findings[0] : undefined;
}

function whyBroken(record: AuditRecord, last: Anchor | undefined): string | undefined {
  const { seq, prev, hash } = record;
  if (hashOf(record) !== hash) return `the hash of #${seq} does not match its content`;
  if (last === undefined) return seq === 1 && prev !== GENESIS ? '#1 does not begin a trail' : undefined;
  if (prev !== last.hash) return `#${seq} does not follow from #${last.seq}`;
  return seq === last.seq + 1 ? undefined : `records between #${last.seq} and #${seq} are missing`;
}

const SIGNED: readonly string[] = [
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
  'audit.restore_accepted',
] satisfies readonly EventName[];
