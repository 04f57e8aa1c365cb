import type { Command } from '../../commands/grammar/declaration.ts';
import { parseCommand } from '../../commands/grammar/parse-command.ts';
import { checkUsage } from '../../commands/grammar/usage.ts';
import { type Allowed, authorize, type Facts } from '../../domain/authorization/authorize.ts';
import type { ParsedCommand } from '../../domain/change/change.ts';
import { commandText } from '../../domain/change/command-text.ts';
import type { Person } from '../../domain/person.ts';
import type { Membership, Rule } from '../../domain/policy/policy.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { findChange } from '../decisions/decide.ts';
import type { Dependencies } from '../dependencies.ts';
import { frozenNow } from '../frozen.ts';
import { membershipOf } from '../people.ts';
import type { CommandRequest } from '../requests.ts';
import { chooseTarget, findCommand } from './find-command.ts';
import { authorizeRequest } from './submit.ts';
import { refuseSubmission } from './submit-change.ts';

/** What the policy says about a command if this person typed it now, and which rule decides. */
export interface Explanation {
  readonly membership: Membership;
  /** Undefined when it is refused before a rule is found, or needs none. */
  readonly rule: Rule | undefined;
  readonly refusal: Refusal | undefined;
}

type Known = Pick<Dependencies, 'policy' | 'registry' | 'people' | 'store' | 'teamId' | 'clock'>;

/** Decides like `submit`, without side effects: nothing is recorded, and the cluster is not read. */
export async function explain(
  { person, channel, text }: { readonly person: Person; readonly channel: string; readonly text: string },
  known: Known,
): Promise<Explanation> {
  const facts: Facts = { person, channel, membership: await membershipOf(person, known) };
  const membership: Membership = isRefusal(facts.membership) ? new Set() : facts.membership;
  const parsed = parseCommand(text, {
    command: known.policy.command,
    commands: known.registry.commands,
  });
  if (isRefusal(parsed)) return { membership, ...verdict(parsed) };
  const command = findCommand(parsed.verb, known.registry);
  if (isRefusal(command)) return { membership, ...verdict(command) };
  return { membership, ...(await verdictOn(command, parsed, facts, known)) };
}

type Verdict = Omit<Explanation, 'membership'>;

async function verdictOn(
  command: Command,
  parsed: ParsedCommand,
  facts: Facts,
  known: Known,
): Promise<Verdict> {
  const { policy } = known;
  const { verb } = command;
  if (command.kind !== 'local query') {
    const early = isRefusal(facts.membership) ? facts.membership : checkUsage(command, parsed);
    if (early !== undefined) return verdict(early);
  }
  switch (command.kind) {
    case 'local query': {
      const answerTo = parsed.flags.public === true ? 'channel' : 'person';
      const { audience } = command;
      const allowed = authorize(policy, facts, { kind: 'local query', verb, audience, answerTo });
      return verdict(isRefusal(allowed) ? allowed : (checkUsage(command, parsed) ?? allowed));
    }
    case 'decision': {
      const change = await findChange({ changeId: parsed.args[0] ?? '' }, known);
      if (isRefusal(change)) return verdict(change);
      const frozen = await frozenNow(change.plan, known);
      return verdict(authorize(policy, facts, { kind: 'decide', verb: command.decides, change, frozen }));
    }
    case 'freeze': {
      const named = parsed.flags.target === undefined ? undefined : chooseTarget(policy, parsed.flags.target);
      if (named !== undefined && isRefusal(named)) return verdict(named);
      return verdict(authorize(policy, facts, { kind: 'freeze', verb, target: named?.name }));
    }
    case 'query':
    case 'change':
      return requestVerdict(command, parsed, facts, known);
  }
}

async function requestVerdict(
  command: Extract<Command, { kind: 'query' | 'change' }>,
  parsed: ParsedCommand,
  facts: Facts,
  known: Known,
): Promise<Verdict> {
  const { person, channel } = facts;
  const request: CommandRequest = { requestId: '', person, channel, text: commandText(parsed) };
  const submission = { parsed, request, facts, reRequestOf: undefined };
  const authorized = await authorizeRequest(command, submission, known);
  if ('reply' in authorized) return verdict(authorized.reply);
  const { rule } = authorized;
  // A query is submitted like a change where its rule names approvers.
  const submits = command.kind === 'change' || rule.requiredApprovals.length > 0;
  if (!submits || parsed.flags['dry-run'] === true) return { rule, refusal: undefined };
  return { rule, refusal: await refuseSubmission(command.verb, authorized, known) };
}

function verdict(answer: Allowed | Refusal): Verdict {
  return isRefusal(answer) ? { rule: undefined, refusal: answer } : { rule: answer.rule, refusal: undefined };
}
