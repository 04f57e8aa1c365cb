import { anchorText } from '../../domain/audit/anchor.ts';
import type { Inspection } from '../../domain/bgp/inspection.ts';
import type { Target } from '../../domain/bgp/target.ts';
import { type Baseline, EVICTED_BY_OTHERS, WRITTEN_BY_OTHERS } from '../../domain/change/change.ts';
import type { Difference, Plan, Step } from '../../domain/change/plan.ts';
import { type EvictedPod, whereabouts } from '../../domain/checks/check.ts';
import { mappingDiffers, mappingWritten } from '../../domain/checks/mapping.ts';
import { podsOn, replacementsOf } from '../../domain/checks/replacements.ts';
import { asClause } from '../../domain/phrasing.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { EvictOutcome, KeyWrite, PodReference, WriteOutcome } from '../../ports/cluster.ts';
import type { Attempt, Effect } from './guarded-step.ts';
import { type Halt, halt, haltOn } from './halt.ts';

/** A TMM pod that a plan restarts. */
export interface PlannedPod {
  readonly name: string;
  readonly uid: string;
  readonly node: string;
}

/** A JSON Patch of one key, guarded by the value that the approver saw and by the identity of its ConfigMap. */
export function writeEffect(
  difference: Difference,
  { cluster }: Pick<Plan, 'cluster'>,
  { namespace }: Target,
): Effect {
  const { lookup, node, before, after } = difference;
  const step: Step = { kind: 'write', lookup, node };
  const unknown: Effect['unknown'] = (why) =>
    outcomeUnknown(
      `Whether ${node} was written in ${lookup} is unknown: ${asClause(why)}.`,
      `kubectl get configmap ${lookup} -n ${namespace} -o yaml`,
    );
  const lookupUid = cluster.lookups[lookup];
  const write: KeyWrite = { ...difference, ...(lookupUid === undefined ? {} : { lookupUid }) };
  return {
    step,
    doing: `Writing ${node} in ${lookup}`,
    found: { byThis: after === null ? 'removed' : 'written', byOthers: WRITTEN_BY_OTHERS },
    details: () => ({ before, after }),
    act: async (run, permit) =>
      written(await run.cluster.write(write, await run.anchor(), permit), difference, unknown),
    isDone: (inspection) => mappingWritten(inspection, difference).kind === 'pass',
    isNoted: ({ lookups }, records) =>
      records.some((record) => anchorText(record) === lookups.get(lookup)?.anchor),
    unknown,
  };
}

/** The eviction of exactly this pod, which respects PodDisruptionBudgets. */
export function evictEffect(pod: PlannedPod, target: Target): Effect {
  const effect = podEffect(pod, target, 'evicted');
  return {
    ...effect,
    doing: `Evicting ${pod.name}`,
    details: (before) => ({ before }),
    act: async ({ cluster }, permit) =>
      gone(await cluster.evict(reference(pod, target), permit), `Evicting ${pod.name}`, effect.unknown),
  };
}

/** The deletion of exactly this pod, regardless of PodDisruptionBudgets. */
export function deleteEffect(pod: PlannedPod, target: Target): Effect {
  const effect = podEffect(pod, target, 'deleted');
  return {
    ...effect,
    doing: `Deleting ${pod.name}`,
    details: () => ({ atOnce: true }),
    act: async ({ cluster }, permit) =>
      gone(await cluster.remove(reference(pod, target), permit), `Deleting ${pod.name}`, effect.unknown),
  };
}

function podEffect(
  { name, uid, node }: PlannedPod,
  { tmm: { namespace, selector } }: Target,
  found: 'evicted' | 'deleted',
): Pick<Effect, 'step' | 'found' | 'check' | 'evicts' | 'isDone' | 'unknown'> {
  return {
    step: { kind: 'evict', node, pod: name, uid },
    found: { byThis: found, byOthers: EVICTED_BY_OTHERS },
    check: {
      step: { kind: 'check', node, pod: name, uid },
      found: (inspection, before) => established(inspection, { uid, node }, before),
    },
    evicts: { uid, node },
    isDone: ({ pods }) => !pods.some((pod) => pod.uid === uid && !pod.terminating),
    unknown: (why) =>
      outcomeUnknown(
        `Whether ${name} was ${found} is unknown: ${asClause(why)}.`,
        `kubectl get pods -n ${namespace} -l ${selector} -o wide`,
      ),
  };
}

/** The replacements, with their sessions as just read. */
function established(inspection: Inspection, evicted: EvictedPod, before: Baseline): string {
  const seen = replacementsOf(inspection, [evicted], before).map((pod) => `${whereabouts(pod)} Established`);
  const gone = podsOn(inspection, evicted.node).length === 0 ? [`no TMM on ${evicted.node}`] : [];
  return [...gone, ...seen].join(', ');
}

function reference({ name, uid }: PlannedPod, { tmm: { namespace } }: Target): PodReference {
  return { namespace, name, uid };
}

function written(outcome: WriteOutcome, difference: Difference, unknown: Effect['unknown']): Attempt {
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
      return { kind: 'not answered', why: outcome.why, unknown: unknown(outcome.why) };
  }
}

function gone(outcome: EvictOutcome, doing: string, unknown: Effect['unknown']): Attempt {
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'done' };
    case 'gone':
      return { kind: 'done already' };
    case 'blocked':
      return { kind: 'blocked', why: outcome.why };
    case 'refused':
      return refused(doing, outcome.refusal);
    case 'unknown':
      return { kind: 'not answered', why: outcome.why, unknown: unknown(outcome.why) };
  }
}

/** A request that was not sent may be tried again; one that the server refused would be refused again. */
function refused(doing: string, refusal: Refusal): Attempt {
  const { reasonCode, sentence, next } = refusal;
  if (reasonCode === 'cluster_unreachable') return { kind: 'not sent', refusal };
  return halt(reasonCode, `${doing}: ${sentence}`, { next });
}

/** Neither known to have happened nor known not to: the cluster does not show it, so a person checks and decides. */
function outcomeUnknown(sentence: string, lookWith: string): Halt {
  const outcome = halt('outcome_unknown', sentence, { next: `Look at it: ${lookWith}` });
  return { ...outcome, state: 'outcome_unknown' };
}
