import type { ParsedCommand } from '../../domain/change/change.ts';
import type { DecisionVerb } from '../../domain/change/decisions.ts';
import { clipWellFormed, MAX_REASON_LENGTH } from '../../domain/well-formed.ts';
import { decide, prepareDecision } from '../decisions/decide.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Reply } from '../reply.ts';
import type { CommandRequest, DecisionRequest } from '../requests.ts';

/** A typed decision is the same as the button of the card. Break-glass is confirmed by a second click. */
export function decideByCommand(
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
