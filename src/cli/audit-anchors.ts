import { z } from 'zod';
import { connectRedis } from '../adapters/redis/connect.ts';
import { redisKeys } from '../adapters/redis/keys.ts';
import { redisStore } from '../adapters/redis/store.ts';
import type { Environment } from '../config/environment.ts';
import { type AnchorSource, anchorText } from '../domain/audit/anchor.ts';
import {
  type AnchorVerdict,
  type ComparedAnchors,
  compareAnchors,
  type JudgedAnchor,
} from '../domain/audit/compare-anchors.ts';
import { counted } from '../domain/phrasing.ts';
import { CONFIG_FAULT, NOT_OK, OK, UNREACHABLE } from './exit-codes.ts';
import { loadAnchors } from './read-all-anchors.ts';

/**
 * Reads the anchors from the audit channel and from every lookup, and compares them with the trail in Redis. `print` writes
 * `SEQ:HASH` of each to standard output, for `audit verify`. OK: all agree; NOT_OK: not all do; UNREACHABLE: not everything could
 * be read.
 */
export async function auditAnchors({ print }: { readonly print: boolean }): Promise<number> {
  const loaded = await loadAnchors();
  if (loaded === undefined) return CONFIG_FAULT;
  const { environment, sources } = loaded;
  // Read after the anchors, so that it includes every record that they name.
  const { lines, code } = describeAnchors(sources, await compareWithTrail(environment, sources));
  const report = `${lines.join('\n')}\n`;
  if (print) process.stdout.write(printed(sources));
  (print ? process.stderr : process.stdout).write(report);
  return code;
}

async function compareWithTrail(
  { redisUrl, redisKeyPrefix, audit }: Environment,
  sources: readonly AnchorSource[],
): Promise<ComparedTrail> {
  const comparison = compareAnchors(
    sources.flatMap(({ anchors }) => anchors),
    audit.retention,
  );
  let records = 0;
  try {
    const redis = await connectRedis(redisUrl, () => undefined);
    try {
      for await (const record of redisStore(redis.prompt, redisKeys(redisKeyPrefix)).records(1)) {
        records += 1;
        comparison.take(record);
      }
    } finally {
      await redis.close();
    }
    return { kind: 'compared', records, ...comparison.end() };
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError)
      return { kind: 'unreadable', afterRecords: records };
    return { kind: 'unreachable', why: error instanceof Error ? error.message : 'it does not answer' };
  }
}

function printed(sources: readonly AnchorSource[]): string {
  const anchors = sources.flatMap((source) => source.anchors.map(({ anchor }) => anchor));
  const lines = anchors.toSorted((one, other) => one.seq - other.seq).map(anchorText);
  return [...new Set(lines)].map((line) => `${line}\n`).join('');
}

type ComparedTrail =
  | (ComparedAnchors & { readonly kind: 'compared'; readonly records: number })
  /** An entry in Redis that is not a record. */
  | { readonly kind: 'unreadable'; readonly afterRecords: number }
  | { readonly kind: 'unreachable'; readonly why: string };

/** The lines of the report, and the exit code. */
function describeAnchors(
  sources: readonly AnchorSource[],
  trail: ComparedTrail,
): { readonly lines: readonly string[]; readonly code: number } {
  const judged = trail.kind === 'compared' ? trail.judged : [];
  const findings = [
    ...sources.flatMap((source) => source.findings),
    ...judged.flatMap(findingOf),
    ...trailFindings(sources, trail),
  ];
  const errors = [
    ...sources.flatMap(({ name, error }) => (error === undefined ? [] : [`${name}: ${error}`])),
    ...(trail.kind === 'unreachable' ? [`Redis: ${trail.why}`] : []),
  ];
  const width = Math.max(...sources.map(({ name }) => name.length));
  const lines = [
    ...sources.map(({ name, anchors }) => `${name.padEnd(width)}  ${countsOf(anchors, judged)}`),
    ...findings.map((finding) => `✗ ${finding}`),
    ...errors.map((error) => `! not reached: ${error}`),
    ...(findings.length + errors.length === 0 ? ['All anchors agree with the trail.'] : []),
  ];
  return { lines, code: findings.length > 0 ? NOT_OK : errors.length > 0 ? UNREACHABLE : OK };
}

const WORDS: Readonly<Record<AnchorVerdict['kind'], string>> = {
  ok: 'ok',
  differs: 'differs',
  missing: 'missing',
  older: 'older than what is kept',
  lost: 'lost in a restore that was accepted',
};

function countsOf(anchors: AnchorSource['anchors'], judged: readonly JudgedAnchor[]): string {
  if (anchors.length === 0) return 'no anchor';
  const here = new Set(anchors.map(({ anchor }) => anchor));
  const own = judged.filter(({ anchor }) => here.has(anchor));
  if (own.length === 0) return `${anchors.length} not compared`;
  return (['ok', 'differs', 'missing', 'older', 'lost'] as const)
    .map((kind) => ({ kind, count: own.filter(({ verdict }) => verdict.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${WORDS[kind]}`)
    .join(', ');
}

function findingOf({ anchor, where, verdict }: JudgedAnchor): readonly string[] {
  const about = `${anchorText(anchor)} from ${where}`;
  if (verdict.kind === 'differs') return [`differs: ${about}: the trail has ${verdict.hash} there`];
  if (verdict.kind === 'missing') return [`missing: ${about}: ${verdict.why}`];
  return [];
}

/** Reports a trail without any anchor, which proves nothing: the bot publishes its first record at once. */
function trailFindings(sources: readonly AnchorSource[], trail: ComparedTrail): readonly string[] {
  if (trail.kind === 'compared' && trail.findings.length > 0) return trail.findings;
  if (trail.kind === 'unreadable')
    return [
      `the trail cannot be read beyond ${counted(trail.afterRecords, 'record')}: what follows is not a record`,
    ];
  const found = sources.some(({ anchors }) => anchors.length > 0);
  const unread = sources.some(({ error }) => error !== undefined);
  if (trail.kind !== 'compared' || trail.records === 0 || found || unread) return [];
  return [
    `the trail has ${counted(trail.records, 'record')}, and there is no anchor to compare any of them with`,
  ];
}
