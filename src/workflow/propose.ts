import type { ChangeCommand, ClusterQuestion } from '../commands/grammar/declaration.ts';
import { tmmCount } from '../commands/planning/restarts.ts';
import { denyHopeless } from '../domain/authority.ts';
import type { Change } from '../domain/change.ts';
import { cut } from '../domain/cut.ts';
import { describePlan } from '../domain/describe-plan.ts';
import { digestOf, type Plan } from '../domain/plan.ts';
import type { Rule } from '../domain/policy.ts';
import { isRefusal, type Refusal } from '../domain/refusal.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { transition } from '../domain/transition.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { Bot } from './bot.ts';
import type { Reply } from './reply.ts';
import type { Asked } from './requests.ts';
import { approversOf } from './who-is.ts';

/** Plans a change from the cluster as it is now, and puts it up for approval. */
export async function propose(command: ChangeCommand, rule: Rule, asked: Asked, bot: Bot): Promise<Reply> {
  const planner = command.read(asked.typed, asked.earlier);
  if (isRefusal(planner)) return planner;
  const snapshot = await look(clusterOf(asked, bot));
  if (isRefusal(snapshot)) return snapshot;
  const plan = planner(asked.target, snapshot);
  if (isRefusal(plan)) return plan;
  if (asked.typed.flags['dry-run'] === true)
    return { kind: 'answer', answer: describePlan(plan, digestOf(plan)) };
  return putUp(plan, rule, asked, bot);
}

/** Hands a question to a worker; a rule that names approvers has it approved like a change first. */
export async function proposeQuestion(
  command: ClusterQuestion,
  rule: Rule,
  asked: Asked,
  bot: Bot,
): Promise<Reply> {
  const inquiry = command.read(asked.typed);
  if (isRefusal(inquiry)) return inquiry;
  if (rule.approve.length > 0) {
    const snapshot = await look(clusterOf(asked, bot));
    if (isRefusal(snapshot)) return snapshot;
    return putUp(questionPlan(command.verb, asked, snapshot), rule, asked, bot);
  }
  const { requestId: id, typed, target, person, channel, responseUrl } = asked;
  const askedAtMs = bot.now();
  await bot.questions.keep({
    id,
    typed,
    target: target.name,
    person,
    channel,
    askedAtMs,
    ...(responseUrl === undefined ? {} : { responseUrl }),
  });
  await bot.store.append({
    record: {
      atMs: askedAtMs,
      event: 'question.asked',
      actor: person,
      target: target.name,
      data: { question: id, verb: typed.verb, args: typed.args, channel },
    },
  });
  return { kind: 'working' };
}

async function putUp(plan: Plan, rule: Rule, asked: Asked, bot: Bot): Promise<Reply> {
  const waived =
    rule.waiveRollback && (asked.earlier?.state === 'halted' || asked.earlier?.state === 'outcome_unknown');
  const hopeless = waived ? undefined : denyHopeless(rule, asked.person, await approversOf(rule, bot));
  if (hopeless !== undefined) return hopeless;
  const atMs = bot.now();
  const reason = asked.typed.flags.reason;
  const change: Change = {
    id: await bot.store.newChangeId(),
    version: 1,
    state: 'proposed',
    plan,
    digest: digestOf(plan),
    typed: asked.typed,
    requester: asked.person,
    channel: asked.channel,
    ...(typeof reason === 'string' ? { reason: cut(reason, LONGEST_REASON) } : {}),
    approvalsNeeded: waived ? 0 : rule.approvals,
    decisions: [],
    createdAtMs: atMs,
    approveByMs: atMs + rule.approveByMs,
    executeWithinMs: rule.executeByMs,
    journal: [],
  };
  const appended = await bot.store.append({
    change: { next: change, expectedVersion: 0 },
    record: {
      atMs,
      event: 'change.proposed',
      actor: asked.person,
      target: plan.target,
      change: change.id,
      digest: change.digest,
      data: { verb: plan.verb, args: asked.typed.args, plan, reason: change.reason ?? null },
    },
  });
  if (appended.kind !== 'appended') throw new Error(`proposing ${change.id}: ${appended.kind}`);
  return { kind: 'carded', change: waived ? await waive(change, bot) : change };
}

/** The policy wants no approval for the way back from a halt. */
async function waive(change: Change, { store, now }: Bot): Promise<Change> {
  const next = transition(change, { kind: 'waive', atMs: now() });
  if (isRefusal(next)) throw new Error(`waiving ${change.id}: ${next.sentence}`);
  await store.append({
    change: { next, expectedVersion: change.version },
    record: {
      atMs: now(),
      event: 'change.approved',
      actor: 'bot',
      target: change.plan.target,
      change: change.id,
      digest: change.digest,
      reasonCode: 'approval_waived',
    },
  });
  return next;
}

const LONGEST_REASON = 500;

/** The watches' picture when it is in sync, else a live one: what is approved is planned again before it runs. */
async function look(cluster: Cluster): Promise<Snapshot | Refusal> {
  return cluster.watched() ?? cluster.snapshot();
}

function clusterOf(asked: Asked, bot: Bot): Cluster {
  const cluster = bot.clusters.get(asked.target.name);
  if (cluster === undefined)
    throw new Error(`planning for ${asked.target.name}: no cluster is open for this target`);
  return cluster;
}

function questionPlan(verb: string, asked: Asked, snapshot: Snapshot): Plan {
  return {
    verb,
    target: asked.target.name,
    namespace: asked.target.namespace,
    differences: [],
    restarts: [],
    manner: 'none',
    tmmCount: tmmCount(snapshot),
    allowOutage: false,
    warnings: [],
  };
}
