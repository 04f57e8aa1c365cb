import { lookupsOf, type Target } from '../../domain/bgp/target.ts';
import { type Change, isUnderWay, type Outcome } from '../../domain/change/change.ts';
import type { ChangeEvent } from '../../domain/change/events.ts';
import { isForTarget, type Plan } from '../../domain/change/plan.ts';
import type { Lease } from '../../ports/store.ts';
import type { Dependencies } from '../dependencies.ts';

/** The halt of a change whose target is no longer in the policy: its cluster is unknown. */
export function targetGone(change: Change, atMs: number): ChangeEvent {
  const { id, plan } = change;
  const sentence = `The policy has no target ${plan.target} any more.`;
  const next = `Put target ${plan.target} back into the policy and resume ${id}, or close ${id}.`;
  return leftAlone(change, { reasonCode: 'target_gone', sentence, next, atMs });
}

/** Whether a target of the policy still has the lookups and the set of TMM pods for which a plan was approved. */
export function isSameTarget(target: Target, { plan }: Change): boolean {
  return isForTarget(plan, target) && missingLookups(target, plan).length === 0;
}

/** Lookups of a plan that the target does not name any more: it would not read them, and take them for deleted. */
function missingLookups(target: Target, { cluster, differences }: Plan): readonly string[] {
  const named = new Set(lookupsOf(target).map(({ name }) => name));
  const planned = new Set([...Object.keys(cluster.lookups), ...differences.map(({ lookup }) => lookup)]);
  return [...planned].filter((lookup) => !named.has(lookup));
}

/** The halt of a change whose target now has other lookups or TMM pods: nothing was approved for these. */
export function targetChanged(change: Change, target: Target, atMs: number): ChangeEvent {
  const { id, plan } = change;
  const { name, namespace, tmm } = target;
  const was = describeTarget(plan.namespace, plan.cluster.tmm);
  const sentence = isForTarget(plan, target)
    ? `Target ${name} of the policy has no lookup ${missingLookups(target, plan).join(', ')} any more; ${id} is for it.`
    : `Target ${name} of the policy now means ${describeTarget(namespace, tmm)}; ${id} is for ${was}.`;
  const next = `Put target ${name} back as it was and resume ${id}, or close ${id}.`;
  return leftAlone(change, { reasonCode: 'target_gone', sentence, next, atMs });
}

function describeTarget(namespace: string, tmm: Pick<Target['tmm'], 'namespace' | 'selector'>): string {
  return `lookups in ${namespace} and TMM pods ${tmm.selector} in ${tmm.namespace}`;
}

/** The halt of a change whose every attempt ended with an error, even after it was requeued. */
export function givenUp(change: Change, atMs: number): ChangeEvent {
  const { id } = change;
  const sentence = 'Every attempt to continue ended with an unexpected error.';
  const next = `Look for ${id} in the bot's log, then resume ${id} or close ${id}.`;
  return leftAlone(change, { reasonCode: 'internal_error', sentence, next, atMs });
}

/** A step in progress may have been done: then the outcome is unknown. */
function leftAlone(change: Change, { sentence, ...outcome }: Outcome): ChangeEvent {
  if (!isUnderWay(change)) return { kind: 'end', state: 'halted', outcome: { ...outcome, sentence } };
  const unknown = `${sentence} Whether its last step was done is not known.`;
  return { kind: 'end', state: 'outcome_unknown', outcome: { ...outcome, sentence: unknown } };
}

/** Notes on the card, once, that an error delays the change; the error itself is in the log. */
export async function sayRetried(
  changeId: string,
  lease: Lease,
  { store, ledger }: Pick<Dependencies, 'store' | 'ledger'>,
): Promise<void> {
  const progress = `An error keeps it from continuing: it is retried every second. The bot's log has the error under ${changeId}.`;
  const change = await store.change(changeId);
  if (change === undefined || change.progress === progress) return;
  await ledger.commit(change, { kind: 'wait', progress }, 'bot', lease.fence);
}
