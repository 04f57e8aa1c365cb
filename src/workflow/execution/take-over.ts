import { openInspection } from '../../commands/inspection/inspect.ts';
import { journalled } from '../../domain/change/journal.ts';
import { asClause } from '../../domain/phrasing.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { duration } from '../../domain/times.ts';
import { complete, readWithin, wasDone } from './attempt.ts';
import type { GuardedStep } from './guarded-step.ts';
import { type Halt, halt, isHalt } from './halt.ts';
import type { Run } from './run.ts';

/**
 * Before a change that started earlier continues, in this process or another one: looks up what was intended and never noted as
 * done, and checks that the target still points to the cluster for which the change was approved. Halts when it does not, or when
 * it cannot be read for too long.
 */
export async function takeOver(run: Run, steps: readonly GuardedStep[]): Promise<Halt | undefined> {
  return (await reconcileIntended(run, steps)) ?? (await sameCluster(run));
}

/**
 * A replica that died between an effect and its record left the effect open. Whatever follows, even a stop or a halt, has to know
 * its outcome: otherwise the card would say that nothing was done, and a value that somebody reverts in the meantime would be
 * written again.
 */
async function reconcileIntended(run: Run, steps: readonly GuardedStep[]): Promise<Halt | undefined> {
  const { cluster, target } = run;
  // Read again under this lease: its previous holder may have noted more since the job was taken.
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
  for (const effect of open)
    if (await wasDone(effect, inspection, run)) await complete(effect, 'byThis', run);
  return undefined;
}

/** A process keeps its kubeconfig, but another process may have taken over the change. */
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
