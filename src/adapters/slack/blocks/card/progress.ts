import type { KnownBlock } from '@slack/types';
import type { Change } from '../../../../domain/change/change.ts';
import { describeCover } from '../../../../domain/change/describe-impact.ts';
import { restartSentence } from '../../../../domain/change/describe-plan.ts';
import { describeCause, stepsPhase } from '../../../../domain/change/describe-state.ts';
import { escapeInline } from '../escape.ts';
import { markup, plain, smallMarkup } from '../message.ts';
import { moment, pageLink } from '../mrkdwn.ts';
import type { CardContext, CardLinks } from './context.ts';
import { differenceBlocks } from './plan.ts';
import { stepLines } from './steps.ts';

const SENTENCE = 700;
const TRAFFIC = 300;
const HINT = 350;
const NEXT = 350;
const FRESH_DIFFERENCE = 1_000;

/** Why it ended or stopped, what traffic does, and what to try; for a stale one, what its command would do now. */
export function outcomeBlocks(change: Change): readonly KnownBlock[] {
  const { outcome, freshPlan } = change;
  if (outcome === undefined) return [];
  const { hint = '', next = '', traffic = '' } = outcome;
  return [
    plain(describeCause(change) ?? '', SENTENCE),
    ...(traffic === '' ? [] : [markup(`*Traffic now*  ${escapeInline(traffic, TRAFFIC)}`)]),
    ...(hint === '' ? [] : [markup(`*Try*  ${escapeInline(hint, HINT)}`)]),
    ...(next === '' ? [] : [plain(`→ ${next}`, NEXT)]),
    ...(freshPlan === undefined
      ? []
      : [
          plain('With the cluster as it is now, the plan would be:'),
          ...differenceBlocks(freshPlan, FRESH_DIFFERENCE),
          plain(restartSentence(freshPlan)),
        ]),
  ];
}

const WAITING = 300;

/** What is done, in hand and to come, what is waited for, and what traffic does meanwhile. */
export function progressBlocks(change: Change, { links }: CardContext): readonly KnownBlock[] {
  const lines = stepLines(change);
  return [
    ...(lines.length === 0 ? [] : [markup(lines.join('\n'))]),
    ...waitingBlocks(change, links),
    ...(stepsPhase(change) === 'under way' ? meanwhileBlocks(change) : []),
  ];
}

/** What it waits for right now, and the way to the change that stands before it. */
function waitingBlocks(
  { state, progress = '', waitsFor = '' }: Change,
  links: CardLinks,
): readonly KnownBlock[] {
  const waits = (state === 'running' || state === 'approved') && progress !== '';
  if (!waits) return [];
  const url = links.get(waitsFor);
  return [
    plain(`⏳ ${progress}`, WAITING),
    ...(url === undefined ? [] : [smallMarkup(`→ ${pageLink(url, `Card of ${waitsFor}`)}`)]),
  ];
}

/** Who carried traffic when it was proposed, which no step starts without checking again. */
function meanwhileBlocks({ plan, impact }: Change): readonly KnownBlock[] {
  const cover = impact === undefined ? undefined : describeCover(plan, impact);
  if (impact === undefined || cover === undefined) return [];
  return [markup(`*Traffic*  ${escapeInline(cover, TRAFFIC)} Read ${moment(impact.readAtMs)}.`)];
}
