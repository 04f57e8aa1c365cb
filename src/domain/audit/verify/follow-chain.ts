import { z } from 'zod';
import { restoreIn } from '../lost-records.ts';
import { exportedRecordSchema, FORMAT, GENESIS, hashOf } from '../record.ts';
import type { Findings } from './findings.ts';

export interface ChainFollower {
  /** Returns the record's number: by its place in the chain where that is certain, else the number that it states. */
  take(line: LineOfRecord): number;
  /** Takes a line that cannot be read as a record: it may have been one, a part of one, or none. */
  takeUnreadable(why: string): void;
  end(): Extent;
}

/** Where the file begins and ends. */
export interface Extent {
  /** The number of the first record, and the hash of the one before it; undefined when there is no record. */
  readonly first: { readonly seq: number; readonly prev: string | undefined } | undefined;
  readonly last: number;
  /** Records that are missing because the store was restored, as the record after them says. */
  readonly restores: readonly Restore[];
}

export interface Restore {
  /** The record that says so. */
  readonly seq: number;
  readonly from: number;
  readonly through: number;
}

interface Link {
  readonly seq: number;
  readonly prev: string;
  /** The hash that it states and the one computed from its content: the next record may follow from either. */
  readonly hashes: readonly string[];
}

/** How many out-of-order records are remembered, so that each is reported once. */
const STRAYS_REMEMBERED = 1_000;

/**
 * Follows records from link to link. Each is compared with its place; one that is ahead of its place waits for the next record,
 * which shows whether records are missing (`gaps`) or this one is out of order (`findings`).
 */
export function followChain(findings: Findings, gaps: Findings): ChainFollower {
  let first: Extent['first'];
  /** The last record in its place; any record may follow one without `hashes`. */
  let last: { readonly seq: number; readonly hashes?: readonly string[] } = { seq: 0, hashes: [GENESIS] };
  /** A record ahead of its place, until the next one is known. */
  let pending: Link | undefined;
  let line = 0;
  let unreadable: { readonly from: number; readonly why: string } | undefined;
  const strays = new Map<number, readonly string[]>();
  const restores: Restore[] = [];

  const accept = (link: Link): void => {
    first ??= link;
    last = link;
  };

  const follow = (link: Link): void => {
    const follows = last.hashes === undefined || last.hashes.includes(link.prev);
    accept(link);
    if (follows) return;
    findings.add(link.seq, notFollowing(link.seq));
    // The next one may follow this record or the one that it displaced: unknown.
    last = { seq: link.seq };
  };

  /** Decides about the pending record once `next` is known. */
  const decidePending = (next?: number): void => {
    const link = pending;
    pending = undefined;
    if (link === undefined) return;
    const place = last.seq + 1;
    if (next === place || next === place + 1) {
      findings.add(place, outOfOrder(place, link.seq));
      first ??= { seq: place, prev: GENESIS };
      if (strays.size < STRAYS_REMEMBERED) strays.set(link.seq, link.hashes);
      if (next === place + 1) last = { seq: place };
    } else {
      // Before the first record of a file nothing is known to be missing: the file may be a part.
      if (first !== undefined)
        gaps.add(place, `${missing(place, link.seq - 1)}: record ${link.seq} comes next.`);
      accept(link);
    }
  };

  /** Reports the unreadable lines before record `next`, or before the end, and returns how many records they may have been. */
  const reportUnreadable = (next: number): number => {
    if (unreadable === undefined) return 0;
    const { from, why } = unreadable;
    const count = line - from;
    unreadable = undefined;
    if (first === undefined && next > count + 1) {
      first = { seq: next - count, prev: undefined };
      last = { seq: next - count - 1 };
    }
    const lines =
      count === 1 ? `line ${from} is not a record` : `lines ${from} to ${from + count - 1} are not records`;
    findings.add(last.seq + 1, `Record ${last.seq + 1} cannot be read: ${lines}, ${why}.`);
    first ??= { seq: 1, prev: GENESIS };
    return count;
  };

  /** Skips places whose own records were found elsewhere and reported. */
  const skipStrays = (seq: number): void => {
    for (let place = last.seq + 1; place < seq && strays.has(place); place = last.seq + 1) {
      last = { seq: place, hashes: strays.get(place) ?? [] };
      strays.delete(place);
    }
  };

  return {
    take({ record, actual }) {
      line += 1;
      // A changed number does not hide the record's place: it still follows from the one before.
      const inPlace = last.hashes?.includes(record.prev) === true;
      const seq = inPlace && actual !== record.hash ? last.seq + 1 : record.seq;
      const link = { seq, prev: record.prev, hashes: [record.hash, actual] };
      decidePending(seq);
      const lost = reportUnreadable(seq);
      skipStrays(seq);
      const place = last.seq + 1;
      const restore = inPlace ? restoreIn(record) : undefined;
      if (restore?.after === last.seq) {
        restores.push({ seq, from: place, through: restore.through });
        accept(link);
        return seq;
      }
      if (seq < place) {
        const twice = last.hashes?.includes(actual) === true;
        findings.add(place, twice ? `Record ${seq} occurs twice.` : outOfOrder(place, seq));
      } else if (seq === place) follow(link);
      else if (seq <= place + lost) accept(link);
      else pending = link;
      return seq;
    },
    takeUnreadable(why) {
      line += 1;
      decidePending();
      unreadable ??= { from: line, why };
    },
    end() {
      decidePending();
      line += 1;
      reportUnreadable(1);
      skipStrays(Infinity);
      return { first, last: last.seq, restores };
    },
  };
}

function notFollowing(seq: number): string {
  return seq === 1
    ? 'Record 1 does not begin a trail: the hash before it is not 64 zeros.'
    : `Record ${seq} does not follow from record ${seq - 1}: one of the two belongs to another trail or was rewritten.`;
}

function outOfOrder(place: number, seq: number): string {
  return `Record ${place} is not in its place: record ${seq} is there.`;
}

function missing(from: number, to: number): string {
  return from === to ? `Record ${from} is missing` : `Records ${from} to ${to} are missing`;
}

/** The fields of a record of any format that the chain needs. */
export interface TrailRecord {
  readonly v: number;
  readonly seq: number;
  readonly prev: string;
  readonly hash: string;
  readonly event?: string | undefined;
  readonly change: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface LineOfRecord {
  readonly kind: 'record';
  readonly record: TrailRecord;
  /** The hash computed from its content, whatever hash it states. */
  readonly actual: string;
  /** Whether the line is, byte for byte, what the bot writes for it. */
  readonly exact: boolean;
}

export type Line = LineOfRecord | { readonly kind: 'unreadable'; readonly why: string };

/** Reads one line of an export, with or without its line feed; undefined is a line that is not valid text. */
export function readLine(line: string | undefined): Line {
  if (line === undefined) return { kind: 'unreadable', why: 'it is not UTF-8, or far too long' };
  if (line.trim() === '') return { kind: 'unreadable', why: 'it is empty' };
  try {
    // A value that is not an object becomes an object that is not a record.
    const value: object = Object(JSON.parse(line));
    const record = exportedRecordSchema.safeParse(value).data ?? laterRecordSchema.safeParse(value).data;
    if (record === undefined) return { kind: 'unreadable', why: 'it does not have the form of a record' };
    // An editor may have removed the line feed of a file's last line: that changes no record.
    const exact = JSON.stringify(value) === line.replace(/\n$/, '');
    return { kind: 'record', record, actual: hashOf(value), exact };
  } catch {
    // Broken JSON, JSON nested too deep, or a lone surrogate, which has no canonical form: the bot writes no such record.
    return { kind: 'unreadable', why: 'it is not JSON as the bot writes it' };
  }
}

/** A record of a later format: only what the chain needs is read. */
const laterRecordSchema = z.object({
  v: z.int().min(FORMAT + 1),
  seq: exportedRecordSchema.shape.seq,
  prev: exportedRecordSchema.shape.prev,
  hash: exportedRecordSchema.shape.hash,
  event: z.string().optional().catch(undefined),
  change: z.string().nullable().catch(null),
  data: z.record(z.string(), z.unknown()).catch({}),
});
