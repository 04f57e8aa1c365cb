import { refuse } from '../../src/domain/refusal.ts';
import type { MemoryCluster } from '../doubles/memory-cluster.ts';
import type { Caller, Calls, Host } from './caller.ts';
import { makeLookupAgain } from './cluster-events.ts';
import type { Observer } from './observer.ts';
import type { Happening } from './simulation.ts';

/** What keeps an effect from being sent, or from ending as it usually does. */
export interface EffectTrouble {
  /** Until this moment (`monotonicMs`) no credentials come with which an effect could be sent. */
  noCredentialsUntilMs: number;
  /** Happens as the next effect of this kind is about to be sent. */
  before: { write?: (host: Host) => void; evict?: (host: Host) => void };
  /** How the next deletions end that are sent at once, the first one first. */
  deletions: ('refused' | 'not answered')[];
}

export const EFFECT_EVENTS: readonly Happening[] = [
  {
    name: 'credentials do not come',
    weight: 0.7,
    happens({ calls: { clock, effectTrouble }, prng }) {
      effectTrouble.noCredentialsUntilMs = clock.monotonicMs() + prng.pick([1_000, 3_000, 8_000, 20_000]);
      return true;
    },
  },
  {
    name: 'Redis is lost while an eviction waits for credentials',
    weight: 0.7,
    happens(sim) {
      const { calls, prng, replicas } = sim;
      calls.effectTrouble.before.evict = ({ name }) => {
        const replica = replicas.find((one) => one.name === name);
        if (replica === undefined || sim.calm) return;
        calls.effectTrouble.noCredentialsUntilMs = calls.clock.monotonicMs() + prng.between(2_000, 4_500);
        replica.cutOff = true;
        calls.clock.after(prng.pick([2_000, 8_000]), () => {
          replica.cutOff = false;
        });
      };
      return true;
    },
  },
  {
    name: 'a lookup is made again between the look and a write',
    weight: 0.4,
    happens(sim) {
      sim.calls.effectTrouble.before.write = () => void makeLookupAgain(sim);
      return true;
    },
  },
  {
    name: 'of two deletions one is refused and the other not answered',
    weight: 0.4,
    happens({ calls: { effectTrouble } }) {
      effectTrouble.deletions = ['refused', 'not answered'];
      return true;
    },
  },
];

export function noEffectTrouble(): EffectTrouble {
  return { noCredentialsUntilMs: 0, before: {}, deletions: [] };
}

/** What was to happen as such an effect is about to be sent, happens once. */
export function meets(kind: 'write' | 'evict', host: Host, { effectTrouble }: Calls): void {
  const { [kind]: happens, ...others } = effectTrouble.before;
  if (happens === undefined) return;
  effectTrouble.before = others;
  happens(host);
}

const ASKED_EVERY_MS = 100;

/** An effect that may be sent now. */
export interface Sending {
  /** Its caller with what it had seen when it set out to send it. */
  readonly caller: Caller;
  /**
   * How long it went on waiting for credentials, idle and alive, though it was not to act any more; undefined where it waited for
   * none.
   */
  readonly lostForMs: number | undefined;
}

/** Resolves when there are credentials; to undefined when `stop` aborts before. */
export async function credentialsCome(
  caller: Caller,
  { clock, effectTrouble }: Calls,
  observer: Observer,
  stop: AbortSignal | undefined,
): Promise<Sending | undefined> {
  const { host } = caller;
  const sender = { ...caller };
  let lostForMs = 0;
  for (;;) {
    if (stop?.aborted) return undefined;
    const leftMs = effectTrouble.noCredentialsUntilMs - clock.monotonicMs();
    if (leftMs <= 0) return { caller: sender, lostForMs };
    const ms = Math.min(leftMs, ASKED_EVERY_MS);
    // While it waits for an answer it cannot know better, and while it stands still nothing passes for it.
    const counts = caller.inFlight === 0 && host.paused === undefined && !observer.mayAct(caller);
    await clock.sleep(ms);
    if (host.paused !== undefined) await host.paused;
    else if (counts) lostForMs += ms;
    if (host.dead) await new Promise<never>(() => undefined);
  }
}

const FORBIDDEN = refuse(
  'cluster_forbidden',
  'An admission policy refuses the deletion.',
  'Ask who keeps it.',
);
const AWAY = refuse('cluster_unreachable', 'The API server is away.', 'Try again.');
const AWAY_FOR_MS = 30_000;

/** How a deletion ends, where it does not end as usual: after an answer that is lost the API server is away. */
export async function troubledDeletion(
  cluster: MemoryCluster,
  { clock, effectTrouble }: Calls,
  act: () => Promise<unknown>,
) {
  const [how, ...next] = effectTrouble.deletions;
  if (how === undefined) return undefined;
  effectTrouble.deletions = next;
  if (how === 'refused') return { kind: 'refused', refusal: FORBIDDEN } as const;
  await act();
  cluster.unreachable = AWAY;
  clock.after(AWAY_FOR_MS, () => {
    cluster.unreachable = undefined;
  });
  return { kind: 'unknown', why: 'the API server did not answer' } as const;
}
