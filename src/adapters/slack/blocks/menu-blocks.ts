import type { ActionsBlock, Button, KnownBlock } from '@slack/types';
import type { Menu, MenuEntry } from '../../../workflow/requests.ts';
import { clip, escapeInvisible, fallbackText } from './escape.ts';
import { header, type SlackMessage, smallPlain } from './message.ts';

/** What the action id of a menu's button begins with, before the verb of a query. */
export const ASK = 'ask ';
/** The same before the verb of a change command, whose form it opens. */
export const OPEN = 'open ';

// https://docs.slack.dev/reference/block-kit/blocks/actions-block and button-element
const BUTTONS = 25;
const LABEL = 74;

/** What somebody may begin by a button, with what each does. */
export function menuBlocks({ changes, queries }: Menu): readonly KnownBlock[] {
  const forms = group('open', changes, ({ verb }) => ({
    type: 'button',
    action_id: `${OPEN}${verb}`,
    text: { type: 'plain_text', text: `${labelOf(verb)}…`, emoji: false },
  }));
  const asked = group('ask', queries, ({ verb }) => ({
    type: 'button',
    action_id: `${ASK}${verb}`,
    text: { type: 'plain_text', text: labelOf(verb), emoji: false },
    value: JSON.stringify({ text: verb }),
  }));
  return [...forms, ...asked];
}

/** What `/bgp` alone is answered: the menu, and how to get at the rest. */
export function menuMessage(menu: Menu): SlackMessage {
  const more =
    'help lists all there is to type; help VERB shows one command with examples; whoami says what is not yours, and why.';
  return {
    text: fallbackText(['What would you like to do?', more], 400),
    blocks: [header('What would you like to do?'), ...menuBlocks(menu), smallPlain(more)],
  };
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
