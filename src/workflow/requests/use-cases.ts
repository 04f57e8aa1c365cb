import type { DecisionVerb, FollowUp } from '../../domain/change/decisions.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { decide, prepareDecision } from '../decisions/decide.ts';
import type { Dependencies } from '../dependencies.ts';
import { recordRefusal } from '../record-refusal.ts';
import type { Reply } from '../reply.ts';
import type { CommandRequest, DecisionRequest } from '../requests.ts';
import { followUp } from './follow-ups.ts';
import { submit } from './submit.ts';

/** Everything that people can do, for whatever brings their requests here. */
export interface UseCases {
  submit(request: CommandRequest): Promise<Reply>;
  decide(verb: DecisionVerb, request: DecisionRequest): Promise<Reply>;
  /** Whether this person may, before they are asked for a reason or to confirm. */
  prepareDecision(verb: DecisionVerb, request: DecisionRequest): Promise<Reply>;
  followUp(kind: FollowUp, request: DecisionRequest): Promise<Reply>;
  /** Records what could not be read as a request; resolves to the same refusal. */
  refuseUnreadable(
    refusal: Refusal,
    who: Pick<DecisionRequest, 'person' | 'channel'>,
    said: string,
  ): Promise<Refusal>;
}

export function openUseCases(dependencies: Dependencies): UseCases {
  return {
    submit: (request) => submit(request, dependencies),
    decide: (verb, request) => decide(verb, request, dependencies),
    prepareDecision: (verb, request) => prepareDecision(verb, request, dependencies),
    followUp: (kind, request) =>
      followUp(kind, { ...request, requestId: dependencies.newId() }, dependencies),
    refuseUnreadable: (refusal, who, said) => recordRefusal(refusal, { ...who, said }, dependencies),
  };
}
