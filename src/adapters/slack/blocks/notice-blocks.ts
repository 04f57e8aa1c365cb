import { type Anchor, shortHash } from '../../../domain/audit/anchor.ts';
import { describeRecord } from '../../../domain/audit/describe-record.ts';
import type { AuditRecord } from '../../../domain/audit/record.ts';
import type { DescribedRecord } from '../../../domain/audit/record-facts.ts';
import type { Change } from '../../../domain/change/change.ts';
import { meantCommand } from '../../../domain/change/command-text.ts';
import { restartSentence } from '../../../domain/change/describe-plan.ts';
import { describeOutcome } from '../../../domain/change/describe-state.ts';
import { capitalized } from '../../../domain/phrasing.ts';
import type { Refusal } from '../../../domain/refusal.ts';
import { oneLine, plainText, type Segment } from '../../../domain/segments.ts';
import { describeBreakGlass } from './card/people.ts';
import { differenceBlocks } from './card/plan.ts';
import { titleOf } from './card/title.ts';
import { escapeInline, escapeInvisible, fallbackText } from './escape.ts';
import { formButton, runButton } from './menu-blocks.ts';
import { header, markup, plain, type SlackMessage, smallPlain } from './message.ts';
import { channelLink, mrkdwn, pageLink } from './mrkdwn.ts';

// A sentence that quotes a cluster may be long; the next step must still fit.
const MAX_SENTENCE_CHARS = 2_500;
const MAX_NEXT_CHARS = 1_500;
const MAX_CHANNELS = 20;
const MAX_WHY_CHARS = 400;

/**
 * What was wrong, what to do instead, and the reason code in the audit trail. For a typed command, a button runs what was
 * probably meant.
 */
export function refusalMessage(refusal: Refusal, typed?: string): SlackMessage {
  const { sentence, inChat, next, reasonCode, meant, form, channels = [] } = refusal;
  const command = meant === undefined || typed === undefined ? undefined : meantCommand(typed, meant);
  // Nobody can see what a button with invisible characters would run.
  const offered = command === undefined || escapeInvisible(command) !== command ? undefined : command;
  const links = channels.slice(0, MAX_CHANNELS).map(channelLink).join(', ');
  const more = channels.length > MAX_CHANNELS ? ` and ${channels.length - MAX_CHANNELS} more` : '';
  return {
    text: fallbackText([`${sentence} ${next}`], 1_000),
    blocks: [
      inChat === undefined ? plain(`🚫 ${sentence}`, MAX_SENTENCE_CHARS) : markup(`🚫 ${mrkdwn(inChat)}`),
      ...(next === '' ? [] : [plain(`→ ${next}`, MAX_NEXT_CHARS)]),
      ...(links === '' ? [] : [markup(links + more)]),
      ...(offered === undefined ? [] : runButton(`Did you mean ${oneLine(offered)}?`, offered)),
      ...(form === undefined ? [] : [formButton(form)]),
      smallPlain(reasonCode),
    ],
  };
}

/**
 * One line for the audit channel: subject, who did what and why, the reason code for support, and the anchor. Undefined for
 * records without a line of their own.
 */
export function noticeLine(
  record: DescribedRecord & Pick<AuditRecord, 'change' | 'seq' | 'hash'>,
): string | undefined {
  const { icon, sentence, isTold } = describeRecord(record);
  if (!isTold) return undefined;
  const about = escapeInline(record.change ?? record.target ?? '', 80);
  const words = `${about === '' ? '' : `*${about}* `}${icon} ${mrkdwn(sentence)}${reasonCodeOf(record)}`;
  return anchoredLine(words, record);
}

/** A line with the record's number and the beginning of its hash at the end, from which `audit anchors` reads the anchor. */
export function anchoredLine(words: string, { seq, hash }: Anchor): string {
  return `${words} · #${seq} ${shortHash(hash)}`;
}

/** Replaces a record that cannot be read. It ends with a bracket, so that nothing in it can pass for an anchor. */
export function unreadableLine(seq: number, why: string): string {
  return `⚠️ Record #${seq} cannot be read by this release and is skipped (${escapeInline(why, MAX_WHY_CHARS)})`;
}

/** One line for the thread below the card; undefined where the card itself shows enough. */
export function threadLine(record: DescribedRecord): string | undefined {
  const { icon, inThread } = describeRecord(record);
  if (inThread === undefined) return undefined;
  const line = mrkdwn(inThread.map((segment, index) => (index === 0 ? beginning(segment) : segment)));
  return `${icon} ${/[.!?…`]$/.test(line) ? line : `${line}.`}`;
}

/** In parentheses; empty if it equals the name of the event. */
function reasonCodeOf({ event, reason_code: code }: DescribedRecord): string {
  return code === null || code === 'done' || event.endsWith(`.${code}`) ? '' : ` (${escapeInline(code, 60)})`;
}

/** Capitalizes our own words; a name from others stays as it is. */
function beginning(segment: Segment): Segment {
  if (segment.kind !== 'ours') return segment;
  return { kind: 'ours', text: capitalized(segment.text) };
}

const MAX_DIFFERENCE_CHARS = 1_500;

/** Announces a use of break-glass in a channel: who, why, its effect, and who has to review it. */
export function breakGlassAlert(change: Change): SlackMessage {
  const { id, plan, breakGlassUse } = change;
  const title = `🚨 Break-glass: ${id} runs without approval`;
  return {
    text: fallbackText([`${title} on target ${plan.target}`], 200),
    blocks: [
      header(title),
      ...(breakGlassUse === undefined ? [] : [markup(describeBreakGlass(breakGlassUse))]),
      ...differenceBlocks(plan, MAX_DIFFERENCE_CHARS),
      plain(`On target ${plan.target}: ${restartSentence(plan)}`),
      markup(`👀 Another approver has to review it: \`review ${escapeInline(id, 30)}\``),
    ],
  };
}

/** Announces in a channel that a freeze was declared or lifted, and its effect on open changes. */
export function freezeMessage(record: DescribedRecord): SlackMessage {
  const { icon, sentence } = describeRecord(record);
  const frozen = record.event === 'freeze.declared';
  const then = frozen
    ? 'No change starts; a running change halts before its next step. Open cards are marked.'
    : 'Approved changes start by themselves; halted ones continue once somebody resumes them.';
  return {
    text: fallbackText([`${icon} ${plainText(sentence)}`], 1_000),
    blocks: [markup(`${icon} ${mrkdwn(sentence)}`), smallPlain(then)],
  };
}

/** Tells the requester how a change ended, with a link to its card. */
export function endMessage(change: Change, url: string | undefined): SlackMessage {
  const title = titleOf(change);
  const cause = describeOutcome(change);
  return {
    text: fallbackText([title], 300),
    blocks: [
      markup(url === undefined ? `*${escapeInline(title, MAX_TITLE_CHARS)}*` : `*${pageLink(url, title)}*`),
      ...(cause === undefined ? [] : [plain(cause, MAX_SENTENCE_CHARS)]),
    ],
  };
}

const MAX_TITLE_CHARS = 200;
