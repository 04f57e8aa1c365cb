import type { ChangeCommand, ClusterQuestion } from '../commands/grammar/declaration.ts';
import { tmmCount } from '../commands/planning/restarts.ts';
import { describePlan } from '../domain/describe-plan.ts';
import { frozenRefusal } from '../domain/freeze.ts';
import { digestOf, type Plan } from '../domain/plan.ts';
import { holds, type Rule } from '../domain/policy.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { Bot } from './bot.ts';
import { frozen } from './frozen.ts';
import { breaksGlass, putUp } from './put-up.ts';
import type { Reply } from './reply.ts';
import type { Asked } from './requests.ts';

/** Plans a change from the cluster as it is now, and puts it up for approval. */
export async function propose(command: ChangeCommand, rule: Rule, asked: Asked, bot: Bot): Promise<Reply> {
  const planner = command.read(asked.typed, asked.earlier);
  if (isRefusal(planner)) return planner;
  const dry = asked.typed.flags['dry-run'] === true;
  const denied = dry ? undefined : await denyNow(command.verb, rule, asked, bot);
  if (denied !== undefined) return denied;
  const snapshot = await look(clusterOf(asked, bot));
  if (isRefusal(snapshot)) return snapshot;
  const plan = planner(asked.target, snapshot);
  if (isRefusal(plan)) return plan;
  if (dry) return { kind: 'answer', answer: describePlan(plan, digestOf(plan)) };
  return putUp(plan, rule, asked, bot);
}

/** A freeze, or a wish to break the glass without the right to. */
async function denyNow(verb: string, rule: Rule, asked: Asked, bot: Bot): Promise<Refusal | undefined> {
  if (breaksGlass(asked)) return holds(rule.breakGlass, asked.membership) ? undefined : noGlass(rule);
  const target = asked.target.name;
  const freeze = await frozen({ verb, target }, bot);
  return freeze === undefined ? undefined : frozenRefusal(freeze, target);
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
  if (rule.quorum.length > 0) {
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

function noGlass({ name, breakGlass }: Rule): Refusal {
  const who = breakGlass.length === 0 ? 'nobody' : breakGlass.join(', ');
  return refuse(
    'not_allowed',
    `You may not break the glass: rule "${name}" gives this right to ${who}.`,
    'Ask without --break-glass.',
  );
}

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
