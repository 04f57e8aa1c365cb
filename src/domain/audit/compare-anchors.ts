import type { Anchor, FoundAnchor } from './anchor.ts';
import { type AuditRecord, hashOf } from './record.ts';

export type AnchorVerdict =
  | { readonly kind: 'ok' }
  /** The trail has another hash there. */
  | { readonly kind: 'differs'; readonly hash: string }
  /** The trail should have the record and has not. */
  | { readonly kind: 'missing'; readonly why: string }
  /** Retention removed the record, and a checkpoint says so. */
  | { readonly kind: 'older' };

export interface JudgedAnchor extends FoundAnchor {
  readonly verdict: AnchorVerdict;
}

/**
 * Takes the trail record by record and then judges the anchors. Each hash is computed again from the content and the hash
 * computed before it, so that a forged record makes every later anchor differ, whatever hash is written beside it.
 */
export function compareAnchors(found: readonly FoundAnchor[]): {
  take(record: AuditRecord): void;
  end(): readonly JudgedAnchor[];
} {
  const wanted = new Set(found.map(({ anchor }) => anchor.seq));
  const hashes = new Map<number, string>();
  let first: AuditRecord | undefined;
  let last: Anchor | undefined;
  let closed = false;

  const judge = ({ seq, hash }: Anchor): AnchorVerdict => {
    const actual = hashes.get(seq);
    if (actual !== undefined) return actual === hash ? { kind: 'ok' } : { kind: 'differs', hash: actual };
    if (first === undefined || last === undefined) return { kind: 'missing', why: 'the trail is empty' };
    if (seq > last.seq)
      return { kind: 'missing', why: `the trail ends with #${last.seq}: its tail was cut off` };
    if (seq > first.seq) return { kind: 'missing', why: 'the trail has no such record' };
    if (closed) return { kind: 'older' };
    return {
      kind: 'missing',
      why: `the trail begins with #${first.seq}, and no checkpoint closes what was removed`,
    };
  };

  return {
    take(record) {
      first ??= record;
      const before = last ?? { seq: first.seq - 1, hash: first.prev };
      closed ||= closes(record, first.seq - 1, first.prev);
      last = { seq: record.seq, hash: hashOf({ ...record, prev: before.hash }) };
      if (wanted.has(record.seq)) hashes.set(record.seq, last.hash);
    },
    end() {
      if (first !== undefined && closed && wanted.has(first.seq - 1)) hashes.set(first.seq - 1, first.prev);
      return found.map((one) => ({ ...one, verdict: judge(one.anchor) }));
    },
  };
}

/** The hash before the first record that is kept counts only when a checkpoint names it. */
function closes({ event, data }: AuditRecord, through: number, hash: string): boolean {
  return event === 'audit.checkpoint' && data.through === through && data.hash === hash;
}
