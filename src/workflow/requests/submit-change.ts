import type { ChangeCommand } from '../../commands/grammar/declaration.ts';
import { authorize } from '../../domain/authorization/authorize.ts';
import type { Snapshot } from '../../domain/bgp/snapshot.ts';
import { isHalted, type ParsedCommand } from '../../domain/change/change.ts';
import { describePlan } from '../../domain/change/describe-plan.ts';
import type { Impact } from '../../domain/change/impact.ts';
import { digestOf, type Plan } from '../../domain/change/plan.ts';
import { type Person, samePerson } from '../../domain/person.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { clipWellFormed, MAX_REASON_LENGTH } from '../../domain/well-formed.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { Dependencies } from '../dependencies.ts';
import { frozenNow } from '../frozen.ts';
import { approversOf } from '../people.ts';
import type { AuthorizedRequest, Reply } from '../requests.ts';
import { carriedOverApprovals } from './carried-over-approvals.ts';

/** Plans a change from the live cluster, reads its live impact, and submits both for approval; `--dry-run` only shows them. */
export async function submitChange(
  command: ChangeCommand,
  typed: AuthorizedRequest,
  dependencies: Dependencies,
): Promise<Reply> {
  const unresolved = command.read(typed.parsed, typed.earlier);
  if (isRefusal(unresolved)) return unresolved;
  const dryRun = typed.parsed.flags['dry-run'] === true;
  const refusal = dryRun ? undefined : await refuseSubmission(command.verb, typed, dependencies);
  if (refusal !== undefined) return refusal;
  const planned = await planChange(command, typed, dependencies);
  if (isRefusal(planned)) return planned;
  const { plan, impact, request } = planned;
  return dryRun
    ? {
        kind: 'answer',
        answer: describePlan(plan, digestOf(plan), impact),
        // With the displayed names, and the flags as typed: their resolved values cannot be typed.
        proposes: withoutDryRun({ ...request.parsed, flags: typed.parsed.flags }),
      }
    : submitPlan(plan, impact, request, dependencies);
}

/** The plan with its live impact, and the request with names in place of words that only the TMM pods can resolve. */
export async function planChange(
  command: ChangeCommand,
  typed: AuthorizedRequest,
  dependencies: Dependencies,
): Promise<PlannedChange | Refusal> {
  const snapshot = await currentSnapshot(typed, dependencies);
  if (isRefusal(snapshot)) return snapshot;
  const cluster = clusterOf(typed, dependencies);
  const parsed = (await command.resolve?.(typed.parsed, typed.target, snapshot, cluster)) ?? typed.parsed;
  if (isRefusal(parsed)) return parsed;
  const request = { ...typed, parsed };
  const planner = command.read(parsed, typed.earlier);
  if (isRefusal(planner)) return planner;
  const plan = planner(request.target, snapshot);
  if (isRefusal(plan)) return plan;
  const impact = await dependencies.readImpact(plan, request.target, snapshot, cluster);
  return { plan, impact, request };
}

interface PlannedChange {
  readonly plan: Plan;
  readonly impact: Impact | undefined;
  readonly request: AuthorizedRequest;
}

function withoutDryRun({ verb, args, flags }: ParsedCommand): ParsedCommand {
  const { 'dry-run': _, ...rest } = flags;
  return { verb, args, flags: rest };
}

/** Why nothing may be submitted now: a freeze, too few approvers, or break-glass without the right to it. */
export async function refuseSubmission(
  verb: string,
  request: AuthorizedRequest,
  dependencies: Pick<Dependencies, 'policy' | 'registry' | 'people' | 'store' | 'teamId' | 'clock'>,
): Promise<Refusal | undefined> {
  const { rule, parsed, person, channel, membership, target } = request;
  const approvalWaived = isApprovalWaived(request);
  const allowed = authorize(
    dependencies.policy,
    { person, channel, membership },
    {
      kind: 'submit',
      rule,
      target: target.name,
      breakGlass: parsed.flags['break-glass'] === true,
      frozen: await frozenNow({ verb, target: target.name }, dependencies),
      approvalWaived,
      approvers: approvalWaived ? undefined : await approversOf(rule, authorsOf(request), dependencies),
    },
  );
  return isRefusal(allowed) ? allowed : undefined;
}

/** Proposes the plan as a change that waits for its approvals. */
export async function submitPlan(
  plan: Plan,
  impact: Impact | undefined,
  request: AuthorizedRequest,
  dependencies: Dependencies,
): Promise<Reply> {
  const { rule, parsed, person, channel } = request;
  const authors = authorsOf(request);
  const { reason } = parsed.flags;
  const digest = digestOf(plan);
  const requiredApprovals = isApprovalWaived(request) ? [] : rule.requiredApprovals;
  const atMs = dependencies.clock.now();
  const change = await dependencies.ledger.propose(
    {
      id: await dependencies.store.newChangeId(),
      plan,
      digest,
      ...(impact === undefined ? {} : { impact }),
      parsed,
      requester: person,
      authors,
      channel,
      ...(typeof reason === 'string' ? { reason: clipWellFormed(reason, MAX_REASON_LENGTH) } : {}),
      requiredApprovals,
      breakGlass: rule.breakGlass,
      decisions: await carriedOverApprovals({ digest, authors, requiredApprovals, rule }, dependencies),
      createdAtMs: atMs,
      approveByMs: atMs + rule.approveByMs,
      executeWithinMs: rule.executeByMs,
    },
    person,
  );
  return { kind: 'card', change };
}

/** From the watches when they are in sync, otherwise from a live read: what is approved is planned again before it runs. */
export async function currentSnapshot(
  request: AuthorizedRequest,
  dependencies: Dependencies,
): Promise<Snapshot | Refusal> {
  const cluster = clusterOf(request, dependencies);
  return cluster.cachedSnapshot() ?? cluster.snapshot();
}

function clusterOf({ target }: AuthorizedRequest, { clusters }: Dependencies): Cluster {
  const cluster = clusters.get(target.name);
  if (cluster === undefined)
    throw new Error(`planning for ${target.name}: no cluster is open for this target`);
  return cluster;
}

/** The policy may require no approval for the rollback of a halted change. */
function isApprovalWaived({ rule, earlier }: AuthorizedRequest): boolean {
  return rule.waiveRollback && earlier !== undefined && isHalted(earlier);
}

/** The requester of an earlier, identical command is an author as well. */
function authorsOf({ person, reRequestOf }: AuthorizedRequest): readonly Person[] {
  const earlier = reRequestOf?.authors ?? [];
  return [...earlier.filter((author) => !samePerson(author, person)), person];
}
