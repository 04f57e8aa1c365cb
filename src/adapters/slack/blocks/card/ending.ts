import type { KnownBlock } from '@slack/types';
import type { Change } from '../../../../domain/change.ts';
import { differenceLines, restartSentence } from '../../../../domain/describe-plan.ts';
import { clip } from '../escape.ts';
import { plain, preformatted } from '../parts.ts';
import { cutLines } from '../text-table.ts';

/** Why it came to rest, what that may mean, and what to do now; for a stale one, what it would do as things are. */
export function endingBlocks({ ending, freshPlan }: Change): readonly KnownBlock[] {
  if (ending === undefined) return [];
  const { sentence, hint, next } = ending;
  const fresh = freshPlan === undefined ? [] : [...differenceLines(freshPlan), restartSentence(freshPlan)];
  const [shown] = cutLines(fresh, 2_000);
  return [
    plain(clip(sentence, 1_500)),
    ...(hint === undefined ? [] : [plain(`💡 ${clip(hint, 800)}`)]),
    ...(next === undefined || next === '' ? [] : [plain(`→ ${clip(next, 800)}`)]),
    ...(shown === undefined ? [] : [plain('As things are now it would be:'), preformatted(shown)]),
  ];
}
