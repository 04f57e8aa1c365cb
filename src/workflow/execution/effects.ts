import type { Inspection } from '../../domain/bgp/inspection.ts';
import type { Target } from '../../domain/bgp/target.ts';
import { type Baseline, type Step, TAKEN_BY_OTHERS, WRITTEN_BY_OTHERS } from '../../domain/change/change.ts';
import type { Difference, Plan } from '../../domain/change/plan.ts';
import { type EvictedPod, whereabouts } from '../../domain/checks/check.ts';
import { mappingDiffers, mappingWritten } from '../../domain/checks/mapping.ts';
import { podsOn, replacementsOf } from '../../domain/checks/replacements.ts';
import { asClause } from '../../domain/clause.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { EvictOutcome, KeyWrite, PodReference, WriteOutcome } from '../../ports/cluster.ts';
import type { Attempt, Effect } from './guarded-step.ts';
import { halt, haltOn } from './run.ts';

/** A TMM pod that a plan restarts. */
export interface PlannedPod {
  readonly name: string;
  readonly uid: string;
  readonly node: string;
}

/** One JSON Patch of one key, guarded by the value that the approver saw and by the ConfigMap in which it stood. */
export function writeMapping(
  difference: Difference,
  { cluster }: Pick<Plan, 'cluster'>,
  { namespace }: Target,
): Effect {
  const { lookup, node, before, after } = difference;
  const step: Step = { kind: 'write', lookup, node };
  const lookupUid = cluster.lookups[lookup];
  const write: KeyWrite = { ...difference, ...(lookupUid === undefined ? {} : { lookupUid }) };
  return {
    step,
    doing: `Writing ${node} in ${lookup}`,
    found: { byThis: after === null ? 'removed' : 'written', byOthers: WRITTEN_BY_OTHERS },
    details: () => ({ before, after }),
    act: async (run, stop) =>
      written(await run.cluster.write(write, await run.anchor(), stop), difference, namespace),
    isDone: (inspection) => mappingWritten(inspection, difference).kind === 'pass',
  };
}

/** The eviction of exactly this pod, which heeds PodDisruptionBudgets. */
export function evictPod(pod: PlannedPod, target: Target): Effect {
  return {
    ...podEffect(pod),
    doing: `Evicting ${pod.name}`,
    found: { byThis: 'evicted', byOthers: TAKEN_BY_OTHERS },
    details: (before) => ({ before }),
    act: async ({ cluster }, stop) =>
      evicted(await cluster.evict(reference(pod, target), stop), 'evicted', pod, target),
  };
}

/** The deletion of exactly this pod, whatever any PodDisruptionBudget says. */
export function deletePod(pod: PlannedPod, target: Target): Effect {
  return {
    ...podEffect(pod),
    doing: `Deleting ${pod.name}`,
    found: { byThis: 'deleted', byOthers: TAKEN_BY_OTHERS },
    details: () => ({ atOnce: true }),
    act: async ({ cluster }, stop) =>
      evicted(await cluster.remove(reference(pod, target), stop), 'deleted', pod, target),
  };
}

function podEffect({ name, uid, node }: PlannedPod): Pick<Effect, 'step' | 'check' | 'evicts' | 'isDone'> {
  return {
    step: { kind: 'evict', node, pod: name, uid },
    check: {
      step: { kind: 'check', node, pod: name, uid },
      found: (inspection, before) => established(inspection, { uid, node }, before),
    },
    evicts: { uid, node },
    isDone: ({ pods }) => !pods.some((pod) => pod.uid === uid && !pod.terminating),
  };
}

/** Who is there instead, with sessions that were just seen. */
function established(inspection: Inspection, evicted: EvictedPod, before: Baseline): string {
  const seen = replacementsOf(inspection, [evicted], before).map((pod) => `${whereabouts(pod)} Established`);
  const gone = podsOn(inspection, evicted.node).length === 0 ? [`no TMM on ${evicted.node}`] : [];
  return [...gone, ...seen].join(', ');
}

function reference({ name, uid }: PlannedPod, { tmm: { namespace } }: Target): PodReference {
  return { namespace, name, uid };
}

function written(outcome: WriteOutcome, difference: Difference, namespace: string): Attempt {
  const { lookup, node } = difference;
  switch (outcome.kind) {
    case 'written':
      return { kind: 'done' };
    case 'already':
      return { kind: 'done already' };
    case 'differs':
      return haltOn(mappingDiffers(difference, outcome.actual));
    case 'refused':
      return refused(`Writing ${node} in ${lookup}`, outcome.refusal);
    case 'unknown':
      return unknown(
        `Whether ${node} was written in ${lookup} cannot be told: ${asClause(outcome.why)}.`,
        `kubectl get configmap ${lookup} -n ${namespace} -o yaml`,
      );
  }
}

function evicted(
  outcome: EvictOutcome,
  found: 'evicted' | 'deleted',
  { name }: PlannedPod,
  { tmm: { namespace, selector } }: Target,
): Attempt {
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'done' };
    case 'gone':
      return { kind: 'done already' };
    case 'blocked':
      return { kind: 'blocked', why: outcome.why };
    case 'refused':
      return refused(`${found === 'evicted' ? 'Evicting' : 'Deleting'} ${name}`, outcome.refusal);
    case 'unknown':
      return unknown(
        `Whether ${name} was ${found} cannot be told: ${asClause(outcome.why)}.`,
        `kubectl get pods -n ${namespace} -l ${selector} -o wide`,
      );
  }
}

/** What could not be asked may be asked again; what the server refused, it refuses the next time too. */
function refused(doing: string, refusal: Refusal): Attempt {
  const { reasonCode, sentence, next } = refusal;
  if (reasonCode === 'cluster_unreachable') return { kind: 'not sent', refusal };
  return halt(reasonCode, `${doing}: ${sentence}`, { next });
}

/** Neither known to have happened nor known not to: where the cluster does not tell, a person looks and decides. */
function unknown(sentence: string, lookWith: string): Attempt {
  const outcome = halt('outcome_unknown', sentence, { next: `Look at it: ${lookWith}` });
  return { kind: 'not answered', unknown: { ...outcome, state: 'outcome_unknown' } };
}
