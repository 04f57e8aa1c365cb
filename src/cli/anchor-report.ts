import { type AnchorSource, anchorText } from '../domain/audit/anchor.ts';
import type { AnchorVerdict, JudgedAnchor } from '../domain/audit/compare-anchors.ts';

export type ComparedTrail =
  | { readonly kind: 'compared'; readonly records: number; readonly judged: readonly JudgedAnchor[] }
  /** A record in Redis that is none. */
  | { readonly kind: 'unreadable'; readonly afterRecords: number }
  | { readonly kind: 'unreachable'; readonly why: string };

// What sysexits.h calls EX_UNAVAILABLE.
const UNREACHABLE = 69;

/** The report in lines, and the exit code: 0 all agree, 1 not all do, 69 something could not be reached. */
export function describeAnchors(
  sources: readonly AnchorSource[],
  trail: ComparedTrail,
): { readonly lines: readonly string[]; readonly code: number } {
  const judged = trail.kind === 'compared' ? trail.judged : [];
  const faults = [
    ...sources.flatMap((source) => source.faults),
    ...judged.flatMap(faultOf),
    ...trailFaults(sources, trail),
  ];
  const errors = [
    ...sources.flatMap(({ name, trouble }) => (trouble === undefined ? [] : [`${name}: ${trouble}`])),
    ...(trail.kind === 'unreachable' ? [`Redis: ${trail.why}`] : []),
  ];
  const width = Math.max(...sources.map(({ name }) => name.length));
  const lines = [
    ...sources.map(({ name, anchors }) => `${name.padEnd(width)}  ${countsOf(anchors, judged)}`),
    ...faults.map((fault) => `✗ ${fault}`),
    ...errors.map((trouble) => `! not reached: ${trouble}`),
    ...(faults.length + errors.length === 0 ? ['All anchors agree with the trail.'] : []),
  ];
  return { lines, code: faults.length > 0 ? 1 : errors.length > 0 ? UNREACHABLE : 0 };
}

const WORDS: Readonly<Record<AnchorVerdict['kind'], string>> = {
  ok: 'ok',
  differs: 'differs',
  missing: 'missing',
  older: 'older than what is kept',
};

function countsOf(anchors: AnchorSource['anchors'], judged: readonly JudgedAnchor[]): string {
  if (anchors.length === 0) return 'no anchor';
  const here = new Set(anchors.map(({ anchor }) => anchor));
  const own = judged.filter(({ anchor }) => here.has(anchor));
  if (own.length === 0) return `${anchors.length} not compared`;
  return (['ok', 'differs', 'missing', 'older'] as const)
    .map((kind) => ({ kind, count: own.filter(({ verdict }) => verdict.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${WORDS[kind]}`)
    .join(', ');
}

function faultOf({ anchor, where, verdict }: JudgedAnchor): readonly string[] {
  const about = `${anchorText(anchor)} from ${where}`;
  if (verdict.kind === 'differs') return [`differs: ${about}: the trail has ${verdict.hash} there`];
  if (verdict.kind === 'missing') return [`missing: ${about}: ${verdict.why}`];
  return [];
}

/** A trail without a single anchor proves nothing, and the bot tells its first record at once. */
function trailFaults(sources: readonly AnchorSource[], trail: ComparedTrail): readonly string[] {
  if (trail.kind === 'unreadable')
    return [`the trail cannot be read on after ${trail.afterRecords} records: what follows is no record`];
  const found = sources.some(({ anchors }) => anchors.length > 0);
  const unread = sources.some(({ trouble }) => trouble !== undefined);
  if (trail.kind !== 'compared' || trail.records === 0 || found || unread) return [];
  return [`the trail has ${trail.records} records, and there is no anchor to compare any of them with`];
}
