import type { DecisionCommand } from '../../commands/grammar/declaration.ts';
import type { ParsedCommand } from '../../domain/change/change.ts';
import { readChangeId } from '../../domain/change/change-id.ts';
import { clipWellFormed } from '../../domain/well-formed.ts';
import { approve } from '../decisions/approve.ts';
import { askToBreakGlass } from '../decisions/break-glass.ts';
import { cancel } from '../decisions/cancel.ts';
import { reject } from '../decisions/reject.ts';
import { resume } from '../decisions/resume.ts';
import { review } from '../decisions/review.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Reply } from '../reply.ts';
import type { CommandRequest, DecisionRequest } from '../requests.ts';

/** A typed decision is the same as a click on the card's button, and passes the same gate. */
export function decideByCommand(
  command: DecisionCommand,
  parsed: ParsedCommand,
  request: CommandRequest,
  bot: Dependencies,
): Promise<Reply> {
  const { person, channel } = request;
  const said = parsed.flags.reason;
  const reason = parsed.args.slice(1).join(' ') || (typeof said === 'string' ? said : '');
  const click: DecisionRequest = {
    person,
    channel,
    changeId: readChangeId(parsed.args[0] ?? ''),
    ...(reason === '' ? {} : { reason: clipWellFormed(reason, MAX_REASON_LENGTH) }),
  };
  return DECISIONS[command.decides](click, bot);
}

const MAX_REASON_LENGTH = 500;
const DECISIONS: Record<
  DecisionCommand['decides'],
  (click: DecisionRequest, bot: Dependencies) => Promise<Reply>
> = {
  approve,
  reject,
  cancel,
  resume,
  review,
  // Typed, it is the first of two steps; the button that answers is the second.
  'break-glass': askToBreakGlass,
};
