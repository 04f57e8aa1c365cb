import type { KnownBlock } from '@slack/types';
import type { Change } from '../../../../domain/change/change.ts';
import { plain, smallMarkup } from '../parts.ts';
import { moment } from '../when.ts';
import { differenceBlocks } from './difference.ts';
import { restartInShort } from './restarts.ts';

const SENTENCE = 800;
const HINT = 400;
const NEXT = 400;
const FRESH = 1_000;

/** Why it came to rest, what that may mean, and what to do now; for a stale one, what it would do as things are. */
export function outcomeBlocks({ outcome, freshPlan }: Change): readonly KnownBlock[] {
  if (outcome === undefined) return [];
  const { sentence, hint, next, atMs } = outcome;
  return [
    plain(sentence, SENTENCE),
    ...(hint === undefined || hint === '' ? [] : [plain(`💡 ${hint}`, HINT)]),
    ...(next === undefined || next === '' ? [] : [plain(`→ ${next}`, NEXT)]),
    smallMarkup(`Ended ${moment(atMs)}`),
    ...(freshPlan === undefined
      ? []
      : [
          plain('As things are now it would be:'),
          ...differenceBlocks(freshPlan, FRESH),
          plain(restartInShort(freshPlan)),
          plain('What was asked for, and was not done:'),
        ]),
  ];
}
