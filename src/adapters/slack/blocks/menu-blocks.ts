import type { ActionsBlock, Button, KnownBlock } from '@slack/types';
import type { Menu, MenuEntry } from '../../../workflow/requests/menu.ts';
import { clip, escapeInvisible } from './escape.ts';
import { smallPlain } from './message.ts';

/** What the action id of a menu's button begins with, before the verb of a query. */
export const ASK = 'ask ';

// https://docs.slack.dev/reference/block-kit/blocks/actions-block and button-element
const BUTTONS = 25;
const LABEL = 75;

/** What somebody may begin by a button, with what each does. */
export function menuBlocks({ queries }: Menu): readonly KnownBlock[] {
  return group('ask', queries, ({ verb }) => ({
    type: 'button',
    action_id: `${ASK}${verb}`,
    text: { type: 'plain_text', text: labelOf(verb), emoji: false },
    value: JSON.stringify({ text: verb }),
  }));
}

function group(
  name: string,
  entries: readonly MenuEntry[],
  buttonOf: (entry: MenuEntry) => Button,
): readonly KnownBlock[] {
  const shown = entries.slice(0, BUTTONS);
  if (shown.length === 0) return [];
  const row: ActionsBlock = { type: 'actions', block_id: `menu ${name}`, elements: shown.map(buttonOf) };
  const meanings = shown.map(({ verb, summary }) => `${verb}: ${summary}`).join('\n');
  return [row, smallPlain(meanings)];
}

function labelOf(verb: string): string {
  return clip(escapeInvisible(verb.charAt(0).toUpperCase() + verb.slice(1)), LABEL);
}
