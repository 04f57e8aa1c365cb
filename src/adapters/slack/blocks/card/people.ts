import type { KnownBlock } from '@slack/types';
import { approvalProgress, needsApprovalAgain } from '../../../../domain/change/approvals.ts';
import type { BreakGlassUse, Change, Decision, ParsedCommand } from '../../../../domain/change/change.ts';
import { commandText } from '../../../../domain/change/command-text.ts';
import { describeRequiredApprovals } from '../../../../domain/policy/required-approvals.ts';
import { describeReason } from '../../../../domain/refusal.ts';
import { MAX_REASON_LENGTH } from '../../../../domain/well-formed.ts';
import { escapeInline, quoted } from '../escape.ts';
import { markup, plain, smallMarkup, smallPlain } from '../message.ts';
import { mention, moment } from '../mrkdwn.ts';
import { type CardContext, type CardLinks, changeLink } from './context.ts';

const MAX_COMMAND_CHARS = 300;
const REQUEST_REASON = MAX_REASON_LENGTH + 20;

/** Who requested it, when, where and why. */
export function requestBlocks({ plan, requester, createdAtMs, reason }: Change): readonly KnownBlock[] {
  const where = `target *${escapeInline(plan.target, 80)}*, namespace *${escapeInline(plan.namespace, 80)}*`;
  return [
    markup(`${mention(requester.userId)} · ${moment(createdAtMs)} · ${where}`),
    ...(reason === undefined || reason.trim() === '' ? [] : [plain(`“${reason}”`, REQUEST_REASON)]),
  ];
}

/** Whose approval it waits for, with @-mentions where the policy allows them. */
export function mentionBlocks(change: Change, { mentions = new Map() }: CardContext): readonly KnownBlock[] {
  const { missing } = approvalProgress(change);
  if (change.state !== 'proposed' || missing.length === 0) return [];
  const needs = missing.map(
    ({ groups, count }) =>
      `${count} of ${groups
        .slice(0, MAX_NAMES)
        .map((group) => mentionedGroup(group, mentions.get(group)))
        .join(' or ')}`,
  );
  return [markup(`*Needs approval*  ${needs.slice(0, MAX_NAMES).join(', and ')}`)];
}

/** What it rolls back or is rolled back by and the change before it, with links, and the typed command. */
export function commandBlocks({ plan, parsed }: Change, context: CardContext): readonly KnownBlock[] {
  const { links, rolledBackBy = [], before } = context;
  const by = rolledBackBy.slice(-MAX_NAMES).map((id) => changeLink(id, links));
  return [
    ...(plan.rollsBack === undefined ? [] : [markup(describeRollback(plan.rollsBack, links))]),
    ...(by.length === 0 ? [] : [markup(`↩️ Roll-back of this change: ${by.join(', ')}`)]),
    smallPlain(commandOf(parsed), MAX_COMMAND_CHARS),
    ...(before === undefined
      ? []
      : [smallMarkup(`Last change here before: ${changeLink(before.id, links)}, ${moment(before.atMs)}`)]),
  ];
}

const REVIEW_NOTE = 300;

/** Who used break-glass, why, and who reviewed it. */
export function breakGlassBlocks({ breakGlassUse }: Change): readonly KnownBlock[] {
  if (breakGlassUse === undefined) return [];
  return [markup(`${describeBreakGlass(breakGlassUse)}\n${describeReview(breakGlassUse)}`)];
}

/** In markup: who, when and why. */
export function describeBreakGlass({ by, reason, atMs }: BreakGlassUse): string {
  return `🚨 *Break-glass* used by ${mention(by.userId)} ${moment(atMs)}: ${quoted(reason, MAX_REASON_LENGTH)}`;
}

const MAX_NAMES = 6;
const MAX_REASONS = 2;
const DECISION_REASON = 200;

/** The number of given and required approvals, whose and when, and who withdrew the change. */
export function decisionBlocks(change: Change): readonly KnownBlock[] {
  const { decisions, outcome } = change;
  const names = decisions.slice(0, MAX_NAMES).map(describeDecision);
  const more = decisions.length - names.length;
  const line = [countOf(change), ...names, more > 0 ? `and ${more} more` : '', describeCancel(change)];
  // The reason of a rejection is its outcome, which is shown above.
  const reasons = decisions.flatMap(({ reason }) =>
    reason === undefined || reason === outcome?.sentence ? [] : [reason],
  );
  return [
    smallMarkup(line.filter((part) => part !== '').join(' · ')),
    ...reasons.slice(0, MAX_REASONS).map((reason) => smallPlain(`“${reason}”`, DECISION_REASON)),
  ];
}

function describeRollback(
  { change, verb }: { readonly change: string; readonly verb: string },
  links: CardLinks,
): string {
  return `↩️ Rolls back ${changeLink(change, links)} (${escapeInline(verb, 40)}), except what somebody else changed since.`;
}

/** The mention of a Slack user group replaces its name; mentions of people do not. */
function mentionedGroup(group: string, call: string | undefined): string {
  if (call === undefined) return groupName(group);
  return call.includes('<@') ? `${groupName(group)} (${call})` : call;
}

function groupName(group: string): string {
  return group === '*' ? 'all members' : escapeInline(group, 40);
}

/** The command in a form that can be typed again, without what the card shows elsewhere. */
function commandOf(parsed: ParsedCommand): string {
  const { reason: _, ...flags } = parsed.flags;
  return commandText({ ...parsed, flags });
}

function describeReview({ review, void: because }: BreakGlassUse): string {
  const needed =
    because === undefined ? '' : `It no longer replaces the approval: ${describeReason(because)}. `;
  return `${needed}${describeReviewer(review)}`;
}

function describeReviewer(review: BreakGlassUse['review']): string {
  if (review === undefined) return '👀 Not reviewed yet: another approver has to review it.';
  const note = quoted(review.note ?? '', REVIEW_NOTE);
  return `👀 Reviewed by ${mention(review.by.userId)} ${moment(review.atMs)}${note === '' ? '' : `: ${note}`}`;
}

/** `Approvals 1 of 2, missing: 1 of platform`. */
function countOf(change: Change): string {
  const { given, wanted, missing } = approvalProgress(change);
  if (wanted === 0) return '*The policy requires no approval*';
  const several = given > 0 || change.requiredApprovals.length > 1;
  const again = change.decisions.some((decision) => decision.void !== undefined);
  const open =
    missing.length > 0 && (change.state === 'proposed' ? several || again : needsApprovalAgain(change));
  return `*Approvals ${given} of ${wanted}*${open ? `, missing: ${escapeInline(describeRequiredApprovals(missing), 200)}` : ''}`;
}

function describeDecision({ kind, by, atMs, carriedOverFrom, void: because }: Decision): string {
  if (because !== undefined)
    return `✖️ approval by ${mention(by.userId)} ${moment(atMs)} does not count any more: ${escapeInline(describeReason(because), 80)}`;
  const carriedOver =
    carriedOverFrom === undefined
      ? ''
      : `, carried over from the identical plan of ${escapeInline(carriedOverFrom, 30)}`;
  return `${kind === 'approval' ? '✅ approved' : '⛔ rejected'} by ${mention(by.userId)} ${moment(atMs)}${carriedOver}`;
}

function describeCancel({ state, cancelledBy, outcome }: Change): string {
  if (cancelledBy === undefined) return '';
  const who = mention(cancelledBy.userId);
  const when = outcome === undefined ? '' : ` ${moment(outcome.atMs)}`;
  if (state === 'withdrawn') return `↩️ withdrawn by ${who}${when}`;
  return state === 'closed' ? `🏳️ closed by ${who}${when}` : `⏹️ ${who} asked to stop it`;
}
