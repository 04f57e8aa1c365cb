import type { KnownBlock } from '@slack/types';
import type { Change } from '../../../domain/change/change.ts';
import { checksOf } from '../../../domain/change/passed-checks.ts';
import type { Plan } from '../../../domain/change/plan.ts';
import { cardButtons } from './card/buttons.ts';
import { decisionBlocks } from './card/decisions.ts';
import { differenceBlocks } from './card/difference.ts';
import { outcomeBlocks } from './card/ending.ts';
import { glassBlocks } from './card/glass.ts';
import { progressBlocks } from './card/progress.ts';
import { requestBlocks } from './card/request.ts';
import { restartBlocks } from './card/restarts.ts';
import { titleOf } from './card/title.ts';
import { warningBlocks } from './card/warnings.ts';
import { escapeInline } from './escape.ts';
import { mention } from './mention.ts';
import type { SlackMessage } from './message.ts';
import { header, smallPlain } from './parts.ts';

// All parts at their longest stay below 10,000 characters: a card that is refused would be worse than one that is cut.
const DIFFERENCE = { before: 2_700, after: 1_700 };
const PODS = 450;

/** The whole card of a change, drawn from its state alone: where it stands, what it does, who said what, what to press. */
export function cardMessage(change: Change): SlackMessage {
  const { plan, requester, parsed, digest } = change;
  const title = titleOf(change);
  const begun = change.journal.length > 0 || change.outcome !== undefined || change.state === 'running';
  const blocks: KnownBlock[] = [
    header(title),
    ...glassBlocks(change),
    ...outcomeBlocks(change),
    ...progressBlocks(change),
    ...requestBlocks(change),
    ...differenceBlocks(plan, begun ? DIFFERENCE.after : DIFFERENCE.before),
    ...restartBlocks(plan, PODS),
    ...warningBlocks(change),
    ...(begun ? [] : checkBlocks(plan)),
    ...decisionBlocks(change),
    ...cardButtons(change),
    smallPlain(`Plan ${digest.slice(0, 12)}`),
  ];
  const asked = `${mention(requester.userId)}: ${escapeInline([parsed.verb, ...parsed.args].join(' '), 200)}`;
  return { text: `${escapeInline(title, 200)} (${asked})`, blocks };
}

/** What was looked at and found well; only before it begins, for whoever decides. */
function checkBlocks(plan: Plan): readonly KnownBlock[] {
  const checks = checksOf(plan);
  return checks.length === 0 ? [] : [smallPlain(`✔ Checked: ${checks.join(' · ')}`, 400)];
}
