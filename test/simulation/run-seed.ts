import { type CommandRegistry, loadRegistry } from '../../src/commands/registry.ts';
import { fakeClock, settled } from '../doubles/fake-clock.ts';
import { memoryPendingQueries, memoryReplies } from '../doubles/memory-chat.ts';
import { type MemoryCluster, memoryCluster } from '../doubles/memory-cluster.ts';
import { memoryJobs } from '../doubles/memory-jobs.ts';
import { memoryLeases } from '../doubles/memory-leases.ts';
import { memoryPeople } from '../doubles/memory-people.ts';
import { memoryRecordStream } from '../doubles/memory-record-stream.ts';
import { AS_IT_IS, memoryStore } from '../doubles/memory-store.ts';
import { HOME_TEAM } from '../doubles/sample-policy.ts';
import { judgeAtRest } from './at-rest.ts';
import { noEffectTrouble } from './effect-trouble.ts';
import { openFaults } from './faults.ts';
import { happenOnce } from './happenings.ts';
import { openObserver, type Violation } from './observer.ts';
import { populate } from './people-events.ts';
import { peopleTruth } from './people-truth.ts';
import { prng as openPrng } from './prng.ts';
import { type Replica, startReplica } from './replica.ts';
import { drawSetting } from './setting.ts';
import type { Simulation } from './simulation.ts';
import { type Counts, openTrace } from './trace.ts';

export interface SeedRun {
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** Empty unless asked for. */
  readonly trace: readonly string[];
  readonly counts: Counts;
  readonly changes: number;
}

/** Everything that a seed stands for, from the first request until the world has come to rest. */
export async function runSeed(seed: number, { traced }: { readonly traced: boolean }): Promise<SeedRun> {
  const sim = openSimulation(seed, traced, await registry);
  await happen(sim);
  calm(sim);
  if (await comesToRest(sim)) judgeAtRest(sim, sim.observer);
  else sim.observer.violate('it comes to rest', describeWork(sim));
  const { observer, trace } = sim;
  return {
    seed,
    violations: observer.violations,
    trace: trace.lines,
    counts: trace.counts,
    changes: observer.changes.size,
  };
}

function describeWork({ jobs, replicas }: Simulation): string {
  const waiting = jobs.waiting().map(({ kind, id }) => `${kind} ${id} waits`);
  const running = replicas.flatMap((one) => [...one.running].map(({ caller }) => `${caller.name} runs`));
  return [...waiting, ...running].join(', ');
}

const registry: Promise<CommandRegistry> = loadRegistry();

/** How long a new process takes to serve. */
const BOOTS_WITHIN_MS = 8_000;

function openSimulation(seed: number, traced: boolean, registry: CommandRegistry): Simulation {
  const prng = openPrng(seed);
  const setting = drawSetting(prng);
  const clock = fakeClock();
  const trace = openTrace(() => clock.monotonicMs(), traced);
  const leases = memoryLeases(clock);
  // That every change can be read again is for other tests: here it would take a tenth of the time.
  const store = memoryStore(leases, AS_IT_IS);
  const faults = openFaults(setting.rates, prng, trace);
  const [target] = setting.policy.targets;
  const cluster = memoryCluster({ ...setting.cluster, clock, target });
  const anotherCluster = (): MemoryCluster => {
    const clusterUid = `uid-of-cluster-${uids.size + 1}`;
    const another = memoryCluster({ ...setting.cluster, clock, target, clusterUid });
    uids.set(another, clusterUid);
    return another;
  };
  const uids = new Map<MemoryCluster, string>([[cluster, 'uid-of-kube-system']]);
  const people = peopleTruth();
  const observer = openObserver({
    clock,
    trace,
    leases,
    people,
    uids,
    holdTimeMs: target.timeouts.holdTimeMs,
    mayBeWaived: ({ plan }) =>
      plan.rollsBack !== undefined && setting.policy.rules.some((rule) => rule.waiveRollback),
  });
  let ids = 0;
  const sim: Simulation = {
    setting,
    prng,
    trace,
    faults,
    observer,
    registry,
    store,
    leases,
    cluster,
    anotherCluster,
    calls: {
      clock,
      prng,
      trace,
      effectTrouble: noEffectTrouble(),
      fate: (kind) => faults.fate(kind),
      atCall() {
        if (!sim.calm && prng.chance(setting.atCall)) happenOnce(sim);
      },
    },
    stream: memoryRecordStream(store, clock),
    jobs: memoryJobs(clock),
    people: memoryPeople(HOME_TEAM),
    replies: memoryReplies(),
    pendingQueries: memoryPendingQueries(clock),
    newId() {
      ids += 1;
      return `id-${ids}`;
    },
    policy: setting.policy,
    clusters: new Map(setting.policy.targets.map(({ name }) => [name, cluster])),
    replicas: [],
    calm: false,
    awayForMs: 0,
    turns: 0,
    wakesAtMs: new Set(),
    healing: [],
    serving: () =>
      sim.replicas.filter(({ dead, closing, paused }) => !dead && !closing && paused === undefined),
    boot() {
      sim.replicas.push(startReplica(`r${sim.replicas.length + 1}`, sim));
    },
    onDeath(replica) {
      if (!replica.closing) clock.after(prng.between(500, BOOTS_WITHIN_MS), () => sim.boot());
    },
  };
  store.onAppend((record, change) => observer.records(record, change));
  populate(sim);
  for (let one = 0; one < setting.replicas; one += 1) sim.boot();
  return sim;
}

/** Lets things happen, one after the other, while the bot works. */
async function happen(sim: Simulation): Promise<void> {
  const { prng, setting, calls } = sim;
  for (let left = setting.happenings; left > 0 && sim.turns <= MAX_TURNS; left -= 1) {
    happenOnce(sim);
    const pauseMs = prng.pauseMs(setting.pauseMs) + sim.awayForMs;
    sim.awayForMs = 0;
    await work(sim, calls.clock.monotonicMs() + pauseMs);
  }
}

/** Nothing goes wrong any more, and people leave the bot alone. */
function calm(sim: Simulation): void {
  const { cluster, faults, healing, replicas, people, trace } = sim;
  trace.note('', () => 'the world is calm now');
  sim.calm = true;
  faults.end();
  for (const heal of healing) heal();
  people.unreachable = false;
  cluster.unreachable = undefined;
  Object.assign(sim.calls.effectTrouble, noEffectTrouble());
  cluster.execTrouble.clear();
  cluster.tmms.budget = undefined;
  cluster.setWatch('in sync');
  for (const replica of replicas) if (!replica.dead) replica.cutOff = false;
  if (replicas.every(({ dead, closing }: Replica) => dead || closing)) sim.boot();
}

/** Clocks on the wall may have been set back by some hours, and deadlines wait for them. */
const RESTS_WITHIN_MS = 24 * 3_600_000;

/** Whoever is busy for so long is so for ever. */
const MAX_TURNS = 80_000;

/** False when there is work for ever. */
async function comesToRest(sim: Simulation): Promise<boolean> {
  const { clock } = sim.calls;
  return !(await work(sim, clock.monotonicMs() + RESTS_WITHIN_MS));
}

/** Lets the bot work and time pass until then; false when nothing is left to wait for before. */
async function work(sim: Simulation, untilMs: number): Promise<boolean> {
  const {
    calls: { clock },
    observer,
    stream,
    jobs,
  } = sim;
  let reached = false;
  const cancel = clock.after(untilMs - clock.monotonicMs(), () => {
    reached = true;
  });
  for (;;) {
    await settled();
    do while (await stream.deliverNext());
    while (await startJobs(sim));
    sim.turns += 1;
    if (reached || sim.turns > MAX_TURNS) return true;
    const beforeMs = clock.monotonicMs();
    wakeForJobs(sim);
    // Only the end itself is waited for.
    if (clock.waiting() <= 1 && jobs.waiting().length === 0) {
      cancel();
      return false;
    }
    const passed = observer.timePasses();
    await clock.advanceToNext();
    if (clock.monotonicMs() > beforeMs) passed(clock.monotonicMs() - beforeMs);
  }
}

const CONCURRENCY = 4;

async function startJobs(sim: Simulation): Promise<boolean> {
  const [job] = sim.jobs.due();
  sim.turns += 1;
  if (job === undefined || sim.turns > MAX_TURNS) return false;
  const free = sim.serving().filter(({ running, cutOff }) => !cutOff && running.size < CONCURRENCY);
  if (free.length === 0) return false;
  sim.prng.pick(free).start(job);
  await settled();
  return true;
}

/** The clock stops at the moment in which the next job is due. */
function wakeForJobs({ calls: { clock }, jobs, wakesAtMs }: Simulation): void {
  const next = jobs.waiting().find(({ dueMs }) => dueMs > clock.monotonicMs());
  if (next === undefined || wakesAtMs.has(next.dueMs)) return;
  wakesAtMs.add(next.dueMs);
  clock.after(next.dueMs - clock.monotonicMs(), () => void wakesAtMs.delete(next.dueMs));
}
