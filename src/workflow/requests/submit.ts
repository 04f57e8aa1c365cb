import type { ChangeCommand, Command } from '../../commands/grammar/declaration.ts';
import { parseCommand } from '../../commands/grammar/parse-command.ts';
import { checkUsage } from '../../commands/grammar/usage.ts';
import { authorize, type Facts } from '../../domain/authorization/authorize.ts';
import type { Change, ParsedCommand } from '../../domain/change/change.ts';
import type { DecisionVerb } from '../../domain/change/decisions.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { clipWellFormed, MAX_REASON_LENGTH } from '../../domain/well-formed.ts';
import { decide, findChange, prepareDecision } from '../decisions/decide.ts';
import type { Dependencies } from '../dependencies.ts';
import { membershipOf } from '../people.ts';
import { recordRefusal } from '../record-refusal.ts';
import type { AuthorizedRequest, CommandRequest, DecisionRequest, Reply } from '../requests.ts';
import { declareFreeze } from './declare-freeze.ts';
import { chooseTarget, findCommand } from './find-command.ts';
import { menuOf } from './menu.ts';
import { answerLocally, submitQuery } from './queries.ts';
import { submitChange } from './submit-change.ts';

/** Handles a typed command: parse, authorize, plan, one commit. A refusal is recorded and returned. */
export async function submit(request: CommandRequest, dependencies: Dependencies): Promise<Reply> {
  const parsed = parse(request.text, dependencies);
  if (isRefusal(parsed)) return refused(parsed, request, dependencies);
  const reply = await submitParsed(parsed, request, dependencies);
  return request.text.trim() === '' && reply.kind === 'answer'
    ? menuReply(request, reply, dependencies)
    : reply;
}

function parse(text: string, { policy, registry }: Dependencies): ParsedCommand | Refusal {
  return parseCommand(text, { command: policy.command, commands: registry.commands });
}

/** The slash command without a text opens the menu; a person who may not read its help gets no menu either. */
async function menuReply(
  { person }: CommandRequest,
  reply: Reply & { readonly kind: 'answer' },
  dependencies: Dependencies,
): Promise<Reply> {
  const membership = await membershipOf(person, dependencies, 'cached');
  return isRefusal(membership) ? reply : { kind: 'menu', menu: menuOf(person, membership, dependencies) };
}

/** Answers a typed command while nothing can be written. Refusals would have to be recorded, so there are none. */
export async function answerWithoutWriting(
  request: CommandRequest,
  dependencies: Dependencies,
): Promise<Reply | undefined> {
  const parsed = parse(request.text, dependencies);
  const command = isRefusal(parsed) ? parsed : findCommand(parsed.verb, dependencies.registry);
  if (isRefusal(parsed) || isRefusal(command) || command.kind !== 'local query') return undefined;
  const facts: Facts = { ...request, membership: await membershipOf(request.person, dependencies, 'cached') };
  const reply = await answerLocally(command, checkUsage(command, parsed), parsed, facts, dependencies);
  return isRefusal(reply) ? undefined : reply;
}

/** Like `submit`, for a command that is already parsed: its words are data, and never parsed again. */
export async function submitParsed(
  parsed: ParsedCommand,
  request: CommandRequest,
  dependencies: Dependencies,
  reRequestOf?: Change,
): Promise<Reply> {
  const command = findCommand(parsed.verb, dependencies.registry);
  if (isRefusal(command)) return refused(command, request, dependencies);
  const misuse = checkUsage(command, parsed);
  // A decision is authorized together with its change, and its refusal is recorded with it.
  if (command.kind === 'decision' && misuse === undefined)
    return decideByCommand(command.decides, parsed, request, dependencies);
  const asOf = command.kind === 'change' || command.kind === 'freeze' ? 'now' : 'cached';
  const membership = await membershipOf(request.person, dependencies, asOf);
  const facts: Facts = { ...request, membership };
  const reply = await replyTo(command, misuse, { parsed, request, facts, reRequestOf }, dependencies);
  return isRefusal(reply.reply)
    ? refused(withForm(reply.reply, command), request, dependencies, reply.target)
    : reply.reply;
}

/** Missing arguments of a change command can be filled in; a person without access is refused by the form. */
function withForm(refusal: Refusal, { kind, verb }: Command): Refusal {
  return refusal.reasonCode === 'missing_argument' && kind === 'change'
    ? { ...refusal, form: verb }
    : refusal;
}

interface Submission {
  readonly parsed: ParsedCommand;
  readonly request: CommandRequest;
  readonly facts: Facts;
  readonly reRequestOf: Change | undefined;
}

/** The reply, and its target, as far as that is known. */
interface TargetedReply<Said extends Reply = Reply> {
  readonly reply: Said;
  readonly target?: string;
}

async function replyTo(
  command: Command,
  misuse: Refusal | undefined,
  submission: Submission,
  dependencies: Dependencies,
): Promise<TargetedReply> {
  const { parsed, facts } = submission;
  if (command.kind !== 'local query') {
    const early = isRefusal(facts.membership) ? facts.membership : misuse;
    if (early !== undefined) return { reply: early };
  }
  switch (command.kind) {
    case 'local query':
      return { reply: await answerLocally(command, misuse, parsed, facts, dependencies) };
    case 'decision':
      throw new Error(`submitting ${command.verb}: a decision has a way of its own`);
    case 'freeze':
      return { reply: await declareFreeze(command, parsed, facts, dependencies) };
    case 'query':
    case 'change': {
      const authorized = await authorizeRequest(command, submission, dependencies);
      if ('reply' in authorized) return authorized;
      const reply =
        command.kind === 'change'
          ? await submitChange(command, authorized, dependencies)
          : await submitQuery(command, authorized, dependencies);
      return { reply, target: authorized.target.name };
    }
  }
}

/** The rule that allows this request, and its target; or the refusal. */
export async function authorizeRequest(
  command: Extract<Command, { kind: 'query' | 'change' }>,
  { parsed, request, facts, reRequestOf }: Submission,
  dependencies: Pick<Dependencies, 'policy' | 'store'>,
): Promise<AuthorizedRequest | TargetedReply<Refusal>> {
  const { policy } = dependencies;
  const earlier = undoes(command)
    ? await findChange({ changeId: parsed.args[0] ?? '' }, dependencies)
    : undefined;
  if (earlier !== undefined && isRefusal(earlier)) return { reply: earlier };
  const target = chooseTarget(policy, earlier?.plan.target ?? parsed.flags.target);
  if (isRefusal(target)) return { reply: target };
  const undone = earlier?.plan.rollsBack?.verb ?? earlier?.plan.verb;
  const allowed = authorize(policy, facts, {
    kind: 'request',
    verb: command.verb,
    target: target.name,
    ...(undone === undefined ? {} : { undoes: undone }),
  });
  if (isRefusal(allowed)) return { reply: allowed, target: target.name };
  if (allowed.rule === undefined || isRefusal(facts.membership))
    throw new Error(`submitting ${command.verb}: it was allowed without a rule`);
  return {
    ...request,
    parsed,
    target,
    membership: facts.membership,
    rule: allowed.rule,
    ...(earlier === undefined ? {} : { earlier }),
    ...(reRequestOf === undefined ? {} : { reRequestOf }),
  };
}

function undoes(command: Extract<Command, { kind: 'query' | 'change' }>): command is ChangeCommand {
  return command.kind === 'change' && command.undoes === true;
}

function refused(
  refusal: Refusal,
  { person, text: said, channel }: CommandRequest,
  dependencies: Dependencies,
  target?: string,
): Promise<Refusal> {
  return recordRefusal(
    refusal,
    { person, said, channel, ...(target === undefined ? {} : { target }) },
    dependencies,
  );
}

/** A typed decision equals the button of the card. Break-glass is confirmed by a second click. */
function decideByCommand(
  verb: DecisionVerb,
  { args, flags }: ParsedCommand,
  { person, channel }: CommandRequest,
  dependencies: Dependencies,
): Promise<Reply> {
  const typed = args.slice(1).join(' ') || (typeof flags.reason === 'string' ? flags.reason : '');
  const request: DecisionRequest = {
    person,
    channel,
    changeId: args[0] ?? '',
    ...(typed === '' ? {} : { reason: clipWellFormed(typed, MAX_REASON_LENGTH) }),
  };
  return (verb === 'break-glass' ? prepareDecision : decide)(verb, request, dependencies);
}
