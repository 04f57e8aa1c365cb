import type { AuditRecord } from '../../src/domain/audit/record.ts';
import {
  type AuditRetention,
  type RecordStream,
  type StreamOptions,
  Unreadable,
} from '../../src/ports/store.ts';
import { type FakeClock, settled } from './fake-clock.ts';
import type { MemoryStore } from './memory-store.ts';

/** Groups that follow the records; a record is handed over when a test says so. */
export interface MemoryRecordStream extends RecordStream {
  /** Hands the next record to a member of this group (of any group: the first that can take one); false when none can. */
  deliverNext(group?: string): Promise<boolean>;
  /** Hands over records until no group can take another. */
  deliverAll(): Promise<void>;
  /** A member ends without a word, as in a crash: what it has in hand stays there until another claims it. */
  kill(member: Member): void;
  /** The members that take records, in the order in which they came. */
  members(): readonly Member[];
  /** What handlers threw; each was given its record again. */
  readonly failures: readonly { readonly group: string; readonly seq: number; readonly error: unknown }[];
  /** The same groups, seen by who removes old records. A group of `expected` that nobody follows has handled nothing. */
  retention(expected?: readonly string[]): AuditRetention;
}

export interface Member {
  readonly group: string;
  /** Sequence numbers that it was given and has not finished. */
  readonly inHand: ReadonlySet<number>;
}

interface Following extends Member, Required<Omit<StreamOptions, 'onUnreadable'>> {
  readonly onUnreadable: StreamOptions['onUnreadable'];
  readonly inHand: Set<number>;
  readonly handle: (record: AuditRecord) => Promise<void>;
  stopped: boolean;
  dead: boolean;
}

interface Group {
  deliveredThrough: number;
  /** What was given and not acknowledged: to whom, and when. */
  readonly pending: Map<number, { readonly member: Following; readonly sinceMs: number }>;
}

const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;
const DEAD_AFTER_MS = 60_000;

export function memoryRecordStream(
  store: Pick<MemoryStore, 'trail' | 'damaged' | 'removeThrough'>,
  clock: FakeClock,
): MemoryRecordStream {
  const groups = new Map<string, Group>();
  const following: Following[] = [];
  const failures: MemoryRecordStream['failures'][number][] = [];

  const groupOf = (name: string): Group => {
    const found = groups.get(name) ?? { deliveredThrough: 0, pending: new Map() };
    groups.set(name, found);
    return found;
  };
  const nextFor = (member: Following): Entry | undefined => {
    if (member.stopped || member.inHand.size >= member.atOnce) return undefined;
    const { deliveredThrough, pending } = groupOf(member.group);
    const claimed = [...pending].find(
      ([, given]) =>
        given.member !== member &&
        (member.alone || given.sinceMs + member.deadAfterMs <= clock.monotonicMs()),
    );
    const seq = claimed?.[0];
    const isNext = (one: number): boolean => (seq === undefined ? one > deliveredThrough : one === seq);
    const record = store.trail.find((one) => isNext(one.seq));
    const broken = [...store.damaged].find(([one]) => isNext(one));
    if (broken === undefined || (record !== undefined && record.seq < broken[0])) return record;
    return { seq: broken[0], why: broken[1] };
  };
  const handOver = async (member: Following, record: Entry): Promise<void> => {
    const group = groupOf(member.group);
    group.deliveredThrough = Math.max(group.deliveredThrough, record.seq);
    group.pending.set(record.seq, { member, sinceMs: clock.monotonicMs() });
    member.inHand.add(record.seq);
    const handled = await handleUntilDone(member, record, clock, (error) =>
      failures.push({ group: member.group, seq: record.seq, error }),
    );
    member.inHand.delete(record.seq);
    if (handled && !member.dead) group.pending.delete(record.seq);
  };
  const deliverNext = async (group?: string): Promise<boolean> => {
    for (const member of following) {
      const record = group === undefined || member.group === group ? nextFor(member) : undefined;
      if (record === undefined) continue;
      // Its end is not waited for: it may need time, which only the test lets pass.
      void handOver(member, record);
      await settled();
      return true;
    }
    return false;
  };
  return {
    follow(group, handle, { atOnce = 1, deadAfterMs = DEAD_AFTER_MS, onUnreadable, alone = false } = {}) {
      const member: Following = {
        group,
        handle,
        atOnce,
        deadAfterMs,
        onUnreadable,
        alone,
        inHand: new Set(),
        stopped: false,
        dead: false,
      };
      following.push(member);
      groupOf(group);
      return {
        group,
        stalledForMs: () => 0,
        async stop() {
          member.stopped = true;
          while (member.inHand.size > 0) await settled();
        },
      };
    },
    deliverNext,
    async deliverAll() {
      while (await deliverNext());
    },
    kill(dead) {
      const member = following.find((one) => one === dead);
      if (member !== undefined) Object.assign(member, { stopped: true, dead: true });
    },
    failures,
    members: () => following.filter(({ stopped }) => !stopped),
    retention: (expected = []) => ({
      async handled() {
        return [...new Set([...groups.keys(), ...expected])].map((group) => {
          const { deliveredThrough = 0, pending = new Map<number, unknown>() } = groups.get(group) ?? {};
          return { group, through: Math.min(deliveredThrough, ...[...pending.keys()].map((seq) => seq - 1)) };
        });
      },
      async removeThrough(seq, checkpoint) {
        const isClosed = store.trail.some(
          (one) => one.seq === checkpoint.seq && one.hash === checkpoint.hash,
        );
        if (isClosed) store.removeThrough(seq);
      },
    }),
  };
}

/** A record, or why what stands in its place is none. */
type Entry = AuditRecord | { readonly seq: number; readonly why: string };

/** The same record again until its handler is content. False when its member stopped before. */
async function handleUntilDone(
  member: Following,
  record: Entry,
  clock: FakeClock,
  onError: (error: unknown) => void,
): Promise<boolean> {
  for (let pauseMs = FIRST_PAUSE_MS; !member.stopped; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
    try {
      if ('why' in record) await member.onUnreadable?.(record.seq, record.why);
      else await member.handle(record);
      return true;
    } catch (error) {
      if (error instanceof Unreadable) return true;
      onError(error);
      await clock.sleep(pauseMs);
    }
  }
  return false;
}
