import type { Change } from '../../domain/change/change.ts';
import { digestOf, type Plan } from '../../domain/change/plan.ts';
import { asClause } from '../../domain/clause.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import { duration, type Halt, halt, isHalt, type Run } from './run.ts';

/** Whether the live cluster would give the plan that was approved, another one, or cannot be read. */
export type Replanned =
  | { readonly kind: 'same' }
  | { readonly kind: 'other'; readonly fresh: Plan | Refusal }
  | { readonly kind: 'unreadable'; readonly refusal: Refusal };

/**
 * Plans a change again from the cluster as it is now. A query that needs approval has no plan to compare, but it too is
 * approved for one cluster.
 */
export async function replan(
  change: Change,
  bot: Pick<Dependencies, 'policy' | 'registry' | 'clusters' | 'store'>,
): Promise<Replanned> {
  const command = bot.registry.find(change.parsed.verb);
  const target = bot.policy.targets.find(({ name }) => name === change.plan.target);
  const cluster = bot.clusters.get(change.plan.target);
  if (command === undefined || target === undefined || cluster === undefined) {
    const sentence = `Target ${change.plan.target} or the verb ${change.parsed.verb} is not there any more.`;
    return { kind: 'other', fresh: refuse('stale_plan', sentence, 'Ask for it again.') };
  }
  const snapshot = await cluster.snapshot();
  if (isRefusal(snapshot)) return { kind: 'unreadable', refusal: snapshot };
  if (snapshot.clusterUid !== change.plan.cluster.uid)
    return { kind: 'other', fresh: otherCluster(change, snapshot.clusterUid) };
  if (command.kind !== 'change') return { kind: 'same' };
  const undone = change.plan.rollsBack?.change;
  const earlier = undone === undefined ? undefined : await bot.store.change(undone);
  const planner = command.read(change.parsed, earlier);
  if (isRefusal(planner)) return { kind: 'other', fresh: planner };
  const fresh = planner(target, snapshot);
  if (isRefusal(fresh)) return { kind: 'other', fresh };
  return digestOf(fresh) === change.digest ? { kind: 'same' } : { kind: 'other', fresh };
}

/** Whatever it holds, nobody approved anything for it. */
function otherCluster({ state, plan: { target, cluster } }: Change, uid: string): Refusal {
  const known = state === 'proposed' ? 'it was planned for' : 'was approved';
  return refuse(
    'other_cluster',
    `This is another cluster than the one that ${known}: its kube-system has uid ${uid}, not ${cluster.uid}.`,
    `Look at kubeconfig and context of target ${target}; ask for it again if they are as they should be.`,
  );
}

/**
 * Before a change that began earlier is gone on with: the target still leads to the cluster for which it was approved. A
 * process keeps its kubeconfig, but another one may take the change up. Halts when it does not, or cannot be read for too long.
 */
export async function sameCluster(run: Run): Promise<Halt | undefined> {
  const { plan } = run.change();
  const { sessionTimeoutMs } = run.target.timeouts;
  const sinceMs = run.clock.monotonicMs();
  for (;;) {
    const snapshot = await run.unlessStopped(() => run.cluster.snapshot());
    if (isHalt(snapshot)) return snapshot;
    if (!isRefusal(snapshot))
      return snapshot.clusterUid === plan.cluster.uid
        ? undefined
        : haltInOtherCluster(run, snapshot.clusterUid);
    const { reasonCode, sentence, next } = snapshot;
    const forMs = run.clock.monotonicMs() - sinceMs;
    const said = `The cluster cannot be read (${asClause(sentence)})`;
    if (forMs >= sessionTimeoutMs) return halt(reasonCode, `${said} for ${duration(forMs)}.`, { next });
    await run.sayProgress('unreadable', `${said}, ${duration(forMs)}`);
    const stopped = await run.rest(PAUSE_MS);
    if (stopped !== undefined) return stopped;
  }
}

const PAUSE_MS = 2_000;

function haltInOtherCluster(run: Run, uid: string): Halt {
  const { target, cluster } = run.change().plan;
  return halt(
    'other_cluster',
    `Target ${target} leads to another cluster than the one in which this change began: its kube-system has uid ${uid}, not ${cluster.uid}. Nothing was done there.`,
    { next: `Look at kubeconfig and context of target ${target}, then check again.` },
  );
}
