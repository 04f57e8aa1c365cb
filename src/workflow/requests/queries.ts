import type { ClusterQuery, LocalQuery } from '../../commands/grammar/declaration.ts';
import { planHead } from '../../commands/planning/plan-parts.ts';
import { authorize, type Facts } from '../../domain/authorization/authorize.ts';
import type { ParsedCommand } from '../../domain/change/change.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import type { AuthorizedRequest, Reply } from '../requests.ts';
import { currentSnapshot, refuseSubmission, submitPlan } from './submit-change.ts';

/** Answers at once from what the bot knows. Authorization is checked before syntax. */
export async function answerLocally(
  command: LocalQuery,
  misuse: Refusal | undefined,
  parsed: ParsedCommand,
  facts: Facts,
  { policy, registry, store, clock }: Dependencies,
): Promise<Reply> {
  const { verb, audience } = command;
  const isPublic = parsed.flags.public === true;
  const answerTo = isPublic ? 'channel' : 'person';
  const allowed = authorize(policy, facts, { kind: 'local query', verb, audience, answerTo });
  if (isRefusal(allowed)) return allowed;
  if (misuse !== undefined) return misuse;
  const answer = await command.answer(parsed, {
    person: facts.person,
    channel: facts.channel,
    membership: isRefusal(facts.membership) ? new Set() : facts.membership,
    denied: isRefusal(facts.membership) ? facts.membership : undefined,
    policy,
    commands: registry.commands,
    store,
    atMs: clock.now(),
  });
  return isRefusal(answer) ? answer : { kind: 'answer', answer, ...(isPublic ? { isPublic } : {}) };
}

/** Passes a query to a worker; where the rule names approvers, it is approved like a change first. */
export async function submitQuery(
  command: ClusterQuery,
  request: AuthorizedRequest,
  dependencies: Dependencies,
): Promise<Reply> {
  const handler = command.read(request.parsed);
  if (isRefusal(handler)) return handler;
  if (request.rule.requiredApprovals.length > 0) return submitForApproval(command, request, dependencies);
  const { requestId: id, parsed, target, person, channel, responseUrl, directly } = request;
  const { pendingQueries, store, clock } = dependencies;
  const askedAtMs = clock.now();
  await pendingQueries.keep({
    id,
    parsed,
    target: target.name,
    person,
    channel,
    askedAtMs,
    ...(responseUrl === undefined ? {} : { responseUrl }),
    ...(directly === undefined ? {} : { directly }),
  });
  await store.append({
    record: {
      atMs: askedAtMs,
      event: 'query.requested',
      actor: person,
      target: target.name,
      data: { query: id, verb: parsed.verb, args: parsed.args, channel },
    },
  });
  return { kind: 'working' };
}

async function submitForApproval(
  { verb }: ClusterQuery,
  request: AuthorizedRequest,
  dependencies: Dependencies,
): Promise<Reply> {
  const refusal = await refuseSubmission(verb, request, dependencies);
  if (refusal !== undefined) return refusal;
  const snapshot = await currentSnapshot(request, dependencies);
  if (isRefusal(snapshot)) return snapshot;
  return submitPlan(
    {
      ...planHead(verb, request.target, snapshot),
      differences: [],
      restarts: [],
      strategy: 'none',
      allowOutage: false,
      warnings: [],
    },
    undefined,
    request,
    dependencies,
  );
}
