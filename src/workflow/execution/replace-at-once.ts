import type { Step } from '../../domain/change/change.ts';
import type { NodeRestart } from '../../domain/change/plan.ts';
import { baselineOf } from './baseline.ts';
import { checkAfterEviction } from './check-after-eviction.ts';
import { type Halt, halt, journalled, type Run } from './run.ts';

/** The doc's `kubectl delete pods -l app=f5-tmm`: all these pods at the same time, then every gate for what comes after them. */
export async function replaceAtOnce(run: Run, restarts: readonly NodeRestart[]): Promise<Halt | undefined> {
  const steps = restarts.flatMap(({ node, pods }) =>
    pods.map(({ name, uid }): Extract<Step, { uid: string }> => ({ kind: 'evict', node, pod: name, uid })),
  );
  const uids = steps.map(({ uid }) => uid);
  const [first] = steps;
  if (first === undefined) return undefined;
  const baseline = journalled(run.change(), first, 'intended')?.before ?? (await baselineOf(run, uids));
  if ('kind' in baseline) return baseline;
  for (const step of steps) {
    if (journalled(run.change(), step, 'intended') !== undefined) continue;
    const intend = { kind: 'intend' as const, step, atMs: run.now(), before: baseline };
    await run.commit({ ...intend, details: { atOnce: true } });
  }
  const due = steps.filter((step) => journalled(run.change(), step, 'found') === undefined);
  const { namespace } = run.target.tmm;
  const outcomes = await Promise.all(
    due.map(async (step) => ({
      step,
      outcome: await run.cluster.remove({ namespace, name: step.pod, uid: step.uid }),
    })),
  );
  for (const { step, outcome } of outcomes) {
    if (outcome.kind === 'accepted' || outcome.kind === 'gone') {
      await run.commit({ kind: 'complete', step, atMs: run.now(), found: 'deleted' });
      continue;
    }
    if (outcome.kind === 'refused')
      return halt(outcome.refusal.reasonCode, outcome.refusal.sentence, { next: outcome.refusal.next });
    return {
      ...halt('outcome_unknown', `Whether ${step.pod} was deleted cannot be told: ${outcome.why}.`),
      state: 'outcome_unknown',
    };
  }
  const checked = await checkAfterEviction(run, uids, baseline);
  if ('kind' in checked) return checked;
  for (const { node, pod, uid } of steps) {
    const step: Step = { kind: 'check', node, pod, uid };
    if (journalled(run.change(), step, 'found') !== undefined) continue;
    const { found } = checked;
    await run.commit({ kind: 'complete', step, atMs: run.now(), found });
  }
  return undefined;
}
