import { asClause } from '../../domain/clause.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { duration, type Halt, halt, isHalt, type Run } from './run.ts';

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
      return snapshot.clusterUid === plan.cluster.uid ? undefined : otherCluster(run, snapshot.clusterUid);
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

function otherCluster(run: Run, uid: string): Halt {
  const { target, cluster } = run.change().plan;
  return halt(
    'other_cluster',
    `Target ${target} leads to another cluster than the one in which this change began: its kube-system has uid ${uid}, not ${cluster.uid}. Nothing was done there.`,
    { next: `Look at kubeconfig and context of target ${target}, then check again.` },
  );
}
