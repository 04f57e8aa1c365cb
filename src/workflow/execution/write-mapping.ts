import type { Step } from '../../domain/change/change.ts';
import type { Difference } from '../../domain/change/plan.ts';
import { clipWellFormed } from '../../domain/well-formed.ts';
import { type Halt, halt, journalled, type Run } from './run.ts';

/** Writes one node's mapping, guarded by the value that the approver saw. */
export async function writeMapping(run: Run, difference: Difference): Promise<Halt | undefined> {
  const { lookup, node, before, after } = difference;
  const step: Step = { kind: 'write', lookup, node };
  if (journalled(run.change(), step, 'found') !== undefined) return undefined;
  if (journalled(run.change(), step, 'intended') === undefined) {
    await run.commit({ kind: 'intend', step, atMs: run.now(), details: { before, after } });
  }
  const outcome = await run.cluster.write(difference, await run.anchor());
  switch (outcome.kind) {
    case 'written':
    case 'already': {
      const found = after === null ? 'removed' : 'written';
      await run.commit({ kind: 'complete', step, atMs: run.now(), found });
      return undefined;
    }
    case 'differs':
      return halt(
        'mapping_changed_meanwhile',
        `${lookup} holds ${quote(outcome.actual)} for ${node}; the plan was made from ${quote(before)}. It was left alone.`,
        { next: 'Somebody else changed it meanwhile: find out who, then ask again.' },
      );
    case 'refused':
      return halt(outcome.refusal.reasonCode, `Writing ${node} in ${lookup}: ${outcome.refusal.sentence}`, {
        next: outcome.refusal.next,
      });
    case 'unknown':
      return {
        ...halt(
          'outcome_unknown',
          `Whether ${node} was written in ${lookup} cannot be told: ${outcome.why}.`,
          {
            next: `Look at it: kubectl get configmap ${lookup} -n ${run.target.namespace} -o yaml`,
          },
        ),
        state: 'outcome_unknown',
      };
  }
}

function quote(value: string | null): string {
  return value === null ? 'nothing' : JSON.stringify(clipWellFormed(value, 200));
}
