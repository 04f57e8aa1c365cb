import { openImpactReader } from '../../src/commands/inspection/read-impact.ts';
import { type CommandRegistry, loadRegistry } from '../../src/commands/registry.ts';
import type { AuditRecord, EventName } from '../../src/domain/audit/record.ts';
import type { FollowUp } from '../../src/domain/change/buttons.ts';
import type { Change } from '../../src/domain/change/change.ts';
import type { DecisionVerb } from '../../src/domain/change/decisions.ts';
import type { Person } from '../../src/domain/person.ts';
import type { Policy } from '../../src/domain/policy/policy.ts';
import { isRefusal } from '../../src/domain/refusal.ts';
import type { JobHandlers } from '../../src/ports/jobs.ts';
import type { Dependencies } from '../../src/workflow/dependencies.ts';
import { dispatch, jobHandlers } from '../../src/workflow/execution/job-handlers.ts';
import { openLedger } from '../../src/workflow/ledger.ts';
import { openUseCases, type UseCases } from '../../src/workflow/requests/use-cases.ts';
import type { DecisionRequest, Reply } from '../../src/workflow/requests.ts';
import { type FakeClock, fakeClock, settled } from './fake-clock.ts';
import { type MemoryReplies, memoryPendingQueries, memoryReplies } from './memory-chat.ts';
import { type ClusterOptions, type MemoryCluster, memoryCluster } from './memory-cluster.ts';
import { type MemoryJobs, memoryJobs } from './memory-jobs.ts';
import { type MemoryLeases, memoryLeases } from './memory-leases.ts';
import { type MemoryPeople, memoryPeople } from './memory-people.ts';
import { type MemoryRecordStream, memoryRecordStream } from './memory-record-stream.ts';
import { everyRefusal, noRateLimit } from './memory-request-limiter.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';
import { CHANNEL, HOME_TEAM, LOOKUPS, NODES, type PolicyChanges, samplePolicy } from './sample-policy.ts';

/** Everything that the use cases need, in memory, and people who use it. */
export interface World {
  readonly dependencies: Dependencies;
  readonly useCases: UseCases;
  readonly policy: Policy;
  readonly clock: FakeClock;
  readonly store: MemoryStore;
  readonly leases: MemoryLeases;
  readonly stream: MemoryRecordStream;
  readonly jobs: MemoryJobs;
  readonly people: MemoryPeople;
  readonly replies: MemoryReplies;
  /** Of the first target. */
  readonly cluster: MemoryCluster;
  /** An engineer: asks, and approves nothing. */
  readonly alice: Actor;
  /** Two leads: they ask, approve, and may break the glass. */
  readonly bob: Actor;
  readonly carol: Actor;
  /** A full member in no group, and a guest. */
  readonly dave: Actor;
  readonly mallory: Actor;
  actor(userId: string, teamId?: string): Actor;
  /** What a worker does with each kind of job. */
  readonly handlers: JobHandlers;
  /** Hands the records to the dispatcher and runs the jobs that are due, until nothing is left to do at this moment. */
  work(): Promise<void>;
  /** The same while time passes, so that jobs that wait for something go on. */
  pass(ms: number): Promise<void>;
  /** The change as the store has it now. */
  change(id: string): Promise<Change>;
  /** The events of the trail from a sequence number on, each with its reason code where it has one. */
  events(fromSeq?: number): readonly string[];
  records(event: EventName): readonly AuditRecord[];
}

/** Somebody at a keyboard. */
export interface Actor {
  readonly person: Person;
  submit(text: string, channel?: string): Promise<Reply>;
  /** The same where a change has to come of it. */
  propose(text: string): Promise<Change>;
  decide(verb: DecisionVerb, change: string | Change, more?: DecisionDetails): Promise<Reply>;
  prepare(verb: DecisionVerb, change: string | Change, more?: DecisionDetails): Promise<Reply>;
  followUp(kind: FollowUp, change: string | Change): Promise<Reply>;
}

type DecisionDetails = Partial<Pick<DecisionRequest, 'digest' | 'reason' | 'channel'>>;

export interface WorldOptions extends PolicyChanges {
  readonly cluster?: Partial<Omit<ClusterOptions, 'clock' | 'target'>>;
}

export async function openWorld({
  cluster: clusterOptions,
  ...policyChanges
}: WorldOptions = {}): Promise<World> {
  const policy = samplePolicy(policyChanges);
  const clock = fakeClock();
  const leases = memoryLeases(clock);
  const store = memoryStore(leases);
  const stream = memoryRecordStream(store, clock);
  const jobs = memoryJobs(clock);
  const replies = memoryReplies();
  const [target] = policy.targets;
  const clusters = new Map(
    policy.targets.map((one) => [
      one.name,
      memoryCluster({ nodes: NODES, lookups: LOOKUPS, ...clusterOptions, clock, target: one }),
    ]),
  );
  const cluster = clusters.get(target.name);
  if (cluster === undefined) throw new Error('opening a world: its policy names no target');
  const people = memoryPeople(HOME_TEAM);
  for (const user of ['U01ALICE', 'U02BOB', 'U03CAROL', 'U05DAVE']) people.set(user);
  people.set('U04MALLORY', { guest: true });
  people.setMembers('S02LEADS', ['U02BOB', 'U03CAROL']);
  let ids = 0;
  const dependencies: Dependencies = {
    policy,
    registry: await registry,
    clusters,
    people,
    store,
    ledger: openLedger(store, clock),
    leases,
    pendingQueries: memoryPendingQueries(clock),
    refusals: everyRefusal,
    clock,
    readImpact: openImpactReader(clock),
    newId() {
      ids += 1;
      return `id-${ids}`;
    },
    teamId: HOME_TEAM,
  };
  const useCases = openUseCases(dependencies, noRateLimit);
  const handlers = jobHandlers({ ...dependencies, replies });
  stream.follow('dispatch', (record) => dispatch(record, { ...dependencies, jobs }));

  /** How long from now on nothing can happen: nobody is woken, no job is due. */
  const quietForMs = async (): Promise<number> => {
    const { length } = store.trail;
    await settled();
    const [job] = jobs.waiting();
    const hasNews = store.trail.length > length;
    return hasNews ? 0 : Math.min(clock.nextInMs(), (job?.dueMs ?? Infinity) - clock.monotonicMs());
  };
  const actor = (userId: string, teamId: string = HOME_TEAM): Actor =>
    actorOf({ userId, teamId }, useCases, dependencies.newId);
  return {
    dependencies,
    useCases,
    policy,
    clock,
    store,
    leases,
    stream,
    jobs,
    people,
    replies,
    cluster,
    alice: actor('U01ALICE'),
    bob: actor('U02BOB'),
    carol: actor('U03CAROL'),
    dave: actor('U05DAVE'),
    mallory: actor('U04MALLORY'),
    actor,
    handlers,
    async work() {
      do await stream.deliverAll();
      while ((await jobs.runNext(handlers)) !== undefined);
    },
    async pass(ms) {
      const endMs = clock.monotonicMs() + ms;
      for (;;) {
        do await stream.deliverAll();
        while (jobs.startNext(handlers) !== undefined);
        const leftMs = endMs - clock.monotonicMs();
        if (leftMs <= 0) return;
        await clock.advance(Math.min(leftMs, Math.max(PASS_STEP_MS, await quietForMs())));
      }
    },
    async change(id) {
      const found = await store.change(id);
      if (found === undefined) throw new Error(`there is no change ${id}`);
      return found;
    },
    events: (fromSeq = 1) =>
      store.trail
        .filter(({ seq }) => seq >= fromSeq)
        .map(({ event, reason_code: reason }) => (reason === null ? event : `${event} ${reason}`)),
    records: (event) => store.trail.filter((record) => record.event === event),
  };
}

/** How often the dispatcher and the queues are looked at while something happens. */
const PASS_STEP_MS = 100;

/** Found once for all worlds of a test file. */
const registry: Promise<CommandRegistry> = loadRegistry();

function actorOf(person: Person, useCases: UseCases, newId: () => string): Actor {
  const submit: Actor['submit'] = (text, channel = CHANNEL) =>
    useCases.submit({ requestId: newId(), person, channel, text });
  const about = (change: string | Change, more: DecisionDetails = {}): DecisionRequest => ({
    person,
    channel: CHANNEL,
    changeId: typeof change === 'string' ? change : change.id,
    // A button carries the digest of the card that it stands on.
    ...(typeof change === 'string' ? {} : { digest: change.digest }),
    ...more,
  });
  return {
    person,
    submit,
    async propose(text) {
      const reply = await submit(text);
      if (reply.kind === 'card') return reply.change;
      throw new Error(`${text}: ${isRefusal(reply) ? `${reply.reasonCode}: ${reply.sentence}` : reply.kind}`);
    },
    decide: (verb, change, more) => useCases.decide(verb, about(change, more)),
    prepare: (verb, change, more) => useCases.prepareDecision(verb, about(change, more)),
    followUp: (kind, change) => useCases.followUp(kind, about(change)),
  };
}
