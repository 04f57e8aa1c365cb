import type { KnownBlock } from '@slack/types';
import type { BreakGlassUse, Change } from '../../../../domain/change/change.ts';
import { quoted } from '../escape.ts';
import { mention } from '../mention.ts';
import { markup } from '../parts.ts';
import { moment } from '../when.ts';

const REASON = 500;
const NOTE = 300;

/** Who broke the glass, why, and who looked at it since. */
export function glassBlocks({ breakGlassUse }: Change): readonly KnownBlock[] {
  if (breakGlassUse === undefined) return [];
  const { review } = breakGlassUse;
  return [
    markup(`${describeBreakGlass(breakGlassUse)}\n${review === undefined ? UNREVIEWED : reviewed(review)}`),
  ];
}

/** In markup: who, when and why. */
export function describeBreakGlass({ by, reason, atMs }: BreakGlassUse): string {
  return `🚨 *Glass broken* by ${mention(by.userId)} ${moment(atMs)}: ${quoted(reason, REASON)}`;
}

const UNREVIEWED = '👀 Not reviewed yet: somebody else who may approve has to look at it.';

function reviewed({ by, atMs, note = '' }: NonNullable<BreakGlassUse['review']>): string {
  const said = quoted(note, NOTE);
  return `👀 Reviewed by ${mention(by.userId)} ${moment(atMs)}${said === '' ? '' : `: ${said}`}`;
}
