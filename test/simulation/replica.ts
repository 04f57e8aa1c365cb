import { openImpactReader } from '../../src/commands/inspection/read-impact.ts';
import type { JobHandlers } from '../../src/ports/jobs.ts';
import type { Lease } from '../../src/ports/store.ts';
import type { Dependencies } from '../../src/workflow/dependencies.ts';
import { dispatch, jobHandlers } from '../../src/workflow/execution/job-handlers.ts';
import { openLedger } from '../../src/workflow/ledger.ts';
import { openUseCases, type UseCases } from '../../src/workflow/requests/use-cases.ts';
import type { StartedJob, WaitingJob } from '../doubles/memory-jobs.ts';
import { everyRefusal, noRateLimit } from '../doubles/memory-request-limiter.ts';
import { HOME_TEAM } from '../doubles/sample-policy.ts';
import { type Caller, type Host, openCaller } from './caller.ts';
import { clusterOf } from './cluster-port.ts';
import {
  clockOf,
  jobsOf,
  leasesOf,
  type PeopleMemory,
  peopleOf,
  queriesOf,
  repliesOf,
  storeOf,
} from './ports.ts';
import type { Shared } from './shared.ts';

/** One process of the bot, started with the policy and the kubeconfigs of that moment. */
export interface Replica extends Host {
  /** How far its clock on the wall is off. */
  skewMs: number;
  cutOff: boolean;
  readonly running: ReadonlySet<RunningJob>;
  /** Stands still, as after SIGSTOP or in a long garbage collection, and goes on after so long. */
  pause(forMs: number): void;
  /** Takes up this job; true when it did. */
  start(job: WaitingJob): void;
  useCases(who: string): UseCases;
  /** Takes no more work, and asks the running jobs to stop. */
  close(): void;
  readonly closing: boolean;
}

export interface RunningJob {
  readonly started: StartedJob;
  readonly caller: Caller;
  readonly stop: AbortController;
}

/** A lock of a job lives so long, and a check finds it expired so much later. */
const LOCKED_FOR_MS = 4_000;
const STALLED_CHECK_MS = 3_000;
/** See `DISPATCH` in compose.ts. */
const DISPATCH_DEAD_AFTER_MS = 5_000;
/** As a process that was stopped goes on, its timers and answers come in any order within this time. */
const WAKING_MS = 20;

export function startReplica(name: string, shared: Shared): Replica {
  const { calls, observer, trace, prng, jobs, leases, stream } = shared;
  const { clock } = calls;
  const { policy } = shared;
  const clusters = new Map(shared.clusters);
  const running = new Set<RunningJob>();
  const renewed = new Set<Lease>();
  const memory: PeopleMemory = { statuses: new Map(), members: new Map() };
  let dead = false;
  let woken: { readonly promise: Promise<void>; resolve(): void } | undefined;

  const setRenewing = (renews: boolean): void => {
    for (const { fence } of renewed) leases.setRenewing(fence, renews);
  };
  const afterLock = (act: (job: RunningJob) => void): void => {
    for (const job of running)
      clock.after(LOCKED_FOR_MS + prng.between(0, STALLED_CHECK_MS), () => {
        if (running.has(job)) act(job);
      });
  };
  const abandon = (job: RunningJob): void => {
    trace.note(name, () => `its job ${job.started.job.id} is given to another`);
    trace.count('event', 'job redelivered after a crash or a pause');
    running.delete(job);
    jobs.abandon(job.started);
  };

  /** The bot's dependencies as one caller has them. */
  const reachOf = (caller: Caller): Dependencies => {
    const own = clockOf(caller, calls, () => replica.skewMs);
    const store = storeOf(shared.store, caller, calls, observer);
    return {
      policy,
      registry: shared.registry,
      clusters: new Map(
        [...clusters].map(([target, cluster]) => [target, clusterOf(cluster, caller, calls, observer)]),
      ),
      people: peopleOf(shared.people, caller, calls, memory),
      store,
      ledger: openLedger(store, own),
      leases: leasesOf(leases, caller, calls, {
        taken(lease) {
          renewed.add(lease);
          leases.setRenewing(lease.fence, !cutOff && !dead && woken === undefined);
        },
        held,
        given: (lease) => {
          leases.setRenewing(lease.fence, false);
          renewed.delete(lease);
        },
      }),
      pendingQueries: queriesOf(shared.pendingQueries, caller, calls),
      refusals: everyRefusal,
      clock: own,
      newId: shared.newId,
      readImpact: openImpactReader(own),
      teamId: HOME_TEAM,
    };
  };
  /** A lease of this process: it finds out that it was lost when it runs. */
  const held = (lease: Lease): Lease => {
    const lost = new AbortController();
    lease.lost.addEventListener('abort', () => {
      renewed.delete(lease);
      const tell = (): void => lost.abort(lease.lost.reason);
      if (woken === undefined) tell();
      else void woken.promise.then(() => clock.after(prng.between(0, WAKING_MS), tell));
    });
    return { ...lease, lost: lost.signal };
  };

  const replica: Replica = {
    name,
    policy,
    running,
    skewMs: 0,
    closing: false,
    get dead() {
      return dead;
    },
    get paused() {
      return woken?.promise;
    },
    get cutOff() {
      return cutOff;
    },
    set cutOff(isCut) {
      cutOff = isCut;
      setRenewing(!isCut && !dead && woken === undefined);
    },
    die(why) {
      if (dead) return;
      dead = true;
      trace.note(name, () => `dies ${why}`);
      trace.count('event', 'replica crashes');
      setRenewing(false);
      for (const member of members) stream.kill(member);
      afterLock(abandon);
      // What it had in hand is claimed by another.
      clock.after(DISPATCH_DEAD_AFTER_MS + 1, () => undefined);
      for (const { caller } of running) observer.gone(caller);
      shared.onDeath(replica);
    },
    pause(forMs) {
      if (dead || woken !== undefined) return;
      trace.note(name, () => `stands still for ${forMs} ms`);
      let resolve = (): void => undefined;
      const promise = new Promise<void>((woke) => {
        resolve = woke;
      });
      woken = { promise, resolve };
      setRenewing(false);
      const taken = new Set<RunningJob>();
      afterLock((job) => {
        if (woken?.promise !== promise) return;
        taken.add(job);
        abandon(job);
      });
      clock.after(forMs, () => {
        if (dead) return;
        woken = undefined;
        trace.note(name, () => 'goes on');
        setRenewing(!cutOff);
        resolve();
        // BullMQ finds out at its next renewal that the lock is lost.
        for (const { stop } of taken) clock.after(prng.between(0, 2_000), () => stop.abort());
      });
    },
    start(job) {
      const change = job.kind === 'change' ? job.id.replace(/\.\d+$/, '') : undefined;
      const caller = openCaller(replica, `${name} ${job.kind} ${job.id}`, change);
      const stop = new AbortController();
      const started = jobs.startNext(handlersOf(caller), { job, signal: stop.signal });
      if (started === undefined) return;
      const one: RunningJob = { started, caller, stop };
      running.add(one);
      observer.starts(caller);
      void started.done.then(() => {
        running.delete(one);
        observer.gone(caller);
      });
    },
    useCases: (who) => openUseCases(reachOf(openCaller(replica, `${name} for ${who}`)), noRateLimit),
    close() {
      Object.assign(replica, { closing: true });
      for (const { stop } of running) stop.abort();
    },
  };
  let cutOff = false;
  const handlersOf = (caller: Caller): JobHandlers =>
    jobHandlers({ ...reachOf(caller), replies: repliesOf(shared.replies, caller, calls) });
  const dispatching = openCaller(replica, `${name} dispatcher`);
  const reach = reachOf(dispatching);
  const known = new Set(stream.members());
  stream.follow(
    'dispatch',
    (record) => dispatch(record, { ...reach, jobs: jobsOf(jobs, dispatching, calls) }),
    { deadAfterMs: DISPATCH_DEAD_AFTER_MS },
  );
  const members = stream.members().filter((member) => !known.has(member));
  return replica;
}
