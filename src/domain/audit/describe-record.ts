import { STATE_WORDS } from '../change/describe-state.ts';
import { REASON_WORDS } from '../refusal.ts';
import { before, ours, plainText, reported, type Segment, say } from '../segments.ts';
import { EVENTS, type EventName } from './record.ts';
import { type DescribedRecord, type RecordFacts, readRecordFacts } from './record-facts.ts';

/** What a record says, for everybody who shows records. */
export interface RecordWords {
  readonly icon: string;
  /** One sentence in lower case without a full stop; it follows the change or target that it is about. */
  readonly sentence: readonly Segment[];
  /** The same for the thread below the change's card; undefined where the card shows enough. */
  readonly inThread: readonly Segment[] | undefined;
  /** Whether the record gets its own line in the audit channel: what was decided, done, halted or ended. */
  readonly isTold: boolean;
}

/** The words of a record. They include its reason, but not its reason code. */
export function describeRecord(record: DescribedRecord): RecordWords {
  const event = EVENTS.find((one) => one === record.event);
  const facts = readRecordFacts(record);
  return event === undefined ? unknownEvent(record.event, facts) : EVENT_WORDS[event](facts);
}

const EVENT_WORDS: Readonly<Record<EventName, (facts: RecordFacts) => RecordWords>> = {
  'bot.started': ({ said, policy }) =>
    unthreaded('🤖', say`the bot${before(' ', said('version'))} started${before(' with policy ', policy)}`),
  'bot.stopped': () => unthreaded('🤖', say`the bot stopped`),
  'request.refused': ({ who, said, typed, reason }) => {
    const times = said('times');
    const how =
      times === undefined
        ? ours('was refused')
        : say`was refused ${times} more ${ours(plainText([times]) === '1' ? 'time' : 'times')}, most recently`;
    return unthreaded(
      '🚫',
      say`${who} ${how}: ${typed('said') ?? ours('a request')}${before(', because ', reason)}`,
    );
  },
  // Its answer names who asked: one notice is enough.
  'query.requested': ({ who, command }) => untold('🔎', say`${who} asked: ${command ?? ours('a query')}`),
  'query.answered': ({ requester, command, code, reason }) => {
    const answered = ours(code === null ? 'answered' : 'could not answer');
    return unthreaded(
      '🔎',
      say`${answered} ${requester}: ${command ?? ours('a query')}${before(', because ', reason)}`,
    );
  },
  'change.proposed': proposed,
  'change.approval': ({ who }) => threaded('👍', say`${who} approved; more approvals are needed`),
  'change.approved': ({ who, code, carriedOver }) => {
    if (code === 'approval_waived') return threaded('👍', NEEDS_NO_APPROVAL);
    return threaded(
      '👍',
      code === 'approvals_carried_over'
        ? say`approved with approvals carried over from the identical plan${before(': ', carriedOver)}`
        : say`${who} approved`,
    );
  },
  'change.approval_void': ({ code, voidApprovals, said }) => {
    const why =
      code === 'approval_lapsed'
        ? ours(`has to be approved again, because ${REASON_WORDS.approval_lapsed}`)
        : ours('has to be approved again');
    return threaded(
      '🕓',
      say`${why}${before('; these do not count any more: ', code === 'approval_lapsed' ? [] : voidApprovals)}${before('; missing: ', said('missing'))}`,
    );
  },
  'change.reminded': ({ said }) => ({
    ...threaded('⏰', say`still needs approval by ${said('missing') ?? ours('its approvers')}`),
    isTold: false,
  }),
  'change.break_glass': ({ who, typedReason }) =>
    threaded(
      '🚨',
      say`${who} used break-glass: it runs without approval, because ${typedReason ?? ours('(no reason)')}`,
    ),
  'change.reviewed': ({ who, typedReason }) =>
    threaded('👀', say`${who} reviewed the use of break-glass${before(': ', typedReason)}`),
  'change.rejected': ({ who, typedReason }) =>
    threaded(STATE_WORDS.rejected.icon, say`${who} rejected it${before(': ', typedReason)}`),
  'change.withdrawn': ({ who }) =>
    threaded(STATE_WORDS.withdrawn.icon, say`${who} withdrew it; nothing was changed`),
  'change.expired': ({ reason }) =>
    threaded(
      STATE_WORDS.expired.icon,
      say`expired, because ${reason ?? ours(REASON_WORDS.expired)}; nothing was changed`,
    ),
  'change.stale': ({ reason }) =>
    threaded(
      STATE_WORDS.stale.icon,
      say`is stale, because ${reason ?? ours(REASON_WORDS.stale_plan)}; nothing was changed`,
    ),
  'change.started': () => untold('▶️', say`started`),
  // The line of the halt, which follows within two seconds, names who stopped it.
  'change.stop_requested': ({ who }) => unthreaded('⏹️', say`${who} asked to stop it before the next step`),
  'step.intended': ({ step }) => untold('…', say`about to ${step}`),
  'step.done': ({ done, taken }) => (taken ? untold('✓', say`${done}`) : threaded('✓', say`${done}`)),
  // The card shows progress as it happens: in the thread it would be a line every few seconds.
  'change.progress': ({ said }) => untold('⏳', say`${said('progress') ?? ours('goes on')}`),
  'change.succeeded': () => threaded(STATE_WORDS.succeeded.icon, say`succeeded`),
  'change.failed': (facts) => ended('failed', facts),
  'change.halted': (facts) => ended('halted', facts),
  'change.outcome_unknown': (facts) => ended('outcome_unknown', facts),
  'change.resumed': ({ who, said }) =>
    threaded(
      '▶️',
      say`${who} resumed it${before(' without a TMM on ', said('without'))}; everything is checked again first`,
    ),
  'change.closed': ({ who }) =>
    threaded(STATE_WORDS.closed.icon, say`${who} closed it; the steps that were done stay done`),
  'change.rolled_back': ({ said }) =>
    threaded(STATE_WORDS.rolled_back.icon, say`was rolled back by ${said('by') ?? ours('another change')}`),
  'drift.external_edit': ({ said }) =>
    unthreaded(
      '👀',
      say`somebody else changed ${said('node') ?? ours('a node')} in ${said('lookup') ?? ours('a lookup')}: from ${said('before') ?? ours('nothing')} to ${said('after') ?? ours('nothing')}${before(' by ', said('manager'))}${before(' at ', said('written_at'))}`,
    ),
  'drift.detected': ({ said }) =>
    unthreaded('👀', say`${said('sentence') ?? ours('something is wrong')}${before(' ', said('next'))}`),
  'drift.resolved': ({ said }) =>
    unthreaded('👌', say`resolved: ${said('sentence') ?? ours('what was reported')}`),
  'freeze.declared': ({ who, targets, typedReason }) =>
    unthreaded('🧊', say`${who} froze ${targets}: ${typedReason ?? ours('(no reason)')}`),
  'freeze.lifted': ({ who, targets }) => unthreaded('🧊', say`${who} lifted the freeze of ${targets}`),
  'audit.checkpoint': ({ said }) =>
    unthreaded(
      '✂️',
      say`records up to #${said('through') ?? ours('?')} are removed by the retention settings; this record is their checkpoint`,
    ),
  'audit.restore_accepted': ({ said, typedReason }) =>
    unthreaded(
      '⏪',
      say`records after #${said('after') ?? ours('?')} up to #${said('through') ?? ours('?')} are lost${before(': ', typedReason)}; what was approved before needs new approvals`,
    ),
  'audit.signed': ({ said }) => untold('🔏', say`the trail was signed up to #${said('seq') ?? ours('?')}`),
};

const NEEDS_NO_APPROVAL = say`the policy requires no approval`;

/** Proposed and, where no approval is needed any more, approved in the same record. */
function proposed({ who, command, typedReason, code, carriedOver }: RecordFacts): RecordWords {
  const sentence = say`${who} proposed: ${command ?? ours('a change')}${before(', because ', typedReason)}`;
  if (code === 'approval_waived') {
    const inThread = NEEDS_NO_APPROVAL;
    return { icon: '📝', sentence: say`${sentence}; ${inThread}`, inThread, isTold: true };
  }
  if (code !== 'approvals_carried_over' && carriedOver.length === 0) return unthreaded('📝', sentence);
  const approvals = say`approvals carried over from the identical plan${before(': ', carriedOver)}`;
  const inThread =
    code === 'approvals_carried_over'
      ? say`approved at once with ${approvals}`
      : say`${approvals}; more approvals are needed`;
  return { icon: '📝', sentence: say`${sentence}; ${inThread}`, inThread, isTold: true };
}

function ended(
  state: 'failed' | 'halted' | 'outcome_unknown',
  { said, reason, code, stoppedBy }: RecordFacts,
): RecordWords {
  const { icon, words } = STATE_WORDS[state];
  // State and reason code have the same name here: once is enough.
  const why = code === state ? undefined : stoppedBy ? say`${stoppedBy} asked to stop it` : reason;
  return threaded(
    icon,
    say`${ours(words)}${before(', because ', why)}${before(': ', said('sentence'))}${before(' ', said('traffic'))}`,
  );
}

function unknownEvent(event: string, { who, reason }: RecordFacts): RecordWords {
  const name = reported(event.replaceAll(/[._]/g, ' ')) ?? ours('an event without a name');
  return threaded(
    '•',
    say`${name}, by ${who}${before(', because ', reason)} (this release does not know this kind of record)`,
  );
}

function threaded(icon: string, sentence: readonly Segment[]): RecordWords {
  return { icon, sentence, inThread: sentence, isTold: true };
}

function unthreaded(icon: string, sentence: readonly Segment[]): RecordWords {
  return { icon, sentence, inThread: undefined, isTold: true };
}

/** A record without a line of its own: the next line, or one about the newest record alone, covers it. */
function untold(icon: string, sentence: readonly Segment[]): RecordWords {
  return { icon, sentence, inThread: undefined, isTold: false };
}
