import type { KnownBlock } from '@slack/types';
import type { Change } from '../../../../domain/change/change.ts';
import { plain, smallPlain } from '../parts.ts';

const MOST = 5;
const SENTENCE = 220;

/** What the approver should be careful about. */
export function warningBlocks({ id, plan }: Change): readonly KnownBlock[] {
  const shown = plan.warnings.slice(0, MOST);
  const more = plan.warnings.length - shown.length;
  return [
    ...shown.map(({ sentence }) => plain(`⚠️ ${sentence}`, SENTENCE)),
    ...(more > 0
      ? [smallPlain(`✂️ ${more} more ${more === 1 ? 'warning' : 'warnings'}; type status ${id}`, 100)]
      : []),
  ];
}
