import type { Target } from '../../domain/bgp/target.ts';
import { type Change, isUnderWay, type Outcome } from '../../domain/change/change.ts';
import type { ChangeEvent } from '../../domain/change/events.ts';
import type { Lease } from '../../ports/store.ts';
import type { Dependencies } from '../dependencies.ts';

/** The halt of a change whose target is not in the policy any more: nobody can say where its cluster is. */
export function targetGone(change: Change, atMs: number): ChangeEvent {
  const { id, plan } = change;
  const sentence = `The policy has no target ${plan.target} any more.`;
  const next = `Put target ${plan.target} back into the policy and resume ${id}, or close ${id}.`;
  return leftAlone(change, { reasonCode: 'target_gone', sentence, next, atMs });
}

/** Whether a target of the policy means the namespace of lookups and the set of TMM pods for which a plan was approved. */
export function isSameTarget({ namespace, tmm }: Target, { plan }: Change): boolean {
  const planned = plan.cluster.tmm;
  return (
    namespace === plan.namespace && tmm.namespace === planned.namespace && tmm.selector === planned.selector
  );
}

/** The halt of a change whose target means other lookups or TMM pods by now: nothing was approved for these. */
export function targetChanged(change: Change, { name, namespace, tmm }: Target, atMs: number): ChangeEvent {
  const { id, plan } = change;
  const was = describeTarget(plan.namespace, plan.cluster.tmm);
  const sentence = `Target ${name} of the policy means ${describeTarget(namespace, tmm)} by now; ${id} is for ${was}.`;
  const next = `Put target ${name} back as it was and resume ${id}, or close ${id}.`;
  return leftAlone(change, { reasonCode: 'target_gone', sentence, next, atMs });
}

function describeTarget(namespace: string, tmm: Pick<Target['tmm'], 'namespace' | 'selector'>): string {
  return `lookups in ${namespace} and TMM pods ${tmm.selector} in ${tmm.namespace}`;
}

/** The halt of a change whose every attempt ended with an error, again after it was taken up once more. */
export function givenUp(change: Change, atMs: number): ChangeEvent {
  const { id } = change;
  const sentence = 'Every attempt to go on ended with an error that the bot does not know.';
  const next = `Look for ${id} in the bot's log, then resume ${id} or close ${id}.`;
  return leftAlone(change, { reasonCode: 'internal_error', sentence, next, atMs });
}

/** What was begun may have been done: then nobody knows. */
function leftAlone(change: Change, { sentence, ...outcome }: Outcome): ChangeEvent {
  if (!isUnderWay(change)) return { kind: 'end', state: 'halted', outcome: { ...outcome, sentence } };
  const unknown = `${sentence} Whether its last step was done is not known.`;
  return { kind: 'end', state: 'outcome_unknown', outcome: { ...outcome, sentence: unknown } };
}

/** Says on the card, once, that an error keeps the change from going on; its words are in the log. */
export async function sayRetried(
  changeId: string,
  lease: Lease,
  { store, ledger }: Pick<Dependencies, 'store' | 'ledger'>,
): Promise<void> {
  const progress = `An error keeps it from going on: it is tried again every second. The bot's log has the error at ${changeId}.`;
  const change = await store.change(changeId);
  if (change === undefined || change.progress === progress) return;
  await ledger.commit(change, { kind: 'wait', progress }, 'bot', lease.fence);
}
