import { type Anchor, type FoundAnchor, sameHash } from './anchor.ts';
import { type AcceptedRestore, restoreIn } from './lost-records.ts';
import { type AuditRecord, hashOf } from './record.ts';
import { closesUpTo, keepsAll, type Retention } from './retention.ts';

export type AnchorVerdict =
  | { readonly kind: 'ok' }
  /** The trail has another hash there. */
  | { readonly kind: 'differs'; readonly hash: string }
  /** The trail should have the record and has not. */
  | { readonly kind: 'missing'; readonly why: string }
  /** Retention removed the record; a checkpoint says so, and an anchor vouches for that. */
  | { readonly kind: 'older' }
  /** The store lost the record; a later one says that an operator accepted it, and an anchor vouches for that. */
  | { readonly kind: 'lost' };

export interface JudgedAnchor extends FoundAnchor {
  readonly verdict: AnchorVerdict;
}

export interface ComparedAnchors {
  readonly judged: readonly JudgedAnchor[];
  /** What is wrong with the beginning of the trail, independent of the anchors. */
  readonly findings: readonly string[];
}

/**
 * Reads the trail record by record and then judges the anchors. Each hash is computed again from the content and the hash
 * computed before it, so that a forged record makes every later anchor differ, whatever hash is written beside it. Anybody who
 * can write Redis can also write a checkpoint: it counts only when retention is configured and when it or a later record was
 * published outside Redis.
 */
export function compareAnchors(
  found: readonly FoundAnchor[],
  retention: Retention,
): { take(record: AuditRecord): void; end(): ComparedAnchors } {
  const wanted = new Set(found.map(({ anchor }) => anchor.seq));
  const hashes = new Map<number, string>();
  let trail: { readonly first: AuditRecord; readonly last: Anchor } | undefined;
  /** Number of the checkpoint that says what was removed. */
  let checkpoint: number | undefined;
  const isOk = ({ seq, hash }: Anchor): boolean => sameHash(hashes.get(seq) ?? '', hash);
  const restores: (AcceptedRestore & { readonly seq: number })[] = [];
  const isTold = (seq: number): boolean => found.some(({ anchor }) => anchor.seq >= seq && isOk(anchor));
  /** Why the records before the first one should be there; undefined when they were removed properly. */
  const whyMissing = (first: AuditRecord): string | undefined => {
    const begins = `the trail begins with #${first.seq}`;
    if (checkpoint === undefined) return `${begins}, and no checkpoint closes what was removed`;
    if (keepsAll(retention)) return `${begins}, and by the settings nothing is ever removed`;
    return isTold(checkpoint)
      ? undefined
      : `${begins}, and no anchor confirms the checkpoint in #${checkpoint}, which says what was removed`;
  };

  const judgeLost = (
    { seq, hash }: Anchor,
    restore: AcceptedRestore & Pick<Anchor, 'seq'>,
  ): AnchorVerdict => {
    if (seq === restore.through && !sameHash(hash, restore.hash))
      return { kind: 'differs', hash: restore.hash };
    if (isTold(restore.seq)) return { kind: 'lost' };
    const why = `#${restore.seq} says that it was lost in a restore, and no anchor confirms that`;
    return { kind: 'missing', why };
  };
  const judge = ({ seq, hash }: Anchor): AnchorVerdict => {
    const actual = hashes.get(seq);
    if (actual !== undefined)
      return sameHash(actual, hash) ? { kind: 'ok' } : { kind: 'differs', hash: actual };
    if (trail === undefined) return { kind: 'missing', why: 'the trail is empty' };
    const { first, last } = trail;
    if (seq > last.seq)
      return { kind: 'missing', why: `the trail ends with #${last.seq}: its tail was cut off` };
    const restore = restores.find(({ after, through }) => after < seq && seq <= through);
    if (restore !== undefined) return judgeLost({ seq, hash }, restore);
    if (seq > first.seq) return { kind: 'missing', why: 'the trail has no such record' };
    const why = whyMissing(first);
    return why === undefined ? { kind: 'older' } : { kind: 'missing', why };
  };

  return {
    take(record) {
      const { first, last } = trail ?? { first: record, last: undefined };
      if (closesUpTo(record, { seq: first.seq - 1, hash: first.prev })) checkpoint ??= record.seq;
      const hash = hashOf({ ...record, prev: last?.hash ?? first.prev });
      const restore = restoreIn(record);
      if (restore !== undefined && restore.after === last?.seq)
        restores.push({ ...restore, seq: record.seq });
      trail = { first, last: { seq: record.seq, hash } };
      if (wanted.has(record.seq)) hashes.set(record.seq, hash);
    },
    end() {
      const part = trail !== undefined && trail.first.seq > 1 ? trail.first : undefined;
      const why = part === undefined ? undefined : whyMissing(part);
      if (part !== undefined && why === undefined) hashes.set(part.seq - 1, part.prev);
      return {
        judged: found.map((one) => ({ ...one, verdict: judge(one.anchor) })),
        findings: why === undefined ? [] : [why],
      };
    },
  };
}
