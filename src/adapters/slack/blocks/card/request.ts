import type { KnownBlock } from '@slack/types';
import type { Change, Typed } from '../../../../domain/change.ts';
import { differenceLines, restartSentence } from '../../../../domain/describe-plan.ts';
import { clip } from '../escape.ts';
import { markup, plain, preformatted, smallPlain } from '../parts.ts';
import { cutLines } from '../text-table.ts';
import { moment } from '../when.ts';

const DIFFERENCE = 2_800;
const MOST_WARNINGS = 6;

/** Who asked and why, the difference, what is restarted, and what to be careful about. */
export function requestBlocks(change: Change): readonly KnownBlock[] {
  const { plan, requester, reason, createdAtMs, typed } = change;
  const warnings = plan.warnings.slice(0, MOST_WARNINGS);
  const more = plan.warnings.length - warnings.length;
  return [
    markup(`<@${requester.userId}> asked ${moment(createdAtMs)}`),
    smallPlain(clip(wordsOf(typed), 600)),
    ...(reason === undefined ? [] : [plain(`Why: ${clip(reason, 600)}`)]),
    ...differenceBlock(differenceLines(plan)),
    plain(clip(`${plan.manner === 'none' ? 'ℹ️' : '🔄'} ${restartSentence(plan)}`, 1_500)),
    ...(plan.manner === 'none' ? [] : [plain(outageSentence(change))]),
    ...warnings.map(({ sentence }) => plain(clip(`⚠️ ${sentence}`, 500))),
    ...(more > 0 ? [smallPlain(`${more} more warnings; type status ${change.id}`)] : []),
  ];
}

/** The command as it was typed, without what the card says elsewhere. */
function wordsOf({ verb, args, flags }: Typed): string {
  const said = Object.entries(flags).filter(([name]) => name !== 'reason');
  return [
    verb,
    ...args,
    ...said.map(([name, value]) => (value === true ? `--${name}` : `--${name} ${value}`)),
  ].join(' ');
}

function differenceBlock(lines: readonly string[]): readonly KnownBlock[] {
  if (lines.length === 0) return [];
  const [shown = '', ...rest] = cutLines(lines, DIFFERENCE);
  const hidden = rest.join('\n').split('\n').length;
  return [
    preformatted(shown),
    ...(rest.length === 0 ? [] : [smallPlain(`${hidden} more lines of difference are not shown.`)]),
  ];
}

/** What the restart means for traffic. */
function outageSentence({ plan }: Change): string {
  const pods = plan.restarts.flatMap((restart) => restart.pods).length;
  if (plan.manner === 'at once') {
    return pods >= plan.tmmCount
      ? 'All TMM pods go at once: no traffic passes until the first session is Established again.'
      : `${pods} TMM pods go at once: their sessions drop together, ${plan.tmmCount - pods} of ${plan.tmmCount} keep carrying.`;
  }
  if (plan.allowOutage) {
    return 'The last TMM with an Established session may be taken too (--allow-outage): traffic may stop meanwhile.';
  }
  return `While a pod restarts its BGP sessions are down: 1 of ${plan.tmmCount} TMM pods is missing at a time. The last one that carries is never taken.`;
}
