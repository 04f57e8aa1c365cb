import type { Command, LocalQueryContext } from '../../commands/grammar/declaration.ts';
import { parseCommand } from '../../commands/grammar/parse-command.ts';
import { checkUsage } from '../../commands/grammar/usage.ts';
import { denyChannel, mayAsk, mayAskSomewhere } from '../../domain/authorization/authorize.ts';
import type { Change, ParsedCommand } from '../../domain/change/change.ts';
import { readChangeId } from '../../domain/change/change-id.ts';
import { decidingVerb, type Membership } from '../../domain/policy/policy.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import { recordRefusal } from '../record-refusal.ts';
import type { Reply } from '../reply.ts';
import type { AuthorizedRequest, CommandRequest } from '../requests.ts';
import { whoIs } from '../who-is.ts';
import { chooseTarget } from './choose-target.ts';
import { decideByCommand } from './decide-by-command.ts';
import { declareFreeze } from './declare-freeze.ts';
import { findCommand } from './find-command.ts';
import { propose, submitQuery } from './plan-change.ts';

/** The first half of the story: somebody typed something; understand it, see whether they may, set it going. */
export async function ask(request: CommandRequest, bot: Dependencies): Promise<Reply> {
  const parsed = parseCommand(request.text);
  return isRefusal(parsed) ? refused(parsed, request, bot) : askFor(parsed, request, bot);
}

/** The same for words that were understood before, and are never parsed again; `again` is the change they were said for. */
export async function askFor(
  parsed: ParsedCommand,
  request: CommandRequest,
  bot: Dependencies,
  again?: Change,
): Promise<Reply> {
  const command = findCommand(parsed.verb, bot.registry);
  if (isRefusal(command)) return refused(command, request, bot);
  const membership = await whoIs(request.person, bot);
  if (command.kind === 'local query') return answerAtDesk(command, parsed, membership, request, bot);
  const misuse = checkUsage(command, parsed);
  if (command.kind === 'decision') {
    // Who decides is weighed together with the change, so that the record of a refusal names it.
    if (misuse === undefined) return decideByCommand(command, parsed, request, bot);
    return refused(isRefusal(membership) ? membership : misuse, request, bot);
  }
  if (isRefusal(membership)) return refused(membership, request, bot);
  if (misuse !== undefined) return refused(misuse, request, bot);
  if (command.kind === 'freeze') return declareFreeze(command, parsed, membership, request, bot);
  const earlier = command.kind === 'change' && command.undoes ? await earlierChange(parsed, bot) : undefined;
  if (earlier !== undefined && isRefusal(earlier)) return refused(earlier, request, bot);
  const target = chooseTarget(bot.policy, earlier?.plan.target ?? parsed.flags.target);
  if (isRefusal(target)) return refused(target, request, bot);
  const asked: AuthorizedRequest = {
    ...request,
    parsed,
    target,
    membership,
    ...(earlier === undefined ? {} : { earlier }),
    ...(again === undefined ? {} : { again }),
  };
  const verb = decidingVerb(bot.policy, command.verb, earlier?.plan.verb);
  const rule = mayAsk(bot.policy, { ...asked, verb, target: target.name });
  if (isRefusal(rule)) return refused(rule, request, bot, target.name);
  const reply =
    command.kind === 'change'
      ? await propose(command, rule, asked, bot)
      : await submitQuery(command, rule, asked, bot);
  return isRefusal(reply) ? refused(reply, request, bot, target.name) : reply;
}

async function earlierChange(parsed: ParsedCommand, bot: Dependencies): Promise<Change | Refusal> {
  const id = readChangeId(parsed.args[0] ?? '');
  const found = await bot.store.change(id);
  return found ?? refuse('unknown_change', `I know no change ${id}.`, 'Type changes to see the last ones.');
}

async function answerAtDesk(
  command: Extract<Command, { kind: 'local query' }>,
  parsed: ParsedCommand,
  membership: Membership | Refusal,
  request: CommandRequest,
  bot: Dependencies,
): Promise<Reply> {
  const denied = isRefusal(membership) ? membership : undefined;
  if (denied !== undefined && command.audience !== 'everybody') return refused(denied, request, bot);
  if (command.audience === 'requesters' && !isRefusal(membership)) {
    const { channel } = request;
    const rule = mayAskSomewhere(bot.policy, { verb: command.verb, channel, membership });
    if (isRefusal(rule)) return refused(rule, request, bot);
  }
  const isPublic = parsed.flags.public === true;
  const misuse =
    checkUsage(command, parsed) ?? (isPublic ? denyChannel(bot.policy, request.channel) : undefined);
  if (misuse !== undefined) return refused(misuse, request, bot);
  const context: LocalQueryContext = {
    person: request.person,
    channel: request.channel,
    membership: isRefusal(membership) ? new Set() : membership,
    denied,
    policy: bot.policy,
    commands: bot.registry.commands,
    store: bot.store,
    atMs: bot.now(),
  };
  const answer = await command.answer(parsed, context);
  return isRefusal(answer)
    ? refused(answer, request, bot)
    : { kind: 'answer', answer, ...(isPublic && { isPublic }) };
}

function refused(
  refusal: Refusal,
  request: CommandRequest,
  bot: Dependencies,
  target?: string,
): Promise<Refusal> {
  const { person, text: said, channel } = request;
  return recordRefusal(refusal, { person, said, channel, ...(target === undefined ? {} : { target }) }, bot);
}
