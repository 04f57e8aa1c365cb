import { openInspection } from '../../commands/inspection/inspect.ts';
import { journalled } from '../../domain/change/journal.ts';
import { asClause } from '../../domain/clause.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { GuardedStep } from './guarded-step.ts';
import { duration, type Halt, halt, type Run } from './run.ts';

const READ_EVERY_MS = 1_000;

/**
 * What an earlier worker set out to do without noting what became of it is looked for in the cluster, whoever said stop meanwhile: a stop
 * tells what was done. Where the cluster cannot be read for as long as the step may wait, a person looks and decides.
 */
export async function findBegun(steps: readonly GuardedStep[], run: Run): Promise<Halt | undefined> {
  const { clock, cluster, target } = run;
  // Reads the change as it is under this lease; whether somebody said stop is asked once more afterwards.
  await run.stoppedByPeople();
  const begun = steps
    .flatMap(({ effects }) => effects)
    .filter(
      ({ step }) =>
        journalled(run.change(), step, 'intended') !== undefined &&
        journalled(run.change(), step, 'found') === undefined,
    );
  const sinceMs = clock.monotonicMs();
  while (begun.length > 0) {
    run.assertLease();
    const snapshot = await cluster.snapshot();
    if (!isRefusal(snapshot)) {
      // Nothing of what was begun is in another cluster, which says nothing about it.
      if (snapshot.clusterUid !== run.change().plan.cluster.uid) return undefined;
      const inspection = openInspection(target, snapshot);
      for (const { step, found, isDone } of begun)
        if (isDone(inspection))
          await run.commit({ kind: 'complete', step, atMs: clock.now(), found: found.byThis });
      return undefined;
    }
    const forMs = clock.monotonicMs() - sinceMs;
    const said = `${begun.map(({ doing }) => doing).join(', ')}: whether it was done before is not known, as the cluster cannot be read (${asClause(snapshot.sentence)})`;
    if (forMs >= target.timeouts.evictionTimeoutMs) {
      const unknown = halt('outcome_unknown', `${said} for ${duration(forMs)}.`, { next: snapshot.next });
      return { ...unknown, state: 'outcome_unknown' };
    }
    await run.sayProgress('begun', `${said}, ${duration(forMs)}`);
    await clock.sleep(READ_EVERY_MS, run.signal);
  }
  return undefined;
}
