import { refuse } from '../../src/domain/refusal.ts';
import type { Cluster, EvictOutcome, Permit, WriteOutcome } from '../../src/ports/cluster.ts';
import type { MemoryCluster } from '../doubles/memory-cluster.ts';
import { type Caller, type Calls, call, kindOf } from './caller.ts';
import { credentialsCome, meets, troubledDeletion } from './effect-trouble.ts';
import type { Observer } from './observer.ts';

const UNREACHABLE = refuse('cluster_unreachable', 'The API server did not answer.', 'Try again.');
const NOT_SENT = {
  kind: 'refused',
  refusal: refuse(
    'cluster_unreachable',
    'Nothing was sent: somebody stopped the change first.',
    'Try again in a moment.',
  ),
} as const;
const LOST = { kind: 'unknown', why: 'the API server did not answer' } as const;

/** The cluster as one caller reaches it. */
export function clusterOf(cluster: MemoryCluster, caller: Caller, calls: Calls, observer: Observer): Cluster {
  const read = kindOf('cluster', 'read');
  const effect = kindOf('cluster', 'effect');
  const guarded = async <Outcome extends WriteOutcome | EvictOutcome>(
    name: 'write' | 'evict' | 'remove',
    permit: Permit | undefined,
    act: (sender: Caller) => Promise<Outcome>,
  ) => {
    if (name !== 'remove') meets(name, caller.host, calls);
    const sending =
      calls.effectTrouble.noCredentialsUntilMs > calls.clock.monotonicMs()
        ? await credentialsCome(caller, calls, observer, permit?.signal)
        : { caller, lostForMs: undefined };
    if (sending === undefined || permit?.holds() === false) return NOT_SENT;
    observer.sends(caller, cluster, sending.lostForMs);
    return call<Outcome | typeof LOST | { readonly kind: 'refused'; readonly refusal: typeof UNREACHABLE }>(
      calls,
      caller,
      effect(name),
      () => act(sending.caller),
      (came) => (came === undefined ? neverSent(calls) : LOST),
    );
  };
  return {
    cachedSnapshot: () => cluster.cachedSnapshot(),
    snapshot: (scope) =>
      call(
        calls,
        caller,
        read('snapshot'),
        async () => {
          observer.readsState(caller, cluster);
          return cluster.snapshot(scope);
        },
        () => UNREACHABLE,
      ),
    tmmState: (of) =>
      call(
        calls,
        caller,
        read('tmmState'),
        async () => {
          observer.readsState(caller, cluster);
          return cluster.tmmState(of);
        },
        () => UNREACHABLE,
      ),
    imish: (pod, command) =>
      call(
        calls,
        caller,
        read('imish'),
        async () => {
          // Of sessions a configuration says nothing.
          if (command !== 'show running-config') observer.readsPod(caller, cluster, pod);
          return cluster.imish(pod, command);
        },
        () => ({ ok: false, why: 'exec: the kubelet did not answer' }),
      ),
    nextChange: (timeoutMs) =>
      call(
        calls,
        caller,
        kindOf('cluster', 'wait')('nextChange'),
        () => cluster.nextChange(timeoutMs),
        () => undefined,
      ),
    write: (difference, anchor, permit) =>
      guarded('write', permit, async (sender) => {
        const before = cluster.lookup(difference.lookup);
        const outcome = await cluster.write(difference, anchor);
        observer.wrote(sender, cluster, difference, { outcome: outcome.kind, before });
        return outcome;
      }),
    evict: (pod, permit) =>
      guarded('evict', permit, async (sender) => {
        const happened = observer.evicting(sender, cluster, pod);
        const outcome = await cluster.evict(pod);
        happened?.(outcome.kind);
        return outcome;
      }),
    remove: (pod, permit) =>
      guarded('remove', permit, async (sender) => {
        const remove = async (): Promise<EvictOutcome> => {
          const happened = observer.evicting(sender, cluster, pod);
          const outcome = await cluster.remove(pod);
          happened?.(outcome.kind);
          return outcome;
        };
        return (await troubledDeletion(cluster, calls, remove)) ?? remove();
      }),
  };
}

/** A call that never reached the API server: sometimes that is known, sometimes not. */
function neverSent({ prng }: Calls) {
  return prng.chance(0.5) ? ({ kind: 'refused', refusal: UNREACHABLE } as const) : LOST;
}
