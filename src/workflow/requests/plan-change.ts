import type { ChangeCommand, ClusterQuery } from '../../commands/grammar/declaration.ts';
import { tmmCount } from '../../commands/planning/restarts.ts';
import type { Snapshot } from '../../domain/bgp/snapshot.ts';
import { describePlan } from '../../domain/change/describe-plan.ts';
import { digestOf, type Plan } from '../../domain/change/plan.ts';
import { frozenRefusal } from '../../domain/policy/freeze.ts';
import { holds, type Rule } from '../../domain/policy/policy.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { Dependencies } from '../dependencies.ts';
import { frozen } from '../frozen.ts';
import type { Reply } from '../reply.ts';
import type { AuthorizedRequest } from '../requests.ts';
import { breaksGlass, submitChange } from './submit-change.ts';

/** Plans a change from the cluster as it is now, and puts it up for approval. */
export async function propose(
  command: ChangeCommand,
  rule: Rule,
  asked: AuthorizedRequest,
  bot: Dependencies,
): Promise<Reply> {
  const planner = command.read(asked.parsed, asked.earlier);
  if (isRefusal(planner)) return planner;
  const dry = asked.parsed.flags['dry-run'] === true;
  const denied = dry ? undefined : await denyNow(command.verb, rule, asked, bot);
  if (denied !== undefined) return denied;
  const snapshot = await look(clusterOf(asked, bot));
  if (isRefusal(snapshot)) return snapshot;
  const plan = planner(asked.target, snapshot);
  if (isRefusal(plan)) return plan;
  if (dry) return { kind: 'answer', answer: describePlan(plan, digestOf(plan)) };
  return submitChange(plan, rule, asked, bot);
}

/** A freeze, or a wish to break the glass without the right to. */
async function denyNow(
  verb: string,
  rule: Rule,
  asked: AuthorizedRequest,
  bot: Dependencies,
): Promise<Refusal | undefined> {
  if (breaksGlass(asked))
    return holds(rule.breakGlass, asked.membership) ? undefined : refuseBreakGlass(rule);
  const target = asked.target.name;
  const freeze = await frozen({ verb, target }, bot);
  return freeze === undefined ? undefined : frozenRefusal(freeze, target);
}

/** Hands a question to a worker; a rule that names approvers has it approved like a change first. */
export async function submitQuery(
  command: ClusterQuery,
  rule: Rule,
  asked: AuthorizedRequest,
  bot: Dependencies,
): Promise<Reply> {
  const handler = command.read(asked.parsed);
  if (isRefusal(handler)) return handler;
  if (rule.requiredApprovals.length > 0) {
    const snapshot = await look(clusterOf(asked, bot));
    if (isRefusal(snapshot)) return snapshot;
    return submitChange(queryPlan(command.verb, asked, snapshot), rule, asked, bot);
  }
  const { requestId: id, parsed, target, person, channel, responseUrl } = asked;
  const askedAtMs = bot.now();
  await bot.pendingQueries.keep({
    id,
    parsed,
    target: target.name,
    person,
    channel,
    askedAtMs,
    ...(responseUrl === undefined ? {} : { responseUrl }),
  });
  await bot.store.append({
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

function refuseBreakGlass({ name, breakGlass }: Rule): Refusal {
  const who = breakGlass.length === 0 ? 'nobody' : breakGlass.join(', ');
  return refuse(
    'not_allowed',
    `You may not break the glass: rule "${name}" gives this right to ${who}.`,
    'Ask without --break-glass.',
  );
}

/** The watches' picture when it is in sync, else a live one: what is approved is planned again before it runs. */
async function look(cluster: Cluster): Promise<Snapshot | Refusal> {
  return cluster.cachedSnapshot() ?? cluster.snapshot();
}

function clusterOf(asked: AuthorizedRequest, bot: Dependencies): Cluster {
  const cluster = bot.clusters.get(asked.target.name);
  if (cluster === undefined)
    throw new Error(`planning for ${asked.target.name}: no cluster is open for this target`);
  return cluster;
}

function queryPlan(verb: string, asked: AuthorizedRequest, snapshot: Snapshot): Plan {
  return {
    verb,
    target: asked.target.name,
    namespace: asked.target.namespace,
    differences: [],
    restarts: [],
    strategy: 'none',
    tmmCount: tmmCount(snapshot),
    allowOutage: false,
    warnings: [],
  };
}
