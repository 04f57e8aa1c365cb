import type { DecisionCommand } from '../commands/grammar/declaration.ts';
import type { Typed } from '../domain/change.ts';
import { readChangeId } from '../domain/change-id.ts';
import { cut } from '../domain/cut.ts';
import { approve } from './approve.ts';
import type { Bot } from './bot.ts';
import { askToBreakGlass } from './break-glass.ts';
import { cancel } from './cancel.ts';
import { reject } from './reject.ts';
import type { Reply } from './reply.ts';
import type { AskRequest, Click } from './requests.ts';
import { resume } from './resume.ts';
import { review } from './review.ts';

/** A typed decision is the same as a click on the card's button, and passes the same gate. */
export function decideByCommand(
  command: DecisionCommand,
  typed: Typed,
  request: AskRequest,
  bot: Bot,
): Promise<Reply> {
  const { person, channel } = request;
  const said = typed.flags.reason;
  const reason = typed.args.slice(1).join(' ') || (typeof said === 'string' ? said : '');
  const click: Click = {
    person,
    channel,
    changeId: readChangeId(typed.args[0] ?? ''),
    ...(reason === '' ? {} : { reason: cut(reason, LONGEST_REASON) }),
  };
  return DECISIONS[command.decides](click, bot);
}

const LONGEST_REASON = 500;
const DECISIONS: Record<DecisionCommand['decides'], (click: Click, bot: Bot) => Promise<Reply>> = {
  approve,
  reject,
  cancel,
  resume,
  review,
  // Typed, it is the first of two steps; the button that answers is the second.
  'break glass': askToBreakGlass,
};
