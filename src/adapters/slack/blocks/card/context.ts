import type { KnownBlock } from '@slack/types';
import { firstLabel } from '../../../../domain/bgp/mapping.ts';
import { type Change, isUnfinished } from '../../../../domain/change/change.ts';
import { counted } from '../../../../domain/phrasing.ts';
import type { DeclaredFreeze } from '../../../../domain/policy/freeze.ts';
import { escapeInline, quoted } from '../escape.ts';
import { markup } from '../message.ts';
import { mention, moment, pageLink } from '../mrkdwn.ts';

/** Links to the cards of other changes, by change id; unknown ones are absent. */
export type CardLinks = ReadonlyMap<string, string>;

/** What a card shows besides its change, read at each rendering. A card is complete without any of it. */
export interface CardContext {
  readonly links: CardLinks;
  /** The time of rendering. */
  readonly nowMs?: number;
  /** Open changes of the same TMM pods, the oldest first. */
  readonly others?: readonly OtherChange[];
  /** Ids of the changes that roll it back, the oldest first. */
  readonly rolledBackBy?: readonly string[];
  /** The last change before it that acted on one of its nodes, and when that ended. */
  readonly before?: { readonly id: string; readonly atMs: number };
  /** The freeze that forbids every change on its target now, until somebody lifts it. */
  readonly frozen?: DeclaredFreeze;
  /** The first and the last record of the change in the audit trail. */
  readonly records?: { readonly first: number; readonly last: number };
  /** How to mention the members of a group, in markup; other groups are only named. */
  readonly mentions?: ReadonlyMap<string, string>;
}

export interface OtherChange {
  readonly id: string;
  /** Whether it starts only after the change of this card. */
  readonly waitsForThis: boolean;
  /** Nodes that both have. */
  readonly sharedNodes?: readonly string[];
}

export const NO_CONTEXT: CardContext = { links: new Map() };

const MAX_NAMED = 5;
const MAX_FROZEN_CHARS = 300;

/** Other open changes of the same TMM pods, with links to their cards. */
export function otherBlocks(context: CardContext): readonly KnownBlock[] {
  const { others = [] } = context;
  if (others.length === 0) return [];
  const count = counted(others.length, 'other open change here', 'other open changes here');
  return [markup(`⚠️ ${count}: ${listed(others, context)}`)];
}

/** Changes that start only after this one. */
export function behindBlocks(context: CardContext): readonly KnownBlock[] {
  const waiting = (context.others ?? []).filter(({ waitsForThis }) => waitsForThis);
  return waiting.length === 0 ? [] : [markup(`⏸️ Waiting behind this: ${listed(waiting, context)}`)];
}

/** The freeze notice on every open change. */
export function frozenBlocks(change: Change, { frozen }: CardContext): readonly KnownBlock[] {
  const open = isUnfinished(change);
  if (!open || frozen === undefined) return [];
  const { by, atMs, reason } = frozen;
  return [
    markup(`🧊 *Frozen* by ${mention(by.userId)} ${moment(atMs)}: ${quoted(reason, MAX_FROZEN_CHARS)}`),
  ];
}

/** The id of another change, with a link to its card where that is known. */
export function changeLink(id: string, links: CardLinks): string {
  const url = links.get(id);
  return url === undefined ? escapeInline(id, 40) : pageLink(url, id);
}

function listed(others: readonly OtherChange[], { links }: CardContext): string {
  const names = others.slice(0, MAX_NAMED).map(({ id, sharedNodes = [] }) => {
    const [node] = sharedNodes;
    if (node === undefined) return changeLink(id, links);
    const more = sharedNodes.length > 1 ? ` and ${sharedNodes.length - 1} more` : '';
    return `${changeLink(id, links)} (also ${escapeInline(firstLabel(node), 60)}${more})`;
  });
  return names.join(', ') + (others.length > MAX_NAMED ? ` and ${others.length - MAX_NAMED} more` : '');
}
