import { openInspection } from '../../commands/inspection/inspect.ts';
import { journalled } from '../../domain/change/journal.ts';
import { asClause } from '../../domain/clause.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { complete, readWithin } from './attempt.ts';
import type { GuardedStep } from './guarded-step.ts';
import { duration, type Halt, halt, isHalt, type Run } from './run.ts';

/**
 * Before a change that began earlier goes on, in this process or another one: what was intended and never noted as done is looked for,
 * and the target still leads to the cluster for which it was approved. Halts when it does not, or cannot be read for too long.
 */
export async function takeOver(run: Run, steps: readonly GuardedStep[]): Promise<Halt | undefined> {
  return (await reconcileIntended(run, steps)) ?? (await sameCluster(run));
}

/**
 * A replica that died between an effect and its record left it open. Whatever comes next, a stop or a halt as well, has to know it:
 * else the card says that nothing was done, and what somebody sets back meanwhile is written again.
 */
async function reconcileIntended(run: Run, steps: readonly GuardedStep[]): Promise<Halt | undefined> {
  const { cluster, target } = run;
  // The change as it is under this lease: whoever had it before may have noted more since the job was taken up.
  await run.stoppedByPeople();
  const change = run.change();
  const open = steps
    .flatMap(({ effects }) => effects)
    .filter(
      ({ step }) =>
        journalled(change, step, 'intended') !== undefined && journalled(change, step, 'found') === undefined,
    );
  const [first] = open;
  if (first === undefined) return undefined;
  const unknown = first.unknown('the bot was interrupted before it recorded the result');
  const { evictionTimeoutMs } = target.timeouts;
  const found = await readWithin(evictionTimeoutMs, unknown.sentence, run, () => cluster.snapshot());
  if (found === undefined) return unknown;
  if (found.clusterUid !== change.plan.cluster.uid) return undefined;
  const inspection = openInspection(target, found);
  for (const effect of open) if (effect.isDone(inspection)) await complete(effect, 'byThis', run);
  return undefined;
}

/** A process keeps its kubeconfig, but another one may take the change up. */
async function sameCluster(run: Run): Promise<Halt | undefined> {
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
    `Target ${target} now points to a different cluster from the one in which this change started: its kube-system has uid ${uid}, not ${cluster.uid}. Nothing was done there.`,
    { next: `Check kubeconfig and context of target ${target}, then check again.` },
  );
}
