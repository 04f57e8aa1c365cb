import type { KnownBlock } from '@slack/types';
import type { BrokenGlass, Change } from '../../../../domain/change.ts';
import { quoted } from '../escape.ts';
import { mention } from '../mention.ts';
import { markup } from '../parts.ts';
import { moment } from '../when.ts';

const REASON = 500;
const NOTE = 300;

/** Who broke the glass, why, and who looked at it since. */
export function glassBlocks({ brokenGlass }: Change): readonly KnownBlock[] {
  if (brokenGlass === undefined) return [];
  const { review } = brokenGlass;
  return [markup(`${brokeGlass(brokenGlass)}\n${review === undefined ? UNREVIEWED : reviewed(review)}`)];
}

/** In markup: who, when and why. */
export function brokeGlass({ by, reason, atMs }: BrokenGlass): string {
  return `🚨 *Glass broken* by ${mention(by.userId)} ${moment(atMs)}: ${quoted(reason, REASON)}`;
}

const UNREVIEWED = '👀 Not reviewed yet: somebody else who may approve has to look at it.';

function reviewed({ by, atMs, note = '' }: NonNullable<BrokenGlass['review']>): string {
  const said = quoted(note, NOTE);
  return `👀 Reviewed by ${mention(by.userId)} ${moment(atMs)}${said === '' ? '' : `: ${said}`}`;
}
