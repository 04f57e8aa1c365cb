import type { Policy } from '../../src/domain/policy/policy.ts';
import type { Fence } from '../../src/ports/store.ts';
import type { FakeClock } from '../doubles/fake-clock.ts';
import type { EffectTrouble } from './effect-trouble.ts';
import type { Prng } from './prng.ts';
import type { Trace } from './trace.ts';

/** Where code of the bot runs: it stands still when its process does, and for good when that died. */
export interface Host {
  readonly name: string;
  /** As it read it when it started. */
  readonly policy: Policy;
  readonly dead: boolean;
  /** Resolves when the process runs again; undefined while it runs. */
  readonly paused: Promise<void> | undefined;
  /** Cut off from Redis. */
  readonly cutOff: boolean;
  die(why: string): void;
}

/** A job, a request or a record in the hand of a process: whatever calls the ports. */
export interface Caller {
  readonly host: Host;
  readonly name: string;
  /** The change that the job is about. */
  readonly change?: string;
  /** Of the lease that it took last. */
  fence?: Fence;
  /** What it said in the trail that it is about to do; see `keyOfStep`. */
  readonly intended: Set<string>;
  /** Calls whose answer has not come yet, except waits. */
  inFlight: number;
  /** Since when calls followed each other without any time between them: one look at the world, and what came of it. */
  chainSinceMs: number;
  lastAnswerAtMs: number;
  /** What the chain has seen of the world as it really was; the observer's. */
  seen: Seen;
}

export interface Seen {
  /** By uid of the pod: the families in which it had a session, and since when at most. */
  readonly carriers: Map<string, ReadonlyMap<string, number>>;
  /** What a pod had up for the hold time at each look, by its node. */
  readonly up: (readonly [node: string, peers: ReadonlySet<string>])[];
  /** Whether the controller of the TMM pods was at rest at any look. */
  settled: boolean;
  /** Data of each lookup, by its name, as often as they were read. */
  readonly lookups: ReadonlyMap<string, Readonly<Record<string, string>>>[];
}

export function openCaller(host: Host, name: string, change?: string): Caller {
  return {
    host,
    name,
    ...(change === undefined ? {} : { change }),
    intended: new Set(),
    inFlight: 0,
    chainSinceMs: 0,
    lastAnswerAtMs: Number.NEGATIVE_INFINITY,
    seen: nothingSeen(),
  };
}

function nothingSeen(): Seen {
  return { carriers: new Map(), up: [], lookups: [], settled: false };
}

/** What befalls one call. */
export interface Fate {
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly fails: 'before' | 'after' | undefined;
  readonly dies: 'before' | 'after' | undefined;
}

export interface CallKind {
  /** `PORT.METHOD`. */
  readonly name: string;
  /** `wait`: nothing goes wrong with it, and it is not waited for as an answer is. `effect`: it is never long on its way. */
  readonly manner: 'read' | 'write' | 'effect' | 'wait';
  /** Whether it goes to Redis. */
  readonly redis: boolean;
}

export interface Calls {
  readonly clock: FakeClock;
  readonly prng: Prng;
  readonly trace: Trace;
  readonly effectTrouble: EffectTrouble;
  /** Whether and how something goes wrong with a call. */
  fate(kind: CallKind): Fate | undefined;
  /** Called at each call of each port: the world may move here. */
  atCall(caller: Caller, kind: CallKind): void;
}

/** What a call to the outside throws that failed; nothing of the bot's own. */
export class InjectedFault extends Error {}

/**
 * One call of a port by a caller. `act` is the call as the double has it; `trouble` is what comes back instead when
 * something went wrong, whether it took effect (`came`) or not; it may throw. Never resolves when the caller's process died.
 */
export async function call<Result>(
  calls: Calls,
  caller: Caller,
  kind: CallKind,
  act: () => Promise<Result>,
  trouble: (came: { readonly result: Result } | undefined) => Result,
): Promise<Result> {
  const { clock, trace } = calls;
  const { host } = caller;
  await goesOn(host);
  begin(caller, clock);
  calls.atCall(caller, kind);
  const fate = calls.fate(kind);
  const waits = kind.manner === 'wait';
  if (!waits) caller.inFlight += 1;
  if (fate?.fails !== undefined) trace.note(caller.name, () => `${kind.name} fails ${fate.fails}`);
  if (fate?.dies === 'before') host.die(`at ${kind.name}`);
  await goesOn(host);
  if (fate !== undefined && fate.beforeMs > 0) await clock.sleep(fate.beforeMs);
  const cut = kind.redis && host.cutOff;
  const happens = fate?.fails !== 'before' && !cut && !(host.dead && fate?.dies === 'before');
  // Its answer counts as come when the double has given it; what is sent arrives, whether its sender lives or not.
  const came = happens ? { result: await act() } : undefined;
  if (fate?.dies === 'after') host.die(`after ${kind.name}`);
  if (fate !== undefined && fate.afterMs > 0) await clock.sleep(fate.afterMs);
  await goesOn(host);
  if (!waits) caller.inFlight -= 1;
  caller.lastAnswerAtMs = clock.monotonicMs();
  if (came === undefined) return trouble(undefined);
  return fate?.fails === 'after' || (kind.redis && host.cutOff) ? trouble(came) : came.result;
}

/** Time that passes while nothing was asked ends a chain of calls. */
function begin(caller: Caller, clock: FakeClock): void {
  const nowMs = clock.monotonicMs();
  if (caller.inFlight > 0 || nowMs <= caller.lastAnswerAtMs) return;
  caller.chainSinceMs = nowMs;
  caller.seen = nothingSeen();
}

/** Resolves when the process runs; never when it is dead. */
export async function goesOn(host: Host): Promise<void> {
  while (host.paused !== undefined) await host.paused;
  if (host.dead) await new Promise<never>(() => undefined);
}

/** Kinds are made once: they are asked for at every call. */
export function kindOf(
  port: string,
  manner: CallKind['manner'],
  redis = false,
): (method: string) => CallKind {
  return (method) => {
    const key = `${port}.${method}`;
    const known = KINDS.get(key) ?? { name: key, manner, redis };
    KINDS.set(key, known);
    return known;
  };
}

const KINDS = new Map<string, CallKind>();
