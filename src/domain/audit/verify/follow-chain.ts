import { GENESIS } from '../record.ts';
import type { Faults } from './faults.ts';
import type { LineOfRecord } from './read-line.ts';

export interface ChainFollower {
  /** Tells the number that the record has by its place or else by its own word. */
  take(line: LineOfRecord): number;
  /** Takes a line that is no record, and so may have been one, a part of one, or none. */
  takeUnreadable(why: string): void;
  end(): Extent;
}

/** Where the file begins and ends. */
export interface Extent {
  /** The number of the first record, and the hash of the one before it; undefined when there is no record. */
  readonly first: { readonly seq: number; readonly prev: string | undefined } | undefined;
  readonly last: number;
}

interface Link {
  readonly seq: number;
  readonly prev: string;
  /** The hash that it carries and the one that its content has: the next record may follow from either. */
  readonly hashes: readonly string[];
}

/** Out-of-place records that are remembered, so that each is told once. */
const STRAYS_KEPT = 1_000;

/**
 * Follows records from link to link. Each is compared with the place in which it stands; one that is ahead of its place
 * is held until the next one tells whether records are missing (`gaps`) or it went astray (`faults`).
 */
export function followChain(faults: Faults, gaps: Faults): ChainFollower {
  let first: Extent['first'];
  /** The last record in its place; after one without `hashes` every record may follow. */
  let last: { readonly seq: number; readonly hashes?: readonly string[] } = { seq: 0, hashes: [GENESIS] };
  let held: Link | undefined;
  let line = 0;
  let unreadable: { readonly from: number; readonly why: string } | undefined;
  const strays = new Map<number, readonly string[]>();

  const settle = (link: Link): void => {
    first ??= link;
    last = link;
  };

  const follow = (link: Link): void => {
    const follows = last.hashes === undefined || last.hashes.includes(link.prev);
    settle(link);
    if (follows) return;
    faults.add(link.seq, notFollowing(link.seq));
    // Whether the next one belongs to this record or to the one that it displaced cannot be told.
    last = { seq: link.seq };
  };

  /** Decides about the record that is held, now that `next` is known. */
  const release = (next?: number): void => {
    const link = held;
    held = undefined;
    if (link === undefined) return;
    const place = last.seq + 1;
    if (next === place || next === place + 1) {
      faults.add(place, astray(place, link.seq));
      first ??= { seq: place, prev: GENESIS };
      if (strays.size < STRAYS_KEPT) strays.set(link.seq, link.hashes);
      if (next === place + 1) last = { seq: place };
    } else {
      // Before the first record of a file nothing is known to be missing: it may be a part.
      if (first !== undefined)
        gaps.add(place, `${missing(place, link.seq - 1)}: record ${link.seq} comes next.`);
      settle(link);
    }
  };

  /** Tells the unreadable lines before a record, and how many records they may have been. */
  const tellUnreadable = (next: number): number => {
    if (unreadable === undefined) return 0;
    const { from, why } = unreadable;
    const count = line - from;
    unreadable = undefined;
    if (first === undefined && next > count + 1) {
      first = { seq: next - count, prev: undefined };
      last = { seq: next - count - 1 };
    }
    const lines =
      count === 1 ? `line ${from} is no record` : `lines ${from} to ${from + count - 1} are no records`;
    faults.add(last.seq + 1, `Record ${last.seq + 1} cannot be read: ${lines}, ${why}.`);
    first ??= { seq: 1, prev: GENESIS };
    return count;
  };

  /** Goes over places whose records stood elsewhere and were told. */
  const skipStrays = (seq: number): void => {
    for (let place = last.seq + 1; place !== seq && strays.has(place); place = last.seq + 1) {
      last = { seq: place, hashes: strays.get(place) ?? [] };
      strays.delete(place);
    }
  };

  return {
    take({ record, actual }) {
      line += 1;
      // A changed number does not hide where the record belongs: it still follows from the one before.
      const inPlace = held === undefined && last.hashes?.includes(record.prev) === true;
      const seq = inPlace && actual !== record.hash ? last.seq + 1 : record.seq;
      const link = { seq, prev: record.prev, hashes: [record.hash, actual] };
      release(seq);
      const lost = tellUnreadable(seq);
      if (seq > last.seq + 1) skipStrays(seq);
      const place = last.seq + 1;
      if (seq === place) follow(link);
      else if (seq < place) {
        const twice = seq === last.seq && last.hashes?.includes(actual) === true;
        faults.add(place, twice ? `Record ${seq} stands twice.` : astray(place, seq));
      } else if (seq <= place + lost) settle(link);
      else held = link;
      return seq;
    },
    takeUnreadable(why) {
      line += 1;
      release();
      unreadable ??= { from: line, why };
    },
    end() {
      release();
      line += 1;
      tellUnreadable(last.seq + 1);
      skipStrays(0);
      return { first, last: last.seq };
    },
  };
}

function notFollowing(seq: number): string {
  return seq === 1
    ? 'Record 1 begins no trail: the hash before it is not 64 zeros.'
    : `Record ${seq} does not follow from record ${seq - 1}: one of the two is of another trail or was written anew.`;
}

function astray(place: number, seq: number): string {
  return `Record ${place} is not in its place: record ${seq} stands there.`;
}

function missing(from: number, to: number): string {
  return from === to ? `Record ${from} is missing` : `Records ${from} to ${to} are missing`;
}
