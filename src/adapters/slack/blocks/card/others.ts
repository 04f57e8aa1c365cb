import type { KnownBlock } from '@slack/types';
import { firstLabel } from '../../../../domain/bgp/mapping.ts';
import { type Change, isHalted, OPEN_STATES } from '../../../../domain/change/change.ts';
import { escapeInline, quoted } from '../escape.ts';
import { markup } from '../message.ts';
import { mention, moment, pageLink } from '../mrkdwn.ts';
import type { CardContext, CardLinks, OtherChange } from './context.ts';

const MOST = 5;
const FROZEN = 300;

/** Other open changes of the same TMM pods, with the ways to their cards. */
export function otherBlocks(context: CardContext): readonly KnownBlock[] {
  const { others = [] } = context;
  if (others.length === 0) return [];
  const count = others.length === 1 ? '1 other open change here' : `${others.length} other open changes here`;
  return [markup(`⚠️ ${count}: ${listed(others, context)}`)];
}

/** What starts only after this one. */
export function behindBlocks(context: CardContext): readonly KnownBlock[] {
  const waiting = (context.others ?? []).filter(({ waitsForThis }) => waitsForThis);
  return waiting.length === 0 ? [] : [markup(`⏸️ Waiting behind this: ${listed(waiting, context)}`)];
}

/** The mark of a freeze on everything that is open. */
export function frozenBlocks(change: Change, { frozen }: CardContext): readonly KnownBlock[] {
  const open = OPEN_STATES.some((state) => state === change.state) || isHalted(change);
  if (!open || frozen === undefined) return [];
  const { by, atMs, reason } = frozen;
  return [markup(`🧊 *Frozen* by ${mention(by.userId)} ${moment(atMs)}: ${quoted(reason, FROZEN)}`)];
}

/** The id of another change, and the way to its card where that is known. */
export function changeLink(id: string, links: CardLinks): string {
  const url = links.get(id);
  return url === undefined ? escapeInline(id, 40) : pageLink(url, id);
}

function listed(others: readonly OtherChange[], { links }: CardContext): string {
  const names = others.slice(0, MOST).map(({ id, sharedNodes = [] }) => {
    const [node] = sharedNodes;
    if (node === undefined) return changeLink(id, links);
    const more = sharedNodes.length > 1 ? ` and ${sharedNodes.length - 1} more` : '';
    return `${changeLink(id, links)} (also ${escapeInline(firstLabel(node), 60)}${more})`;
  });
  return names.join(', ') + (others.length > MOST ? ` and ${others.length - MOST} more` : '');
}
