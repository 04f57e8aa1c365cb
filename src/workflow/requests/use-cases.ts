import type { FollowUp } from '../../domain/change/buttons.ts';
import { type ParsedCommand, readChangeId } from '../../domain/change/change.ts';
import { commandText } from '../../domain/change/command-text.ts';
import type { DecisionVerb } from '../../domain/change/decisions.ts';
import { STATE_WORDS } from '../../domain/change/describe-state.ts';
import type { Person } from '../../domain/person.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { RequestLimiter } from '../../ports/request-limiter.ts';
import { Unreadable } from '../../ports/store.ts';
import { decide, findChange, prepareDecision } from '../decisions/decide.ts';
import type { Dependencies } from '../dependencies.ts';
import { membershipOf } from '../people.ts';
import { recordRefusal } from '../record-refusal.ts';
import type { CommandRequest, DecisionRequest, Reply } from '../requests.ts';
import { answerWithoutWriting, submit, submitParsed } from './submit.ts';

/** Everything that people can do, whichever way their requests arrive. */
export interface UseCases {
  submit(request: CommandRequest): Promise<Reply>;
  /** The same for a command chosen in a form: its words are data, and not parsed again. */
  submitParsed(parsed: ParsedCommand, request: Omit<CommandRequest, 'text'>): Promise<Reply>;
  /** The answer to a command that needs no write, for when Redis rejects writes; undefined for any other. */
  answerWithoutWriting(request: CommandRequest): Promise<Reply | undefined>;
  decide(verb: DecisionVerb, request: DecisionRequest): Promise<Reply>;
  /** Whether this person may make the decision, before they are asked for a reason or to confirm. */
  prepareDecision(verb: DecisionVerb, request: DecisionRequest): Promise<Reply>;
  followUp(kind: FollowUp, request: DecisionRequest): Promise<Reply>;
  /** Records something unreadable as a refused request, and replies with the refusal. */
  refuseUnreadable(
    refusal: Refusal,
    who: Pick<DecisionRequest, 'person' | 'channel'>,
    said: string,
  ): Promise<Reply>;
}

/** Each use case within the requester's rate limit. A change that cannot be read is refused only to people who request it. */
export function openUseCases(dependencies: Dependencies, requestLimiter: RequestLimiter): UseCases {
  const bot = { ...dependencies, requestLimiter };
  const answer = (
    kind: 'command' | 'click',
    request: Pick<DecisionRequest, 'person' | 'channel'> & { readonly said: string },
    act: () => Promise<Reply>,
  ): Promise<Reply> =>
    withinRateLimit(kind, request, bot, () =>
      act().catch((error: unknown) => {
        if (!(error instanceof Unreadable)) throw error;
        const { person, channel, said } = request;
        return recordRefusal(unreadable(error), { person, channel, said, change: error.id }, dependencies);
      }),
    );
  const decided = (verb: string, request: DecisionRequest, act: () => Promise<Reply>): Promise<Reply> =>
    answer('click', { ...request, said: `${verb} ${request.changeId}` }, act);
  return {
    submit: (request) =>
      answer('command', { ...request, said: request.text }, () => submit(request, dependencies)),
    submitParsed(parsed, request) {
      const text = commandText(parsed);
      return answer('command', { ...request, said: text }, () =>
        submitParsed(parsed, { ...request, text }, dependencies),
      );
    },
    answerWithoutWriting: (request) => answerWithoutWriting(request, dependencies),
    decide: (verb, request) => decided(verb, request, () => decide(verb, request, dependencies)),
    prepareDecision: (verb, request) =>
      decided(verb, request, () => prepareDecision(verb, request, dependencies)),
    followUp: (kind, request) =>
      decided(kind, request, () =>
        followUp(kind, { ...request, requestId: dependencies.newId() }, dependencies),
      ),
    refuseUnreadable: (refusal, who, said) =>
      answer('command', { ...who, said }, () => recordRefusal(refusal, { ...who, said }, dependencies)),
  };
}

function unreadable({ message }: Unreadable): Refusal {
  return refuse(
    'unreadable',
    `${message}.`,
    'Run the release of the bot that wrote it, or a later one. Everything else goes on.',
  );
}

type FollowUpRequest = DecisionRequest & { readonly requestId: string };

/** A button of a card that requests another change: the rollback of this one, or the same command again. */
async function followUp(
  kind: FollowUp,
  request: FollowUpRequest,
  dependencies: Dependencies,
): Promise<Reply> {
  const { requestId, person, channel, changeId } = request;
  const text = kind === 'rollback' ? `rollback ${changeId}` : `request ${changeId} again`;
  const command = { requestId, person, channel, text };
  if (kind === 'rollback')
    return submitParsed({ verb: 'rollback', args: [changeId], flags: {} }, command, dependencies);
  const change = await findChange(request, dependencies);
  const open =
    isRefusal(change) || change.state === 'stale'
      ? change
      : refuse(
          'not_open',
          `${changeId} is ${STATE_WORDS[change.state].words}; only a stale change is requested again.`,
          `Type status ${changeId} to see what became of it.`,
        );
  if (!isRefusal(open)) return submitParsed(open.parsed, command, dependencies, open);
  // The state of a change is not disclosed to somebody without access.
  const membership = await membershipOf(person, dependencies);
  const about = { person, channel, said: text, change: readChangeId(changeId) };
  return recordRefusal(isRefusal(membership) ? membership : open, about, dependencies);
}

interface Request {
  readonly person: Person;
  readonly channel: string;
  readonly said: string;
}

/**
 * Performs a person's request within their rate limit. Beyond it, they are told once when to try again, and further requests are
 * ignored until then; the trail counts all of them. Accepted requests cost little, so valid use stays within the limit.
 */
async function withinRateLimit(
  kind: 'command' | 'click',
  request: Request,
  bot: Pick<Dependencies, 'store' | 'clock' | 'refusals'> & { readonly requestLimiter: RequestLimiter },
  act: () => Promise<Reply>,
): Promise<Reply> {
  const limit = await bot.requestLimiter.consume(request.person, kind);
  if (limit.kind === 'allowed') {
    const reply = await act();
    if (!isRefusal(reply)) await bot.requestLimiter.refund(request.person, kind);
    return reply;
  }
  const refusal = tooMany(kind, limit.retryAfterMs);
  await recordRefusal(refusal, request, bot);
  return limit.first ? refusal : { kind: 'working' };
}

function tooMany(kind: 'command' | 'click', retryAfterMs: number): Refusal {
  const [what, other] = kind === 'command' ? ['commands', 'Buttons'] : ['clicks', 'Typed commands'];
  return refuse(
    'too_many_requests',
    `Rate limit: you sent too many ${what}. Further ones are ignored.`,
    `Try again in ${Math.ceil(retryAfterMs / 1_000)} s. ${other} still work.`,
  );
}
