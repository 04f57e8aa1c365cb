import type { Anchor } from '../domain/audit/anchor.ts';
import { describeLost, type LostRecords } from '../domain/audit/lost-records.ts';
import type { AuditRecord, RecordDraft } from '../domain/audit/record.ts';
import type { Handled } from '../domain/audit/retention.ts';
import type { LastSeenSessions } from '../domain/bgp/live-sessions.ts';
import type { Change, ParsedCommand } from '../domain/change/change.ts';
import type { DebouncedFindings } from '../domain/drift/debounce.ts';
import type { EarlierMapping } from '../domain/drift/detect.ts';
import type { Remembered } from '../domain/drift/observers.ts';
import type { Person } from '../domain/person.ts';
import type { DeclaredFreeze, DeclaredFreezes } from '../domain/policy/freeze.ts';

/** The changes and the audit trail: one atomic append writes both. */
export interface Store {
  /** The next id, such as `BGP-142`. Never issued twice. */
  newChangeId(): Promise<string>;
  /** Throws `Unreadable` for a change that this release cannot read. */
  change(id: string): Promise<Change | undefined>;
  /** The newest first; without those that this release cannot read, which `unreadable` lists. */
  recentChanges(limit: number): Promise<readonly Change[]>;
  /** Ids of all changes, the newest first. */
  changeIds(): Promise<readonly string[]>;
  /** Ids of changes and sequence numbers of records that this process has failed to read so far. */
  unreadable(): { readonly changes: readonly string[]; readonly records: readonly number[] };
  /** Declared freezes that nobody has lifted, by target. */
  freezes(): Promise<DeclaredFreezes>;
  append(append: Append): Promise<AppendOutcome>;
  /** Ids of the changes that hold a set of TMM pods, in the order in which they took it. */
  scopeHolders(scope: string): Promise<readonly string[]>;
  /** The records in order, from a sequence number on; without those that this release cannot read, which `unreadable` lists. */
  records(fromSeq: number): AsyncIterable<AuditRecord>;
  /** All records, the newest first; read lazily, so that a caller may stop early. */
  latestRecords(): AsyncIterable<AuditRecord>;
}

export interface Append {
  readonly record: RecordDraft;
  /** Its `version` is `expectedVersion + 1`; 0 is expected for a new change. */
  readonly change?: { readonly next: Change; readonly expectedVersion: number };
  /** A freeze that is declared, or lifted (`null`), for a target or for all. */
  readonly freeze?: { readonly target: string; readonly next: DeclaredFreeze | null };
  /** What happens to the change's hold on a set of TMM pods. */
  readonly hold?: Hold;
  /** The append is refused when this lease was lost. */
  readonly fence?: Fence;
}

export type AppendOutcome =
  | { readonly kind: 'appended'; readonly record: AuditRecord }
  | { readonly kind: 'version_conflict' }
  /** Another change holds this set of TMM pods. */
  | { readonly kind: 'scope_held'; readonly by: string }
  | { readonly kind: 'fence_lost' };

/** A change holds its set of TMM pods from its start to its end, also while it is halted. */
export interface Hold {
  /** See `tmmScope`. */
  readonly scope: string;
  /** `take`: refused while another change holds it; `keep`: unchanged; `leave`: released at the end. */
  readonly kind: 'take' | 'keep' | 'leave';
  /** Holders that do not block it: the change that it rolls back, or with break-glass any change. */
  readonly passes?: { readonly kind: 'all' } | { readonly kind: 'change'; readonly id: string };
}

/** The end of the trail, and whether the store was rolled back. The answer is shared by all processes that use the store. */
export interface TrailEnd {
  /** The newest record that the store is known to have had; undefined before the first append. */
  known(): Anchor | undefined;
  /**
   * Checks that the trail still has a record that was seen or published before; returns the loss otherwise, and then nothing is
   * appended.
   */
  compare(known: Anchor): Promise<LostRecords | undefined>;
  /** A loss that nobody has accepted, measured by the highest record compared so far. */
  lost(): Promise<LostRecords | undefined>;
  /**
   * Appends the record that accepts the loss, with its number and new ids above all ever issued, and lets this process append
   * again; idempotent. Returns its number, or undefined if the trail moved since `found` was read, or if a record higher than
   * `known` is known.
   */
  accept(lost: LostRecords, record: RecordDraft): Promise<number | undefined>;
  /** Lets every process append again, after `accept`. */
  resume(): Promise<void>;
  /**
   * Registers `compareAll`. This process's appends wait for it once at start, and again whenever the store may have been rolled
   * back: another server answers, or this process's last marker is missing.
   */
  guard(compareAll: () => Promise<void>): void;
  /**
   * Checks whether the store is still the one that this process knows, and remembers its newest record; compares if it is not.
   * Call it every second: the next append then notices a backup that is older than the last call.
   */
  look(): Promise<void>;
  /** Reports that the store may have been rolled back: the next append waits for a comparison. */
  suspect(): void;
}

/** Thrown by an append once records are lost: nothing was written. */
export class RecordsLost extends Error {
  readonly what: LostRecords;
  constructor(what: LostRecords) {
    super(describeLost(what));
    this.what = what;
  }
}

/** Thrown on reading a change that this release cannot read: a later one wrote it, or it is damaged. */
export class Unreadable extends Error {
  readonly id: string;
  /** Whether the change has ended for good, as far as its state shows. */
  readonly ended: boolean;
  constructor(id: string, why: string, ended: boolean) {
    super(`${id} cannot be read by this release: ${why}`);
    this.id = id;
    this.ended = ended;
  }
}

/** The record up to which the signer verified the trail, kept where nobody who can write the store can write. */
export interface SignerMemory {
  read(): Promise<Anchor | undefined>;
  write(seen: Anchor): Promise<void>;
}

export interface Fence {
  readonly scope: string;
  readonly token: number;
  /** A unique name: after a failover two holders may have the same token. */
  readonly owner: string;
}

/** One change at a time per set of TMM pods; see `tmmScope`. */
export interface Leases {
  /** Undefined when it is taken. Renews itself until released; `lost` aborts when renewal fails. */
  acquire(scope: string, holder: string): Promise<Lease | undefined>;
}

export interface Lease {
  readonly fence: Fence;
  readonly lost: AbortSignal;
  /** Whether it is still held, by the clock: a process that was suspended receives `lost` too late. */
  held(): boolean;
  release(): Promise<void>;
}

/** Remembers handled requests: Slack delivers some twice. */
export interface Deduplicator {
  /** True for the first call with this key within `ttlMs`, in any replica. */
  first(key: string, ttlMs: number): Promise<boolean>;
}

/** Queries waiting for a worker; kept for at most half an hour, never in the audit trail. */
export interface PendingQueries {
  keep(query: PendingQuery): Promise<void>;
  find(id: string): Promise<PendingQuery | undefined>;
  forget(id: string): Promise<void>;
}

export interface PendingQuery {
  readonly id: string;
  readonly parsed: ParsedCommand;
  readonly target: string;
  readonly person: Person;
  readonly channel: string;
  /** Accepts an answer even where the bot is not in the channel. */
  readonly responseUrl?: string;
  /** Sent from the Home tab: the answer is a direct message. */
  readonly directly?: true;
  readonly askedAtMs: number;
}

/** The stream of records, for projections. */
export interface RecordStream {
  /**
   * Delivers each record to one member of the group, in order within this process, and again after a crash. If the handler
   * throws, the same record is delivered again, unless it throws `Unreadable`: then the record is skipped, like one that cannot
   * be read itself.
   */
  follow(
    group: string,
    handle: (record: AuditRecord) => Promise<void>,
    options?: StreamOptions,
  ): Subscription;
}

export interface StreamOptions {
  /** Number of records that are handled in parallel; 1 by default. */
  readonly atOnce?: number;
  /** After this time a record that a process is handling is given to another one; must exceed the longest handling time. */
  readonly deadAfterMs?: number;
  /** No other process of the group is consuming now: records left by a predecessor are claimed at once, before newer ones. */
  readonly alone?: boolean;
  /** Called in place of the handler for a record that cannot be read, again whenever it throws. */
  readonly onUnreadable?: (seq: number, why: string) => Promise<void>;
}

export interface Subscription {
  readonly group: string;
  /** Milliseconds since it last made progress, by reading or by handling; near 0 while it waits for records. */
  stalledForMs(): number;
  /** Accepts no more records; resolves when those being handled are done. */
  stop(): Promise<void>;
}

/** Removal of the oldest records of the audit trail, and which consumers still need them. */
export interface AuditRetention {
  /** Every consumer group, and up to which record it has handled all of them. */
  handled(): Promise<readonly Handled[]>;
  /**
   * Removes every record up to this sequence number, and each change together with its last record, as long as the trail has the
   * checkpoint that covers them and nothing is lost. Idempotent.
   */
  removeThrough(seq: number, checkpoint: Anchor): Promise<void>;
}

/** The result of a target's last drift check, from any replica. */
export interface DriftState extends EarlierMapping {
  readonly findings: DebouncedFindings;
  /** Absent in states that an earlier release wrote. */
  readonly remembered?: Remembered | undefined;
  /** Absent while a change runs, and in states that an earlier release wrote. */
  readonly sessions?: LastSeenSessions | undefined;
}

export interface DriftStore {
  /** Undefined before the first check. */
  read(target: string): Promise<DriftState | undefined>;
  write(target: string, state: DriftState): Promise<void>;
}
