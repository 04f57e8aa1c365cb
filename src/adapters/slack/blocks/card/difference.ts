import type { KnownBlock } from '@slack/types';
import { differenceLines } from '../../../../domain/change/describe-plan.ts';
import type { Plan } from '../../../../domain/change/plan.ts';
import { plain, preformatted, smallPlain } from '../parts.ts';
import { firstLines } from '../text-table.ts';

/** The difference as `diff` shows it, within so many characters, and in words what appears and what goes. */
export function differenceBlocks(plan: Plan, limit: number): readonly KnownBlock[] {
  const { shown, hidden } = firstLines(differenceLines(plan), limit);
  if (shown.length === 0) return [];
  const words = wordsFor(plan);
  return [
    preformatted(shown.join('\n')),
    ...(hidden === 0
      ? []
      : [plain(`✂️ ${hidden} more ${hidden === 1 ? 'line' : 'lines'} of difference not shown.`)]),
    ...(words === '' ? [] : [smallPlain(words, WORDS)]),
  ];
}

const WORDS = 300;

function wordsFor({ differences }: Plan): string {
  const created = [...new Set(differences.filter((one) => one.createsLookup).map(({ lookup }) => lookup))];
  const added = differences.filter(({ before, after }) => before === null && after !== null).length;
  const removed = differences.filter(({ after }) => after === null).length;
  const changed = differences.length - added - removed;
  if (changed === 1 && differences.length === 1 && created.length === 0) return '';
  const counts = [
    added === 0 ? '' : `${added} added`,
    changed === 0 ? '' : `${changed} changed`,
    removed === 0 ? '' : `${removed} removed`,
  ].filter((part) => part !== '');
  const creation =
    created.length === 0 ? [] : [`ConfigMap ${created.join(', ')} does not exist yet and is created`];
  return [`Mappings: ${counts.join(', ')}`, ...creation].join(' · ');
}
