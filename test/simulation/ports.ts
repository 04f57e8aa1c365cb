import type { AccountStatus } from '../../src/domain/person.ts';
import type { AsOf, People, Replies } from '../../src/ports/chat.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Jobs } from '../../src/ports/jobs.ts';
import type { Lease, Leases, PendingQueries, Store } from '../../src/ports/store.ts';
import { type Caller, type Calls, call, goesOn, InjectedFault, kindOf } from './caller.ts';
import type { Observer } from './observer.ts';

/** Time in a process: its own clock on the wall, and sleeps that do not end while it stands still. */
export function clockOf(caller: Caller, { clock }: Calls, skewMs: () => number): Clock {
  return {
    now: () => clock.now() + skewMs(),
    monotonicMs: () => clock.monotonicMs(),
    async sleep(ms, signal) {
      await clock.sleep(ms, signal);
      await goesOn(caller.host);
    },
  };
}

/** Changes, records and freezes as one caller reaches them. */
export function storeOf(store: Store, caller: Caller, calls: Calls, observer: Observer): Store {
  const read = kindOf('store', 'read', true);
  const append = kindOf('store', 'write', true)('append');
  return {
    newChangeId: () => call(calls, caller, read('newChangeId'), () => store.newChangeId(), noRedis),
    change: (id) => call(calls, caller, read('change'), () => store.change(id), noRedis),
    recentChanges: (limit) =>
      call(calls, caller, read('recentChanges'), () => store.recentChanges(limit), noRedis),
    changeIds: () => call(calls, caller, read('changeIds'), () => store.changeIds(), noRedis),
    unreadable: () => store.unreadable(),
    freezes: () => call(calls, caller, read('freezes'), () => store.freezes(), noRedis),
    scopeHolders: (scope) =>
      call(calls, caller, read('scopeHolders'), () => store.scopeHolders(scope), noRedis),
    append: (one) =>
      call(calls, caller, append, async () => observer.appending(caller, () => store.append(one)), noRedis),
    async *records(fromSeq) {
      await call(calls, caller, read('records'), async () => undefined, noRedis);
      yield* store.records(fromSeq);
    },
    async *latestRecords() {
      await call(calls, caller, read('latestRecords'), async () => undefined, noRedis);
      yield* store.latestRecords();
    },
  };
}

function noRedis(): never {
  throw new InjectedFault('Redis did not answer');
}

/** Leases as one caller takes them; `taken` and `given` tell its process what it has to renew. */
export function leasesOf(
  leases: Leases,
  caller: Caller,
  calls: Calls,
  process: { taken(lease: Lease): void; held(lease: Lease): Lease; given(lease: Lease): void },
): Leases {
  const write = kindOf('leases', 'write', true);
  return {
    async acquire(scope, holder) {
      const inner = await call(
        calls,
        caller,
        write('acquire'),
        async () => {
          const lease = await leases.acquire(scope, holder);
          if (lease !== undefined) process.taken(lease);
          return lease;
        },
        (came) => {
          // Nobody renews what nobody knows to hold.
          if (came?.result !== undefined) process.given(came.result);
          return noRedis();
        },
      );
      if (inner === undefined) return undefined;
      caller.fence = inner.fence;
      return {
        ...process.held(inner),
        release: () =>
          call(
            calls,
            caller,
            write('release'),
            async () => {
              process.given(inner);
              await inner.release();
            },
            // A lease that cannot be released expires by itself.
            () => process.given(inner),
          ),
      };
    },
  };
}

/** What a process was told of people, and when: good enough for what asks how it was lately. */
export interface PeopleMemory {
  readonly statuses: Map<string, Remembered<AccountStatus>>;
  readonly members: Map<string, Remembered<readonly string[]>>;
}

interface Remembered<Told> {
  readonly told: Told;
  readonly atMs: number;
}

const REMEMBERED_MS = 30_000;

export function peopleOf(people: People, caller: Caller, calls: Calls, memory: PeopleMemory): People {
  const read = kindOf('people', 'read');
  const remembering = async <Told>(
    known: Map<string, Remembered<Told>>,
    key: string,
    asOf: AsOf | undefined,
    ask: () => Promise<Told | undefined>,
  ): Promise<Told | undefined> => {
    const nowMs = calls.clock.monotonicMs();
    const remembered = known.get(key);
    if (asOf === 'cached' && remembered !== undefined && nowMs - remembered.atMs < REMEMBERED_MS)
      return remembered.told;
    const told = await ask();
    if (told !== undefined) known.set(key, { told, atMs: nowMs });
    return told;
  };
  const nobody = (): undefined => undefined;
  return {
    accountStatus: (person, asOf) =>
      remembering(memory.statuses, person.userId, asOf, () =>
        call(calls, caller, read('accountStatus'), () => people.accountStatus(person), nobody),
      ),
    members: (group, asOf) =>
      remembering(memory.members, group, asOf, () =>
        call(calls, caller, read('members'), () => people.members(group), nobody),
      ),
  };
}

export function jobsOf(jobs: Jobs, caller: Caller, calls: Calls): Jobs {
  const add = kindOf('jobs', 'write', true)('add');
  const unfinished = kindOf('jobs', 'read', true)('unfinished');
  return {
    add: (job) => call(calls, caller, add, () => jobs.add(job), noRedis),
    unfinished: (kind) => call(calls, caller, unfinished, () => jobs.unfinished(kind), noRedis),
  };
}

export function queriesOf(queries: PendingQueries, caller: Caller, calls: Calls): PendingQueries {
  const write = kindOf('queries', 'write', true);
  return {
    keep: (query) => call(calls, caller, write('keep'), () => queries.keep(query), noRedis),
    find: (id) => call(calls, caller, write('find'), () => queries.find(id), noRedis),
    forget: (id) => call(calls, caller, write('forget'), () => queries.forget(id), noRedis),
  };
}

export function repliesOf(replies: Replies, caller: Caller, calls: Calls): Replies {
  const reply = kindOf('replies', 'write')('reply');
  return {
    reply: (query, answer) =>
      call(
        calls,
        caller,
        reply,
        () => replies.reply(query, answer),
        () => {
          throw new InjectedFault('the chat did not answer');
        },
      ),
  };
}
