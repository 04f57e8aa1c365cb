import type { ActionsBlock, Button, KnownBlock } from '@slack/types';
import { capitalized } from '../../../domain/phrasing.ts';
import type { Menu, MenuEntry } from '../../../workflow/requests.ts';
import { clip, escapeInvisible, fallbackText } from './escape.ts';
import { header, type SlackMessage, smallPlain } from './message.ts';

/** Prefix of the action id of a menu's button, before the verb of a query. */
export const ASK = 'ask ';
/** Prefix of the action id of a button that opens the form of a change command, before its verb. */
export const OPEN = 'open ';
/** The action id of a button that runs a command as if the person had typed it. */
export const RUN = 'run';

// https://docs.slack.dev/reference/block-kit/blocks/actions-block and button-element
const MAX_BUTTONS = 25;
const MAX_LABEL_CHARS = 75;
const MAX_VALUE_CHARS = 2_000;

/** Opens the form of one change command. */
export function formButton(verb: string): ActionsBlock {
  const text = { type: 'plain_text', text: 'Fill in a form…', emoji: false } as const;
  return {
    type: 'actions',
    block_id: 'form',
    elements: [{ type: 'button', action_id: `${OPEN}${verb}`, text }],
  };
}

/** A row with one such button; empty if the command is too long for it. */
export function runButton(label: string, text: string, style?: 'primary'): readonly KnownBlock[] {
  const value = JSON.stringify({ text });
  if (value.length > MAX_VALUE_CHARS) return [];
  const button: Button = {
    type: 'button',
    action_id: RUN,
    text: { type: 'plain_text', text: clip(escapeInvisible(label), MAX_LABEL_CHARS), emoji: false },
    value,
    ...(style === undefined ? {} : { style }),
  };
  return [{ type: 'actions', block_id: RUN, elements: [button] }];
}

/** The commands that somebody may start by a button, each with a summary; queries without it to save space. */
export function menuBlocks(
  { changes, queries }: Menu,
  detail: 'whole' | 'short' = 'whole',
): readonly KnownBlock[] {
  const forms = group('open', changes, 'whole', ({ verb }) => ({
    type: 'button',
    action_id: `${OPEN}${verb}`,
    text: { type: 'plain_text', text: `${labelOf(verb)}…`, emoji: false },
  }));
  const asked = group('ask', queries, detail, ({ verb }) => ({
    type: 'button',
    action_id: `${ASK}${verb}`,
    text: { type: 'plain_text', text: labelOf(verb), emoji: false },
    value: JSON.stringify({ text: verb }),
  }));
  return [...forms, ...asked];
}

/** The reply to `/bgp` alone: the menu, and how to reach the other commands. */
export function menuMessage(menu: Menu): SlackMessage {
  const more =
    'Type help for all commands, help VERB for one with examples, whoami for what you may and may not do.';
  return {
    text: fallbackText(['What would you like to do?', more], 400),
    blocks: [header('What would you like to do?'), ...menuBlocks(menu, 'short'), smallPlain(more)],
  };
}

function group(
  name: string,
  entries: readonly MenuEntry[],
  detail: 'whole' | 'short',
  buttonOf: (entry: MenuEntry) => Button,
): readonly KnownBlock[] {
  const shown = entries.slice(0, MAX_BUTTONS);
  if (shown.length === 0) return [];
  const row: ActionsBlock = { type: 'actions', block_id: `menu ${name}`, elements: shown.map(buttonOf) };
  if (detail === 'short') return [row];
  const meanings = shown.map(({ verb, summary }) => `${verb}: ${summary}`).join('\n');
  return [row, smallPlain(meanings)];
}

function labelOf(verb: string): string {
  return clip(escapeInvisible(capitalized(verb)), MAX_LABEL_CHARS - '…'.length);
}
