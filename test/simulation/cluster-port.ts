import { refuse } from '../../src/domain/refusal.ts';
import type { Cluster, EvictOutcome, WriteOutcome } from '../../src/ports/cluster.ts';
import type { MemoryCluster } from '../doubles/memory-cluster.ts';
import { type Caller, type Calls, call, kindOf } from './caller.ts';
import type { Observer } from './observer.ts';

const UNREACHABLE = refuse('cluster_unreachable', 'The API server did not answer.', 'Try again.');
const LOST = { kind: 'unknown', why: 'the API server did not answer' } as const;

/** The cluster as one caller reaches it. */
export function clusterOf(cluster: MemoryCluster, caller: Caller, calls: Calls, observer: Observer): Cluster {
  const read = kindOf('cluster', 'read');
  const effect = kindOf('cluster', 'effect');
  const guarded = <Outcome extends WriteOutcome | EvictOutcome>(
    name: 'write' | 'evict' | 'remove',
    act: () => Promise<Outcome>,
    observed: () => void,
    happened: (outcome: Outcome) => void,
  ) => {
    observer.sends(caller, cluster);
    return call<Outcome | typeof LOST | { readonly kind: 'refused'; readonly refusal: typeof UNREACHABLE }>(
      calls,
      caller,
      effect(name),
      async () => {
        observed();
        const outcome = await act();
        happened(outcome);
        return outcome;
      },
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
    tmmState: () =>
      call(
        calls,
        caller,
        read('tmmState'),
        async () => {
          observer.readsState(caller, cluster);
          return cluster.tmmState();
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
    nextMove: (timeoutMs) =>
      call(
        calls,
        caller,
        kindOf('cluster', 'wait')('nextMove'),
        () => cluster.nextMove(timeoutMs),
        () => undefined,
      ),
    write: (difference, anchor) => {
      let before: Readonly<Record<string, string>> | undefined;
      return guarded(
        'write',
        () => cluster.write(difference, anchor),
        () => {
          before = cluster.lookup(difference.lookup)?.data;
        },
        (outcome) => observer.wrote(caller, cluster, difference, { outcome: outcome.kind, before }),
      );
    },
    evict: (pod) => {
      let effects: ReturnType<Observer['evicting']>;
      return guarded(
        'evict',
        () => cluster.evict(pod),
        () => {
          effects = observer.evicting(caller, cluster, pod);
        },
        (outcome) => effects?.(outcome.kind),
      );
    },
    remove: (pod) => {
      let effects: ReturnType<Observer['evicting']>;
      return guarded(
        'remove',
        () => cluster.remove(pod),
        () => {
          effects = observer.evicting(caller, cluster, pod);
        },
        (outcome) => effects?.(outcome.kind),
      );
    },
  };
}

/** A call that never reached the API server: sometimes that is known, sometimes not. */
function neverSent({ prng }: Calls) {
  return prng.chance(0.5) ? ({ kind: 'refused', refusal: UNREACHABLE } as const) : LOST;
}
