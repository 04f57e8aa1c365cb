import { authorize } from '../../domain/authorization/authorize.ts';
import { approvalNeededAgain, lapseOf } from '../../domain/change/approval-transitions.ts';
import { approvingGroupsOf } from '../../domain/change/approvals.ts';
import { type Change, isHalted, readChangeId, unknownChange } from '../../domain/change/change.ts';
import { DECISIONS, type DecisionVerb, type MadeDecision } from '../../domain/change/decisions.ts';
import { type ChangeEvent, move } from '../../domain/change/events.ts';
import { tmmScope } from '../../domain/change/plan.ts';
import type { Membership } from '../../domain/policy/policy.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { clipWellFormed, MAX_REASON_LENGTH } from '../../domain/well-formed.ts';
import type { Dependencies } from '../dependencies.ts';
import { replan } from '../execution/replan.ts';
import { frozenNow } from '../frozen.ts';
import { type Committed, holderInTheWay, scopeHeld } from '../ledger.ts';
import { membershipOf } from '../people.ts';
import { recordRefusal } from '../record-refusal.ts';
import type { DecisionRequest, Reply } from '../requests.ts';
import { stillAuthorized } from '../still-authorized.ts';
import { readRemainingPlan } from './remaining-plan.ts';

/**
 * Applies a person's decision about a change, by button, dialog or command: one append, or a refusal. Of two concurrent decisions
 * one is appended, and the other is evaluated again against the result of the first.
 */
export async function decide(
  verb: DecisionVerb,
  request: DecisionRequest,
  dependencies: Dependencies,
): Promise<Reply> {
  const membership = await membershipOf(request.person, dependencies);
  const change = await findChange(request, dependencies);
  // Whether the change exists is not disclosed to somebody without access.
  if (isRefusal(change))
    return refused(isRefusal(membership) ? membership : change, verb, request, dependencies);
  const committed =
    verb === 'close' && change.state === 'running'
      ? await closeRunning(request, change, membership, dependencies)
      : await dependencies.ledger.commit(
          change,
          (current) => weigh(verb, request, current, membership, dependencies),
          request.person,
        );
  if (isRefusal(committed)) return refused(committed, verb, request, dependencies);
  const { change: decided, record } = committed;
  if (record.event === 'change.approval_void')
    return refused(approvalNeededAgain(decided), verb, request, dependencies);
  if (record.event !== 'change.stale') return { kind: 'card', change: decided };
  const { sentence = '', next = '' } = decided.outcome ?? {};
  return refused(refuse('stale_plan', sentence, next), verb, request, dependencies);
}

/**
 * Closes a change that is in state running without a worker: under its lease, so that no worker has it and none starts in the
 * meantime.
 */
async function closeRunning(
  request: DecisionRequest,
  change: Change,
  membership: Membership | Refusal,
  dependencies: Dependencies,
): Promise<Committed | Refusal> {
  const { ledger, leases } = dependencies;
  const allowed = await authorized('close', request, change, membership, dependencies);
  if (isRefusal(allowed)) return allowed;
  const lease = await leases.acquire(tmmScope(change.plan), `close ${change.id}`);
  try {
    return await ledger.commit(
      change,
      async (current) => {
        const event = await authorized('close', request, current, membership, dependencies);
        if (isRefusal(event) || event.kind !== 'close' || lease === undefined) return event;
        return { ...event, workerGone: true };
      },
      request.person,
      lease?.fence,
    );
  } finally {
    await lease?.release();
  }
}

/** Checks whether somebody may make this decision, before they are asked to confirm it or to give a reason. */
export async function prepareDecision(
  verb: DecisionVerb,
  request: DecisionRequest,
  dependencies: Dependencies,
): Promise<Reply> {
  const membership = await membershipOf(request.person, dependencies);
  const change = await findChange(request, dependencies);
  if (isRefusal(change))
    return refused(isRefusal(membership) ? membership : change, verb, request, dependencies);
  const event = await authorized(verb, request, change, membership, dependencies);
  const moved = isRefusal(event) ? event : move(change, event, request.person);
  if (isRefusal(moved)) return refused(moved, verb, request, dependencies);
  const { reason } = request;
  const remaining = await readRemainingPlan(verb, change, dependencies);
  return {
    kind: 'confirm',
    verb,
    change,
    ...(reason === undefined ? {} : { reason }),
    ...(remaining === undefined ? {} : { remaining }),
  };
}

/**
 * Evaluates the decision for the present state of the change: its event; *stale* when the plan does not hold any more; or that it
 * has to be approved again, when it would continue with approvals that no longer count.
 */
async function weigh(
  verb: DecisionVerb,
  request: DecisionRequest,
  change: Change,
  membership: Membership | Refusal,
  dependencies: Dependencies,
): Promise<ChangeEvent | Refusal> {
  const event = await authorized(verb, request, change, membership, dependencies);
  if (isRefusal(event)) return event;
  if (DECISIONS[verb].reason === 'required' && (request.reason ?? '').trim() === '')
    return reasonMissing(verb, change);
  const { samePlan, sameRights } = DECISIONS[verb].needs(change);
  const lapsed = sameRights && lapseOf(change, dependencies.clock.now());
  if (lapsed) return { kind: 'void approvals', ...lapsed };
  const moved = move(change, event, request.person);
  if (isRefusal(moved)) return moved;
  const goesOn = isHalted(change) && moved.next.state === 'running';
  const holder = goesOn ? await holderInTheWay(moved.next, dependencies) : undefined;
  if (holder !== undefined) return scopeHeld(holder.id);
  // Slack and the cluster may take long: freezes and deadlines are checked once more, last.
  const atLast = () => authorized(verb, request, change, membership, dependencies);
  if (sameRights) return (await refuseRights(change, dependencies)) ?? atLast();
  if (!samePlan) return event;
  const replanned = await replan(change, dependencies);
  switch (replanned.kind) {
    case 'same':
      return atLast();
    case 'unreadable':
      return replanned.refusal;
    case 'other':
      return { kind: 'mark stale', atMs: dependencies.clock.now(), fresh: replanned.fresh };
  }
}

/** Why the change may not continue with the rights under which it was started. */
async function refuseRights(
  change: Change,
  dependencies: Dependencies,
): Promise<ChangeEvent | Refusal | undefined> {
  const still = await stillAuthorized(change, dependencies);
  switch (still.kind) {
    case 'yes':
      return undefined;
    case 'void':
      return { kind: 'void approvals', ...still.approvals };
    case 'requester refused':
    case 'unknown':
      return still.refusal;
  }
}

async function authorized(
  verb: DecisionVerb,
  { person, channel, digest, haltedAtMs, reason }: DecisionRequest,
  change: Change,
  membership: Membership | Refusal,
  dependencies: Dependencies,
): Promise<ChangeEvent | Refusal> {
  const frozen = await frozenNow(change.plan, dependencies);
  const allowed = authorize(
    dependencies.policy,
    { person, channel, membership },
    { kind: 'decide', verb, change, frozen },
  );
  if (isRefusal(allowed)) return allowed;
  const said = clipWellFormed(reason?.trim() ?? '', MAX_REASON_LENGTH);
  const made: MadeDecision = {
    by: person,
    digest: digest ?? change.digest,
    groups: isRefusal(membership) ? [] : approvingGroupsOf(change, membership),
    atMs: dependencies.clock.now(),
    ...(haltedAtMs === undefined ? {} : { haltedAtMs }),
    ...(said === '' ? {} : { reason: said }),
  };
  return DECISIONS[verb].event(change, made);
}

/** The change with an id as a person types it. */
export async function findChange(
  { changeId }: Pick<DecisionRequest, 'changeId'>,
  { store }: Pick<Dependencies, 'store'>,
): Promise<Change | Refusal> {
  const id = readChangeId(changeId);
  return (await store.change(id)) ?? unknownChange(id);
}

function reasonMissing(verb: DecisionVerb, { id }: Change): Refusal {
  return refuse('reason_missing', `${verb} needs a reason.`, `Type ${verb} ${id} and a reason.`);
}

function refused(
  refusal: Refusal,
  verb: DecisionVerb,
  { person, channel, changeId, digest }: DecisionRequest,
  dependencies: Dependencies,
): Promise<Refusal> {
  const about = { person, channel, said: `${verb} ${changeId}`, change: readChangeId(changeId) };
  return recordRefusal(refusal, { ...about, ...(digest === undefined ? {} : { digest }) }, dependencies);
}
