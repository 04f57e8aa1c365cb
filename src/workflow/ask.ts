import type { Command, Desk } from '../commands/grammar/declaration.ts';
import { readTyped } from '../commands/grammar/read-typed.ts';
import { checkUsage } from '../commands/grammar/usage.ts';
import { mayAsk, mayAskSomewhere } from '../domain/authority.ts';
import type { Change, Typed } from '../domain/change.ts';
import { readChangeId } from '../domain/change-id.ts';
import { decidingVerb, type Membership } from '../domain/policy.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import type { Bot } from './bot.ts';
import { chooseTarget } from './choose-target.ts';
import { decideByCommand } from './decide.ts';
import { findCommand } from './find-command.ts';
import { propose, proposeQuestion } from './propose.ts';
import { recordRefusal } from './record-refusal.ts';
import type { Reply } from './reply.ts';
import type { Asked, AskRequest } from './requests.ts';
import { settleFreeze } from './settle-freeze.ts';
import { whoIs } from './who-is.ts';

/** The first half of the story: somebody typed something; understand it, see whether they may, set it going. */
export async function ask(request: AskRequest, bot: Bot): Promise<Reply> {
  const typed = readTyped(request.text);
  return isRefusal(typed) ? refused(typed, request, bot) : askFor(typed, request, bot);
}

/** The same for words that were understood before, and are never parsed again; `again` is the change they were said for. */
export async function askFor(typed: Typed, request: AskRequest, bot: Bot, again?: Change): Promise<Reply> {
  const command = findCommand(typed.verb, bot.menu);
  if (isRefusal(command)) return refused(command, request, bot);
  const membership = await whoIs(request.person, bot);
  if (command.kind === 'desk') return answerAtDesk(command, typed, membership, request, bot);
  const misuse = checkUsage(command, typed);
  if (command.kind === 'decision') {
    // Who decides is weighed together with the change, so that the record of a refusal names it.
    if (misuse === undefined) return decideByCommand(command, typed, request, bot);
    return refused(isRefusal(membership) ? membership : misuse, request, bot);
  }
  if (isRefusal(membership)) return refused(membership, request, bot);
  if (misuse !== undefined) return refused(misuse, request, bot);
  if (command.kind === 'freeze') return settleFreeze(command, typed, membership, request, bot);
  const earlier = command.kind === 'change' && command.undoes ? await earlierChange(typed, bot) : undefined;
  if (earlier !== undefined && isRefusal(earlier)) return refused(earlier, request, bot);
  const target = chooseTarget(bot.policy, earlier?.plan.target ?? typed.flags.target);
  if (isRefusal(target)) return refused(target, request, bot);
  const asked: Asked = {
    ...request,
    typed,
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
      : await proposeQuestion(command, rule, asked, bot);
  return isRefusal(reply) ? refused(reply, request, bot, target.name) : reply;
}

async function earlierChange(typed: Typed, bot: Bot): Promise<Change | Refusal> {
  const id = readChangeId(typed.args[0] ?? '');
  const found = await bot.store.change(id);
  return found ?? refuse('unknown_change', `I know no change ${id}.`, 'Type changes to see the last ones.');
}

async function answerAtDesk(
  command: Extract<Command, { kind: 'desk' }>,
  typed: Typed,
  membership: Membership | Refusal,
  request: AskRequest,
  bot: Bot,
): Promise<Reply> {
  const denied = isRefusal(membership) ? membership : undefined;
  if (denied !== undefined && command.audience !== 'everybody') return refused(denied, request, bot);
  if (command.audience === 'askers' && !isRefusal(membership)) {
    const { channel } = request;
    const rule = mayAskSomewhere(bot.policy, { verb: command.verb, channel, membership });
    if (isRefusal(rule)) return refused(rule, request, bot);
  }
  const misuse = checkUsage(command, typed);
  if (misuse !== undefined) return refused(misuse, request, bot);
  const desk: Desk = {
    person: request.person,
    channel: request.channel,
    membership: isRefusal(membership) ? new Set() : membership,
    denied,
    policy: bot.policy,
    commands: bot.menu.commands,
    store: bot.store,
    atMs: bot.now(),
  };
  const answer = await command.answer(typed, desk);
  return isRefusal(answer) ? refused(answer, request, bot) : { kind: 'answer', answer };
}

function refused(refusal: Refusal, request: AskRequest, bot: Bot, target?: string): Promise<Refusal> {
  const { person, text: said, channel } = request;
  return recordRefusal(refusal, { person, said, channel, ...(target === undefined ? {} : { target }) }, bot);
}
