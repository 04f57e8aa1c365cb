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
  /** The next id, such as `BGP-142`. Never given twice. */
  newChangeId(): Promise<string>;
  /** Throws `Unreadable` for one that this release cannot read. */
  change(id: string): Promise<Change | undefined>;
  /** The newest first; those that this release cannot read are left out, and named in `unreadable`. */
  recentChanges(limit: number): Promise<readonly Change[]>;
  /** Ids of all changes, the newest first. */
  changeIds(): Promise<readonly string[]>;
  /** What this process could not read so far, such as `change BGP-7` and `record #12`. */
  unreadable(): readonly string[];
  /** Freezes that somebody declared and nobody lifted, by target. */
  freezes(): Promise<DeclaredFreezes>;
  append(append: Append): Promise<AppendOutcome>;
  /** Ids of the changes that hold a set of TMM pods, the first one first. */
  scopeHolders(scope: string): Promise<readonly string[]>;
  /** The records in order, from a sequence number on; those that this release cannot read are left out, and named in `unreadable`. */
  records(fromSeq: number): AsyncIterable<AuditRecord>;
  /** All records, the newest first; read lazily, so that a caller may stop early. */
  latestRecords(): AsyncIterable<AuditRecord>;
}

export interface Append {
  readonly record: RecordDraft;
  /** Its `version` is `expectedVersion + 1`; 0 is expected of a change that is not there yet. */
  readonly change?: { readonly next: Change; readonly expectedVersion: number };
  /** A freeze declared, or lifted (`null`), for a target or for all. */
  readonly freeze?: { readonly target: string; readonly next: DeclaredFreeze | null };
  /** What the change does to its hold on a set of TMM pods. */
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

/** A change holds its set of TMM pods from its start until it is at its end: while it is halted as well. */
export interface Hold {
  /** See `tmmScope`. */
  readonly scope: string;
  /** `take`: refused while another change holds it; `keep`: it goes on as it was; `leave`: it is at its end. */
  readonly kind: 'take' | 'keep' | 'leave';
  /** Whose hold does not stand in its way: that of the change which it rolls back, or with break-glass anybody's. */
  readonly passes?: { readonly kind: 'all' } | { readonly kind: 'change'; readonly id: string };
}

/** The end of the trail, and whether the store went back in time. Everybody who shares the store shares the answer. */
export interface TrailEnd {
  /** The newest record that this process knows the store to have had; undefined before the first append. */
  known(): Anchor | undefined;
  /** Whether the trail still has a record that was seen or told before; what was lost otherwise. From then on nothing is appended. */
  compare(known: Anchor): Promise<LostRecords | undefined>;
  /** What was lost, and nobody accepted: measured by the highest record that anybody compared with. */
  lost(): Promise<LostRecords | undefined>;
  /**
   * Appends the record that goes on with the first number and ids above all that were ever given, unless that was done before, and lets
   * this process append again. Resolves to its number; undefined when the trail has moved since `found` was read, or when somebody
   * knows of a higher record than `known`.
   */
  accept(lost: LostRecords, record: RecordDraft): Promise<number | undefined>;
  /** Lets everybody append again, after `accept`. */
  resume(): Promise<void>;
  /**
   * From now on this process appends nothing, first of all and after each time that the store may have gone back in time, before
   * `compareAll` was called and resolved: that is when another server answers, or one where this process does not find what it left there last.
   */
  guard(compareAll: () => Promise<void>): void;
  /**
   * Looks whether the store is still the one that this process knows, and remembers its newest record; compares where it is not.
   * To be called every second: a backup that is older than the last look is noticed by the next append.
   */
  look(): Promise<void>;
  /** The store may have gone back in time: the next append waits for a comparison. */
  suspect(): void;
}

/** What an append throws once records are lost: nothing was written. */
export class RecordsLost extends Error {
  readonly what: LostRecords;
  constructor(what: LostRecords) {
    super(describeLost(what));
    this.what = what;
  }
}

/** What reading a change throws that this release cannot read: a later one wrote it, or it is damaged. */
export class Unreadable extends Error {
  readonly id: string;
  /** Whether nobody will ever go on with it, as far as that can be told. */
  readonly ended: boolean;
  constructor(id: string, why: string, ended: boolean) {
    super(`${id} cannot be read by this release: ${why}`);
    this.id = id;
    this.ended = ended;
  }
}

/** What the signer of the trail saw last, kept where nobody who can write the store can write. */
export interface SignerMemory {
  read(): Promise<Anchor | undefined>;
  write(seen: Anchor): Promise<void>;
}

export interface Fence {
  readonly scope: string;
  readonly token: number;
  /** A name that no other holder ever had: after a failover two of them may have the same token. */
  readonly owner: string;
}

/** One change at a time per set of TMM pods; see `tmmScope`. */
export interface Leases {
  /** Undefined when it is taken. Renews itself until released; `lost` aborts when that fails. */
  acquire(scope: string, holder: string): Promise<Lease | undefined>;
}

export interface Lease {
  readonly fence: Fence;
  readonly lost: AbortSignal;
  /** Whether it still holds, by the clock: a process that stood still hears of `lost` too late. */
  held(): boolean;
  release(): Promise<void>;
}

/** Remembers which requests were handled: Slack delivers some twice. */
export interface Deduplicator {
  /** True for the first call with this key within `ttlMs`, in any replica. */
  first(key: string, ttlMs: number): Promise<boolean>;
}

/** Queries that wait for a worker; kept for at most half an hour, never in the audit trail. */
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
  /** Where an answer can be posted without the bot being in the channel. */
  readonly responseUrl?: string;
  /** Asked from the Home tab: the answer is a direct message. */
  readonly directly?: true;
  readonly askedAtMs: number;
}

/** The stream of records, for projections. */
export interface RecordStream {
  /**
   * Hands each record to one member of the group, in order within this process, and again after a crash. A handler
   * that throws is given the same record again, unless it throws `Unreadable`: then the record is passed over, like one that cannot
   * be read itself.
   */
  follow(
    group: string,
    handle: (record: AuditRecord) => Promise<void>,
    strategy?: StreamOptions,
  ): Subscription;
}

export interface StreamOptions {
  /** The next record is handed over while so many are still being handled; 1 unless given. */
  readonly atOnce?: number;
  /** After how long a record that a process handles is given to another one; longer than handling ever takes. */
  readonly deadAfterMs?: number;
  /** Nobody else of the group follows now: what another one left is taken over at once, before anything newer. */
  readonly alone?: boolean;
  /** Told, as often as it throws, of a record that cannot be read, in its place. */
  readonly onUnreadable?: (seq: number, why: string) => Promise<void>;
}

export interface Subscription {
  readonly group: string;
  /** Milliseconds since it last got on, by reading or by handling; next to nothing while it waits for records. */
  stalledForMs(): number;
  /** Takes no more records; resolves when those being handled are done. */
  stop(): Promise<void>;
}

/** The oldest records of the audit trail, and who still needs them. */
export interface AuditRetention {
  /** Every group that follows the records, and how far it has handled all of them. */
  handled(): Promise<readonly Handled[]>;
  /**
   * Removes every record up to this sequence number, and with its last record a change and what is kept of it, as long as the trail has
   * the checkpoint that closes them and nothing is lost. Done twice it changes nothing.
   */
  removeThrough(seq: number, checkpoint: Anchor): Promise<void>;
}

/** What the last drift check of a target found, whichever replica made it. */
export interface DriftState extends EarlierMapping {
  readonly findings: DebouncedFindings;
  /** Absent in what an earlier release wrote. */
  readonly remembered?: Remembered | undefined;
  /** Absent while a change runs, and in what an earlier release wrote. */
  readonly sessions?: LastSeenSessions | undefined;
}

export interface DriftStore {
  /** Undefined before the first check. */
  read(target: string): Promise<DriftState | undefined>;
  write(target: string, state: DriftState): Promise<void>;
}
